package cardsecure.wallet;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The keys that Google signs with, as it publishes them. Those for tests and those for payments are two files,
/// and whoever reads them keeps them apart: a test key would let anybody make payments up.
public final class GooglePayRootKeys {
    private static final int KEYS_MAX = 32;

    /// How each of its keys begins, a SubjectPublicKeyInfo of P-256 in Base64.
    private static final String P256_INFO = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE";

    /// What Google publishes for tests,
    /// `https://payments.developers.google.com/paymentmethodtoken/test/keys.json`.
    private static final Set<ECPublicKey> PUBLISHED_FOR_TESTS = Stream.of(
                    "IsFro6K+IUxRr4yFTOTO+kFCCEvHo7B9IOMLxah6c977oFzX/beObH4a9OfosMHmft3JJZ6B3xpjIb8kduK4/A==",
                    "GnJ7Yo1sX9b4kr4Aa5uq58JRQfzD8bIJXw7WXaap/hVE+PnFxvjx4nVxt79SdRuUVeu++HZD0cGAv4IOznc96w==")
            .map(rest -> P256.publicKeyOfInfo(
                            Texts.base64(P256_INFO + rest, "a key").reveal())
                    .orElseThrow())
            .collect(Collectors.toUnmodifiableSet());

    /// A key.
    ///
    /// @param key of P-256
    /// @param expires from then on it signs nothing; none: ECv1 may have none
    record RootKey(GooglePayToken.Version version, ECPublicKey key, Optional<Instant> expires) {
        boolean isValid(GooglePayToken.Version wanted, Instant now) {
            return version == wanted && expires.map(now::isBefore).orElse(version == GooglePayToken.Version.EC_V1);
        }
    }

    private final List<RootKey> keys;

    private GooglePayRootKeys(List<RootKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /// Reads Google's file: `{"keys": [{"keyValue", "protocolVersion", "keyExpiration"}, …]}`. Keys of versions
    /// that are unknown are left out.
    ///
    /// @param json UTF-8
    /// @throws Refusal `0044` if it is no such file
    public static GooglePayRootKeys parse(byte[] json) {
        List<RootKey> keys = new ArrayList<>();
        try {
            List<JsonObject> listed =
                    JsonObject.parse(SecretBytes.copyOf(json), WalletStep.JSON).objects("keys");
            if (listed.isEmpty() || listed.size() > KEYS_MAX) {
                throw bad("it lists " + listed.size() + " keys");
            }
            for (JsonObject each : listed) {
                key(each).ifPresent(keys::add);
            }
        } catch (Refusal e) {
            throw e.code() == ErrorCode.CONFIG_ITEM_BAD ? e : bad(e.reason());
        }
        if (keys.isEmpty()) {
            throw bad("none of its keys is of a version that is known");
        }
        return new GooglePayRootKeys(keys);
    }

    private static Optional<RootKey> key(JsonObject json) {
        Optional<GooglePayToken.Version> version = GooglePayToken.Version.of(
                json.text("protocolVersion").orElseThrow(() -> bad("a key without protocolVersion")));
        if (version.isEmpty()) {
            return Optional.empty();
        }
        String value = json.text("keyValue").orElseThrow(() -> bad("a key without keyValue"));
        ECPublicKey key = P256.publicKeyOfInfo(Texts.base64(value, "keyValue").reveal())
                .orElseThrow(() -> bad("a key that is none of P-256"));
        Optional<Instant> expires = json.integer("keyExpiration").map(Instant::ofEpochMilli);
        if (expires.isEmpty() && version.get() != GooglePayToken.Version.EC_V1) {
            throw bad("a key of " + version.get().label() + " without keyExpiration");
        }
        return Optional.of(new RootKey(version.get(), key, expires));
    }

    private static Refusal bad(String why) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, "Google's root keys cannot be read: " + why);
    }

    /// Whether payments of today's version can be verified.
    public boolean verifiesPayments(Instant now) {
        return !valid(GooglePayToken.Version.EC_V2, now).isEmpty();
    }

    /// A key that must not be among those for payments, because anybody with a test account can have something
    /// signed by it; for people. None if all is well.
    ///
    /// @param tests the keys for tests that are in use
    public Optional<String> testKey(Optional<GooglePayRootKeys> tests) {
        Set<ECPublicKey> forTests = new HashSet<>(PUBLISHED_FOR_TESTS);
        tests.ifPresent(other -> other.keys.forEach(key -> forTests.add(key.key())));
        return keys.stream()
                .filter(key -> forTests.contains(key.key()))
                .findFirst()
                .map(key -> key.version().label() + " " + GoogleSignatures.nameOf(key.key()));
    }

    /// The keys of a version that have not expired.
    List<ECPublicKey> valid(GooglePayToken.Version version, Instant now) {
        return keys.stream()
                .filter(key -> key.isValid(version, now))
                .map(RootKey::key)
                .toList();
    }

    /// When the first of the keys expires that verify cards: until then a newer file is needed.
    public Optional<Instant> firstExpiry() {
        return keys.stream()
                .filter(key -> key.version() != GooglePayToken.Version.EC_V2_SIGNING_ONLY)
                .flatMap(key -> key.expires().stream())
                .min(Comparator.naturalOrder());
    }

    /// The keys for the log: version, the start of the SHA-256, when it expires.
    String names() {
        return keys.isEmpty()
                ? "none"
                : keys.stream()
                        .map(key -> key.version().label() + " " + GoogleSignatures.nameOf(key.key())
                                + key.expires()
                                        .map(expires -> " until " + expires)
                                        .orElse(""))
                        .collect(Collectors.joining(", "));
    }

    /// How many there are.
    public int size() {
        return keys.size();
    }
}
