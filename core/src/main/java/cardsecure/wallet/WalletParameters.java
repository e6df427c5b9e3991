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

    /// The names of the parameters beside `data`.
    public static final List<String> NAMES = List.of("ectype", "eckey", "ecsig", "ectid", "echash", "ecpublickeyhash");

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

    /// `data`, and the others by their names; unknown ones are ignored.
    public static WalletParameters of(SecretBytes data, Map<String, String> named) {
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
        requireSize(text.length());
        byte[] bytes = text.reveal();
        int end = endOfData(bytes, bytes.length);
        String others =
                end == bytes.length ? "" : new String(bytes, end + 1, bytes.length - end - 1, StandardCharsets.UTF_8);
        return of(SecretBytes.copyOf(bytes, 0, end), named(others));
    }

    /// The known ones of `name=value&name=value&…`, not URL-encoded, by their names; of one that comes twice
    /// the first counts.
    public static Map<String, String> named(String text) {
        Map<String, String> named = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && NAMES.contains(pair.substring(0, equals))) {
                named.putIfAbsent(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return named;
    }

    /// Where `data` end that parameters may follow: at the first `&`, but in a JSON object, which may have one
    /// of its own, at the first behind the last `}`.
    ///
    /// @param length how many of the bytes count
    /// @return `length` if nothing follows
    public static int endOfData(byte[] bytes, int length) {
        int from = 0;
        if (beginsAsJson(bytes, length)) {
            for (int i = 0; i < length; i++) {
                from = bytes[i] == '}' ? i : from;
            }
        }
        for (int i = from; i < length; i++) {
            if (bytes[i] == SEPARATOR) {
                return i;
            }
        }
        return length;
    }

    private static boolean beginsAsJson(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            byte character = bytes[i];
            if (character != ' ' && character != '\t' && character != '\r' && character != '\n') {
                return character == '{';
            }
        }
        return false;
    }

    /// Which wallet's payload this is; none if it is no wallet's. Without `ectype` a JSON object is a token of
    /// Google's.
    ///
    /// @throws cardsecure.error.Refusal `0075` for an `ectype` that is unknown, `0013` for a payload whose data
    ///         have more than [#LENGTH_MAX] bytes
    public Optional<WalletKind> wallet() {
        Optional<WalletKind> wallet = ectype.map(text -> WalletKind.of(text)
                        .orElseThrow(() -> WalletStep.KIND.refusal("ectype is neither apple nor google")))
                .or(() -> isJson() ? Optional.of(WalletKind.GOOGLE) : Optional.empty());
        if (wallet.isPresent()) {
            requireSize(data.length());
        }
        return wallet;
    }

    private static void requireSize(int length) {
        if (length > LENGTH_MAX) {
            throw WalletStep.SIZE.refusal("a payload has at most " + LENGTH_MAX + " bytes, not " + length);
        }
    }

    /// Whether `data` begins as a JSON object.
    boolean isJson() {
        return beginsAsJson(data.reveal(), data.length());
    }

    /// Says which there are, not what they hold.
    @Override
    public String toString() {
        return "WalletParameters[data=" + data.length() + " bytes, ectype=" + ectype.isPresent() + ", eckey="
                + eckey.isPresent() + ", ecsig=" + ecsig.isPresent() + ", ectid=" + ectid.isPresent() + ", echash="
                + echash.isPresent() + ", ecpublickeyhash=" + ecpublickeyhash.isPresent() + "]";
    }
}
