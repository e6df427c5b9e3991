package cardsecure.wallet;

import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A wallet's payload as a caller sends it: `data` and what comes with it, not judged yet. Empty values but
/// `data` count as absent.
///
/// @param data Apple's encrypted data in Base64, or the token of either wallet as JSON
/// @param ectype which wallet
/// @param eckey Apple's ephemeralPublicKey, or the wrappedKey for an RSA key
/// @param ecsig Apple's signature
/// @param ectid Apple's transactionId
/// @param echash Apple's applicationData
/// @param ecpublickeyhash Apple's publicKeyHash
public record WalletParameters(
        SecretBytes data,
        Optional<String> ectype,
        Optional<String> eckey,
        Optional<String> ecsig,
        Optional<String> ectid,
        Optional<String> echash,
        Optional<String> ecpublickeyhash) {
    /// Bytes that no payload needs more of.
    public static final int LENGTH_MAX = 32_768;

    private static final List<String> NAMES = List.of("ectype", "eckey", "ecsig", "ectid", "echash", "ecpublickeyhash");
    private static final byte SEPARATOR = '&';

    /// Takes the parts.
    public WalletParameters {
        ectype = filled(ectype);
        eckey = filled(eckey);
        ecsig = filled(ecsig);
        ectid = filled(ectid);
        echash = filled(echash);
        ecpublickeyhash = filled(ecpublickeyhash);
    }

    private static Optional<String> filled(Optional<String> value) {
        return value.filter(text -> !text.isEmpty());
    }

    /// `data` alone.
    public static WalletParameters ofData(SecretBytes data) {
        return of(data, Map.of());
    }

    private static WalletParameters of(SecretBytes data, Map<String, String> named) {
        return new WalletParameters(
                data,
                Optional.ofNullable(named.get("ectype")),
                Optional.ofNullable(named.get("eckey")),
                Optional.ofNullable(named.get("ecsig")),
                Optional.ofNullable(named.get("ectid")),
                Optional.ofNullable(named.get("echash")),
                Optional.ofNullable(named.get("ecpublickeyhash")));
    }

    /// Reads `data&ectype=…&eckey=…`, the form of a socket's data and of the JSON API's `devicedata`: not
    /// URL-encoded, so that `+`, `/` and `=` stand for themselves. `data` comes first, the others in any order;
    /// of one that comes twice the first counts, unknown ones are ignored.
    ///
    /// @throws cardsecure.error.Refusal `0013` for more than [#LENGTH_MAX] bytes
    public static WalletParameters parse(SecretBytes text) {
        if (text.length() > LENGTH_MAX) {
            throw WalletStep.SIZE.refusal("a payload has at most " + LENGTH_MAX + " bytes, not " + text.length());
        }
        byte[] bytes = text.reveal();
        int end = endOfData(bytes);
        Map<String, String> named = new HashMap<>();
        int start = end + 1;
        while (start < bytes.length) {
            int next = indexOf(bytes, SEPARATOR, start);
            String pair = new String(bytes, start, next - start, StandardCharsets.UTF_8);
            int equals = pair.indexOf('=');
            if (equals > 0 && NAMES.contains(pair.substring(0, equals))) {
                named.putIfAbsent(pair.substring(0, equals), pair.substring(equals + 1));
            }
            start = next + 1;
        }
        return of(SecretBytes.copyOf(bytes, 0, end), named);
    }

    /// Where the first known name begins: a JSON text may have a `&` of its own.
    private static int endOfData(byte[] bytes) {
        for (int at = indexOf(bytes, SEPARATOR, 0); at < bytes.length; at = indexOf(bytes, SEPARATOR, at + 1)) {
            int from = at + 1;
            if (NAMES.stream().anyMatch(name -> isAt(bytes, from, name + "="))) {
                return at;
            }
        }
        return bytes.length;
    }

    private static boolean isAt(byte[] bytes, int from, String text) {
        if (bytes.length - from < text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[from + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int indexOf(byte[] bytes, byte wanted, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return bytes.length;
    }

    /// Which wallet's payload this is; none if it is no wallet's. Without `ectype` a JSON object is a token of
    /// Google's.
    ///
    /// @throws cardsecure.error.Refusal `0075` for an `ectype` that is unknown
    public Optional<WalletKind> wallet() {
        if (ectype.isPresent()) {
            return Optional.of(WalletKind.of(ectype.get())
                    .orElseThrow(() -> WalletStep.KIND.refusal("ectype is neither apple nor google")));
        }
        return isJson() ? Optional.of(WalletKind.GOOGLE) : Optional.empty();
    }

    /// Whether `data` begins as a JSON object.
    boolean isJson() {
        for (byte character : data.reveal()) {
            if (character != ' ' && character != '\t' && character != '\r' && character != '\n') {
                return character == '{';
            }
        }
        return false;
    }

    /// Says which there are, not what they hold.
    @Override
    public String toString() {
        return "WalletParameters[data=" + data.length() + " bytes, ectype=" + ectype.isPresent() + ", eckey="
                + eckey.isPresent() + ", ecsig=" + ecsig.isPresent() + ", ectid=" + ectid.isPresent() + ", echash="
                + echash.isPresent() + ", ecpublickeyhash=" + ecpublickeyhash.isPresent() + "]";
    }
}
