package cardsecure.rfc;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
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

    private static final Pattern CARD_NUMBER = Pattern.compile("[0-9]{12}");

    private FrameDump() {}

    /// One message, either way.
    ///
    /// @param message what a frame has after its length
    public static String of(byte[] message) {
        if (isGatewayRecord(message)) {
            return HEX.formatHex(message);
        }
        if (message.length < AppcHeader.LENGTH
                || message[0] != AppcHeader.VERSION
                || AppcFunction.of(message[1] & 0xff).isEmpty()) {
            // Whoever takes this for another port may send anything.
            return "? +" + message.length;
        }
        String header = HEX.formatHex(message, 0, AppcHeader.LENGTH);
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
