package cardsecure.protocol;

import cardsecure.error.ErrorCode;
import cardsecure.secret.SecretBytes;
import cardsecure.vault.Call;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Form-URL-encoded bytes (`application/x-www-form-urlencoded`, WHATWG URL, section 5.1) to a call; strictly: a bad
/// escape or invalid UTF-8 in any parameter, known or not, makes the whole malformed. Free of state.
public final class FormDecoder {
    /// Parameters in a query, and as many in a body; more are malformed.
    static final int PARAMETERS_MAX = 256;

    /// A request taken apart.
    ///
    /// @param type the form in which the reply is wanted, as far as it could be made out
    public record Decoded(Call call, ReplyFormat type) {}

    private static final class MalformedException extends RuntimeException {
        MalformedException(String reason) {
            super(reason, null, false, false);
        }
    }

    private FormDecoder() {}

    /// Takes a request apart. The query comes before the body, and of a name's values the first counts.
    ///
    /// @param query without the question mark; may be empty
    /// @param body may be empty
    public static Decoded decode(byte[] query, byte[] body) {
        Map<String, SecretBytes> parameters = new HashMap<>();
        Optional<String> malformed = decodeInto(parameters, query).or(() -> decodeInto(parameters, body));
        ReplyFormat type = ReplyFormat.of(text(parameters, "type"));
        Call call = malformed
                .<Call>map(reason -> new Call.Malformed(ErrorCode.ILLEGAL_CHARACTERS, reason))
                .orElseGet(() -> new Call.Decoded(
                        text(parameters, "action"),
                        Optional.ofNullable(parameters.get("data")),
                        text(parameters, "unique").filter("true"::equals).isPresent()));
        return new Decoded(call, type);
    }

    /// The value of a parameter as text.
    private static Optional<String> text(Map<String, SecretBytes> parameters, String name) {
        return Optional.ofNullable(parameters.get(name))
                .map(value -> new String(value.reveal(), StandardCharsets.UTF_8));
    }

    /// Adds the parameters of `encoded`.
    ///
    /// @return why it is malformed, if it is; the parameters before that place are added all the same
    private static Optional<String> decodeInto(Map<String, SecretBytes> parameters, byte[] encoded) {
        try {
            int start = 0;
            int count = 0;
            while (start < encoded.length) {
                int end = indexOf(encoded, '&', start, encoded.length);
                if (end > start) {
                    count++;
                    if (count > PARAMETERS_MAX) {
                        return Optional.of("more than " + PARAMETERS_MAX + " parameters");
                    }
                    decodeParameter(parameters, encoded, start, end);
                }
                start = end + 1;
            }
            return Optional.empty();
        } catch (MalformedException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void decodeParameter(Map<String, SecretBytes> parameters, byte[] encoded, int start, int end) {
        int equals = indexOf(encoded, '=', start, end);
        String name = new String(unescape(encoded, start, equals), StandardCharsets.UTF_8);
        byte[] value = unescape(encoded, Math.min(equals + 1, end), end);
        parameters.putIfAbsent(name, SecretBytes.owning(value));
    }

    private static int indexOf(byte[] bytes, char wanted, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return end;
    }

    private static byte[] unescape(byte[] encoded, int start, int end) {
        byte[] plain = new byte[end - start];
        int length = 0;
        boolean ascii = true;
        for (int i = start; i < end; i++) {
            byte b = encoded[i];
            if (b == '+') {
                b = ' ';
            } else if (b == '%') {
                if (i + 2 >= end) {
                    throw new MalformedException("a percent sign without two digits after it");
                }
                b = (byte) (hexDigit(encoded[i + 1]) << 4 | hexDigit(encoded[i + 2]));
                i += 2;
            }
            ascii &= b >= 0;
            plain[length] = b;
            length++;
        }
        byte[] exact = length == plain.length ? plain : Arrays.copyOf(plain, length);
        if (!ascii) {
            requireUtf8(exact);
        }
        return exact;
    }

    private static int hexDigit(byte b) {
        int value = Character.digit(b, 16);
        if (value < 0) {
            throw new MalformedException("a percent sign without two hexadecimal digits after it");
        }
        return value;
    }

    private static void requireUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
        } catch (CharacterCodingException e) {
            throw new MalformedException("a parameter is not UTF-8");
        }
    }
}
