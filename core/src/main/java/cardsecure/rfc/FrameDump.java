package cardsecure.rfc;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/// Messages as text, for support: all that is needed to see where somebody's system differs from what is known
/// here, and nothing that a caller keeps secret. Only values that are known to be harmless are shown, of others
/// the length.
public final class FrameDump {
    private static final HexFormat HEX = HexFormat.of();
    private static final Set<Integer> SHOWN = Set.of(
            Tag.RELEASE,
            Tag.CONNECTION_TYPE,
            Tag.RELEASE_OF_CALLER,
            Tag.CODE_PAGE,
            Tag.CONTEXT,
            Tag.FUNCTION,
            Tag.PROTOCOL_VERSION,
            Tag.CAPABILITIES,
            Tag.LOGON_STATUS,
            Tag.PARAMETER_NAME,
            Tag.OUTPUT_NAME,
            Tag.TABLE_NAME,
            Tag.TABLE_SIZE,
            Tag.EXCEPTION,
            Tag.MESSAGE_TEXT,
            Tag.MESSAGE_NUMBER,
            Tag.RETURN_CODE,
            Tag.DURATION);

    private FrameDump() {}

    /// One message, either way.
    ///
    /// @param message what a frame has after its length
    public static String of(byte[] message) {
        if (GatewayRecord.isOne(message)) {
            return HEX.formatHex(message);
        }
        if (message.length < AppcHeader.LENGTH || message[0] != AppcHeader.VERSION) {
            // Whoever takes this for another port may send anything.
            return "? +" + message.length;
        }
        String header = HEX.formatHex(message, 0, AppcHeader.LENGTH);
        if ((message[1] & 0xff) != AppcFunction.SAP_SEND.code()) {
            return header + " +" + (message.length - AppcHeader.LENGTH);
        }
        return header + chain(message);
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
            if (SHOWN.contains(field.tag())) {
                shown.append(HEX.formatHex(value.reveal()));
            } else if (value.length() > 0) {
                shown.append("**");
            }
            value.destroy();
        }
        return shown.append(end).toString();
    }
}
