package cardsecure.signing;

import cardsecure.secret.SecretBytes;
import cardsecure.site.SigningForm;
import java.nio.charset.StandardCharsets;
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

    /// By a byte's value, whether it stands as it is in the encoded form.
    private static final boolean[] STANDS = standing();

    private final SigningForm form;
    private final byte[] bytes;
    private int length;

    private SigningText(SigningForm form, int whole) {
        this.form = form;
        this.bytes = new byte[whole];
    }

    /// The text of a request; whoever asked for it destroys it.
    ///
    /// @param data UTF-8
    public static SecretBytes of(SigningForm form, String action, SecretBytes data, String ref, String time) {
        byte[][] parts = {
            ACTION_IS, utf8(action), DATA_IS, data.reveal(), REF_IS, utf8(ref), TIME_IS, utf8(time),
        };
        int whole = 0;
        for (int i = 0; i < parts.length; i += 2) {
            whole += parts[i].length + lengthOf(form, parts[i + 1]);
        }
        SigningText text = new SigningText(form, whole);
        for (int i = 0; i < parts.length; i += 2) {
            text.asItIs(parts[i]);
            text.value(parts[i + 1]);
        }
        return SecretBytes.owning(text.bytes);
    }

    /// Whether a text with this reference could be that of another request too. Read from its end, time has no
    /// ampersand, so the last `&ref=` is where the reference begins, as long as it holds none itself.
    public static boolean isAmbiguous(SigningForm form, String ref) {
        return form == SigningForm.DECODED && ref.contains(REF);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean[] standing() {
        boolean[] stands = new boolean[1 << Byte.SIZE];
        for (byte b : utf8("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz*-._")) {
            stands[b] = true;
        }
        return stands;
    }

    /// How long a value becomes.
    private static int lengthOf(SigningForm form, byte[] value) {
        int escaped = 0;
        if (form == SigningForm.ENCODED) {
            for (byte b : value) {
                escaped += STANDS[b & 0xff] || b == ' ' ? 0 : 1;
            }
        }
        return value.length + 2 * escaped;
    }

    private void asItIs(byte[] part) {
        System.arraycopy(part, 0, bytes, length, part.length);
        length += part.length;
    }

    private void value(byte[] value) {
        switch (form) {
            case DECODED -> asItIs(value);
            case ENCODED -> {
                for (byte b : value) {
                    escaped(b);
                }
            }
        }
    }

    private void escaped(byte b) {
        if (STANDS[b & 0xff]) {
            bytes[length++] = b;
        } else if (b == ' ') {
            bytes[length++] = '+';
        } else {
            bytes[length++] = '%';
            bytes[length++] = (byte) HEX.toHighHexDigit(b);
            bytes[length++] = (byte) HEX.toLowHexDigit(b);
        }
    }
}
