package cardsecure.protocol;

import cardsecure.error.ErrorCode;
import cardsecure.secret.SecretBytes;
import cardsecure.vault.Action;
import cardsecure.vault.Call;
import cardsecure.vault.Parameters;
import cardsecure.wallet.WalletParameters;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Form-URL-encoded bytes (`application/x-www-form-urlencoded`, WHATWG URL, section 5.1) to a call; strictly: a bad
/// escape or invalid UTF-8 in any parameter, known or not, makes the whole malformed. Only the data of a swipe are
/// taken as they come where they are not encoded: `%*4005` begins a masked track, and senders forget.
public final class FormDecoder {
    /// Parameters in a query, and as many in a body; more are malformed.
    static final int PARAMETERS_MAX = 256;

    private static final String DATA = "data";
    private static final byte STX = 0x02;

    /// A request taken apart.
    ///
    /// @param type the form in which the reply is wanted, as far as it could be made out
    public record Decoded(Call call, ReplyFormat type) {}

    private static final class MalformedException extends RuntimeException {
        MalformedException(String reason) {
            super(reason, null, false, false);
        }
    }

    private final Map<String, SecretBytes> parameters = new HashMap<>();
    private Optional<String> malformed = Optional.empty();
    private Optional<UnencodedData> unencoded = Optional.empty();

    /// Data that are not encoded as a form's are.
    ///
    /// @param reason what is wrong with them
    private record UnencodedData(SecretBytes data, String reason) {}

    private FormDecoder() {}

    /// Takes a request apart. The query comes before the body, and of a name's values the first counts.
    ///
    /// @param query without the question mark; may be empty
    /// @param body may be empty
    public static Decoded decode(byte[] query, byte[] body) {
        FormDecoder decoder = new FormDecoder();
        decoder.take(query);
        decoder.take(body);
        return new Decoded(decoder.call(), ReplyFormat.of(decoder.text("type")));
    }

    private Call call() {
        Optional<String> action = text("action");
        if (action.flatMap(Action::of).filter(Action::takesAnyBytes).isPresent()) {
            unencoded.ifPresent(came -> parameters.putIfAbsent(DATA, came.data()));
        } else {
            malformed = malformed.or(() -> unencoded.map(UnencodedData::reason));
        }
        if (malformed.isPresent()) {
            return new Call.Malformed(ErrorCode.ILLEGAL_CHARACTERS, malformed.get(), action);
        }
        return new Call.Decoded(
                action,
                Optional.ofNullable(parameters.get(DATA)),
                new Parameters(
                        text("unique").filter("true"::equals).isPresent(),
                        text("keyid"),
                        text("encryptionHandler"),
                        text("ref"),
                        text("time"),
                        text("sig"),
                        wallet(action)));
    }

    private Map<String, String> wallet(Optional<String> action) {
        Map<String, String> named = new HashMap<>();
        if (action.flatMap(Action::of).filter(Action::takesWallets).isPresent()) {
            WalletParameters.NAMES.forEach(name -> text(name).ifPresent(value -> named.put(name, value)));
        }
        return named;
    }

    /// The value of a parameter as text.
    private Optional<String> text(String name) {
        return Optional.ofNullable(parameters.get(name))
                .map(value -> new String(value.reveal(), StandardCharsets.UTF_8));
    }

    /// Takes the parameters of `encoded`. A malformed one is left out, and those after it are still read: one of them
    /// may say in what form the error is wanted.
    private void take(byte[] encoded) {
        int start = 0;
        int count = 0;
        while (start < encoded.length) {
            int end = indexOf(encoded, '&', start, encoded.length);
            if (end > start) {
                count++;
                if (count > PARAMETERS_MAX) {
                    malformed = malformed.or(() -> Optional.of("more than " + PARAMETERS_MAX + " parameters"));
                    return;
                }
                takeParameter(encoded, start, end);
            }
            start = end + 1;
        }
    }

    private void takeParameter(byte[] encoded, int start, int end) {
        int equals = indexOf(encoded, '=', start, end);
        int value = Math.min(equals + 1, end);
        String name = "";
        try {
            name = new String(requireUtf8(unescape(encoded, start, equals)), StandardCharsets.UTF_8);
            parameters.putIfAbsent(name, SecretBytes.owning(requireUtf8(unescape(encoded, value, end))));
        } catch (MalformedException e) {
            String reason = String.valueOf(e.getMessage());
            if (name.equals(DATA)) {
                unencoded = unencoded.or(() -> Optional.of(new UnencodedData(asTheyCame(encoded, value, end), reason)));
            } else {
                malformed = malformed.or(() -> Optional.of(reason));
            }
        }
    }

    /// A frame in binary form is no UTF-8, but its escapes are good; text that was not encoded has others.
    private static SecretBytes asTheyCame(byte[] encoded, int start, int end) {
        try {
            byte[] bytes = unescape(encoded, start, end);
            if (bytes.length > 0 && bytes[0] == STX) {
                return SecretBytes.owning(bytes);
            }
        } catch (MalformedException _) {
            // Then it is text.
        }
        return SecretBytes.copyOf(encoded, start, end - start);
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
            plain[length] = b;
            length++;
        }
        return length == plain.length ? plain : Arrays.copyOf(plain, length);
    }

    private static byte[] requireUtf8(byte[] bytes) {
        if (!Utf8.isValid(bytes)) {
            throw new MalformedException("a parameter is not UTF-8");
        }
        return bytes;
    }

    private static int hexDigit(byte b) {
        int value = Character.digit(b, 16);
        if (value < 0) {
            throw new MalformedException("a percent sign without two hexadecimal digits after it");
        }
        return value;
    }
}
