package cardsecure.rfc;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Messages as text, for support: all that is needed to see where somebody's system differs from what is known
/// here, and nothing that a caller keeps secret. Of a field only its tag and length are shown, but for names that
/// can be names in ABAP, and for a few values that are too short to hold a card number: a peer may put anything
/// anywhere.
public final class FrameDump {
    private static final HexFormat HEX = HexFormat.of();
    private static final Set<Integer> SHOWN = Set.of(
            Tag.RELEASE,
            Tag.CONNECTION_TYPE,
            Tag.RELEASE_OF_CALLER,
            Tag.CODE_PAGE,
            Tag.CONTEXT,
            Tag.PROTOCOL_VERSION,
            Tag.CAPABILITIES,
            Tag.LOGON_STATUS,
            Tag.TABLE_SIZE,
            Tag.MESSAGE_NUMBER,
            Tag.RETURN_CODE,
            Tag.DURATION);
    private static final Set<Integer> NAMES =
            Set.of(Tag.FUNCTION, Tag.PARAMETER_NAME, Tag.OUTPUT_NAME, Tag.TABLE_NAME, Tag.EXCEPTION);

    /// The longest that is shown has 11 bytes; a card number has 12 digits at least, and 16 as a rule.
    private static final int SHOWN_MAX = 11;

    private static final int CARD_NUMBER_MIN = 12;
    private static final Pattern CARD_NUMBER = Pattern.compile("[0-9]{" + CARD_NUMBER_MIN + "}");

    private FrameDump() {}

    /// One message, either way.
    ///
    /// @param message what a frame has after its length
    public static String of(byte[] message) {
        if (isGatewayRecord(message)) {
            return HEX.formatHex(withoutDigits(message, message.length));
        }
        if (message.length < AppcHeader.LENGTH
                || message[0] != AppcHeader.VERSION
                || AppcFunction.of(message[1] & 0xff).isEmpty()) {
            // Whoever takes this for another port may send anything.
            return "? +" + message.length;
        }
        String header = HEX.formatHex(withoutDigits(message, AppcHeader.LENGTH));
        if ((message[1] & 0xff) != AppcFunction.SAP_SEND.code()) {
            return header + " +" + (message.length - AppcHeader.LENGTH);
        }
        return header + chain(message);
    }

    /// A swipe begins with the same byte, so the length and that are not enough.
    private static boolean isGatewayRecord(byte[] message) {
        if (!GatewayRecord.isOne(message)) {
            return false;
        }
        try {
            GatewayRecord.decode(message);
            return true;
        } catch (Refusal _) {
            return false;
        }
    }

    /// The first bytes, with a mark in place of each digit of a card number: a header has shorter numbers only.
    private static byte[] withoutDigits(byte[] message, int length) {
        byte[] shown = Arrays.copyOf(message, length);
        for (int from = 0; from < length; from++) {
            int end = from;
            int digits = 0;
            // In UTF-16 there is a zero beside each digit.
            while (end < length && (isDigit(shown[end]) || (digits > 0 && shown[end] == 0 && shown[end - 1] != 0))) {
                digits += isDigit(shown[end]) ? 1 : 0;
                end++;
            }
            if (digits >= CARD_NUMBER_MIN) {
                Arrays.fill(shown, from, end, (byte) '*');
            }
            from = Math.max(from, end - 1);
        }
        return shown;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static String chain(byte[] message) {
        FieldChain.Reader reader = new FieldChain.Reader(message, AppcHeader.LENGTH);
        String end = "";
        try {
            reader.read();
        } catch (Refusal e) {
            end = " ! " + e.reason();
        }
        StringBuilder shown = new StringBuilder();
        List<FieldChain.Field> fields = reader.fields();
        for (FieldChain.Field field : fields) {
            SecretBytes value = field.value();
            shown.append(' ')
                    .append(FieldChain.shown(field.tag()))
                    .append('[')
                    .append(value.length())
                    .append(']');
            if (isHarmless(field.tag(), value)) {
                shown.append(HEX.formatHex(value.reveal()));
            } else if (value.length() > 0) {
                shown.append("**");
            }
            value.destroy();
        }
        return shown.append(end).toString();
    }

    private static boolean isHarmless(int tag, SecretBytes value) {
        return NAMES.contains(tag) ? isName(value.reveal()) : SHOWN.contains(tag) && value.length() <= SHOWN_MAX;
    }

    private static boolean isName(byte[] value) {
        return TextEncoding.of(value)
                .filter(encoding -> value.length <= encoding.length(FunctionInterface.NAME_MAX))
                .map(encoding -> encoding.text(value).stripTrailing())
                .filter(text -> FunctionInterface.isName(text)
                        && !CARD_NUMBER.matcher(text).find())
                .isPresent();
    }
}
