package cardsecure.signing;

import cardsecure.secret.SecretBytes;
import cardsecure.site.SigningForm;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/// The text that a request's signature is made over: `action=…&data=…&ref=…&time=…`.
///
/// In the encoded form (WHATWG URL, section 5.2: letters, digits and `*-._` stand as they are, a blank is `+`,
/// every other byte of UTF-8 is `%` and two upper-case digits) no two requests have the same text. In the
/// decoded form two could, if what belongs to the data could move into the reference: [#isAmbiguous].
public final class SigningText {
    private static final String REF = "&ref=";
    private static final byte[] ACTION_IS = utf8("action=");
    private static final byte[] DATA_IS = utf8("&data=");
    private static final byte[] REF_IS = utf8(REF);
    private static final byte[] TIME_IS = utf8("&time=");
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final SigningForm form;
    private byte[] bytes;
    private int length;

    private SigningText(SigningForm form, int expected) {
        this.form = form;
        this.bytes = new byte[expected];
    }

    /// The text of a request; whoever asked for it destroys it.
    ///
    /// @param data UTF-8
    public static SecretBytes of(SigningForm form, String action, SecretBytes data, String ref, String time) {
        SigningText text = new SigningText(form, 100 + 3 * data.length());
        text.name(ACTION_IS);
        text.value(utf8(action));
        text.name(DATA_IS);
        text.value(data.reveal());
        text.name(REF_IS);
        text.value(utf8(ref));
        text.name(TIME_IS);
        text.value(utf8(time));
        SecretBytes exact = SecretBytes.copyOf(text.bytes, 0, text.length);
        Arrays.fill(text.bytes, (byte) 0);
        return exact;
    }

    /// Whether a text with this reference could be that of another request too. Read from its end, time has no
    /// ampersand, so the last `&ref=` is where the reference begins, as long as it holds none itself.
    public static boolean isAmbiguous(SigningForm form, String ref) {
        return form == SigningForm.DECODED && ref.contains(REF);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void name(byte[] name) {
        for (byte b : name) {
            put(b);
        }
    }

    private void value(byte[] value) {
        for (byte b : value) {
            if (form == SigningForm.DECODED || standsAsItIs(b)) {
                put(b);
            } else if (b == ' ') {
                put((byte) '+');
            } else {
                put((byte) '%');
                put((byte) HEX.toHighHexDigit(b));
                put((byte) HEX.toLowHexDigit(b));
            }
        }
    }

    private static boolean standsAsItIs(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '*'
                || b == '-'
                || b == '.'
                || b == '_';
    }

    private void put(byte b) {
        if (length == bytes.length) {
            byte[] larger = Arrays.copyOf(bytes, 2 * length);
            Arrays.fill(bytes, (byte) 0);
            bytes = larger;
        }
        bytes[length] = b;
        length++;
    }
}
