package cardsecure.wallet;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Google's signatures, all of it public: no key of a site is used here. What is signed is each part behind its
/// length, four bytes, the lowest first.
final class GoogleSignatures {
    private static final String SENDER = "Google";

    private GoogleSignatures() {}

    /// Verifies a token: by a root key, or by an intermediate one that a root key has signed.
    static void verify(GooglePayToken token, String recipient, List<ECPublicKey> roots, Instant now) {
        List<ECPublicKey> signers = token.intermediate()
                .map(key -> List.of(intermediate(key, token.version(), roots, now)))
                .orElse(roots);
        byte[] signed = lengthsAndValues(SENDER, recipient, token.version().label(), token.signedMessage());
        if (!verifies(signers, signed, List.of(token.signature()))) {
            throw WalletStep.GOOGLE_SIGNATURE.refusal("no signature of "
                    + (token.intermediate().isPresent() ? "the intermediate key " : "the root keys ")
                    + namesOf(signers) + ", for the recipient " + recipient);
        }
    }

    private static ECPublicKey intermediate(
            GooglePayToken.Intermediate key, GooglePayToken.Version version, List<ECPublicKey> roots, Instant now) {
        if (!verifies(roots, lengthsAndValues(SENDER, version.label(), key.signedKey()), key.signatures())) {
            throw WalletStep.GOOGLE_INTERMEDIATE_SIGNATURE.refusal(
                    "no root key signed the intermediate key " + nameOf(key) + "; there are " + namesOf(roots));
        }
        JsonObject json = read(key);
        Optional<Instant> expires = json.integer("keyExpiration").map(Instant::ofEpochMilli);
        if (!expires.map(now::isBefore).orElse(false)) {
            throw WalletStep.GOOGLE_INTERMEDIATE_KEY.refusal("the intermediate key " + nameOf(key) + " expired "
                    + expires.map(Instant::toString).orElse("without saying when"));
        }
        return json.text("keyValue")
                .flatMap(GoogleSignatures::publicKey)
                .orElseThrow(() -> WalletStep.GOOGLE_INTERMEDIATE_KEY.refusal(
                        "the intermediate key " + nameOf(key) + " is none of P-256"));
    }

    private static Optional<ECPublicKey> publicKey(String text) {
        try {
            return P256.publicKeyOfInfo(Texts.base64(text, "keyValue").reveal());
        } catch (Refusal _) {
            return Optional.empty();
        }
    }

    private static boolean verifies(List<ECPublicKey> keys, byte[] signed, List<SecretBytes> signatures) {
        return keys.stream()
                .anyMatch(key ->
                        signatures.stream().anyMatch(signature -> P256.verifies(key, signed, signature.reveal())));
    }

    static byte[] lengthsAndValues(String... values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String value : values) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(utf8.length)
                    .array());
            bytes.writeBytes(utf8);
        }
        return bytes.toByteArray();
    }

    private static JsonObject read(GooglePayToken.Intermediate key) {
        try {
            return JsonObject.parse(Texts.utf8(key.signedKey()), WalletStep.GOOGLE_INTERMEDIATE_KEY);
        } catch (Refusal e) {
            throw new Refusal(e.code(), e.reason() + "; the intermediate key is " + nameOf(key));
        }
    }

    static String nameOf(ECPublicKey key) {
        return Texts.shortened(Texts.sha256(key.getEncoded()));
    }

    private static String namesOf(List<ECPublicKey> keys) {
        return keys.stream().map(GoogleSignatures::nameOf).collect(Collectors.joining(", "));
    }

    /// Whatever it is: the key's own hash where there is one, else that of what stands in its place.
    private static String nameOf(GooglePayToken.Intermediate key) {
        try {
            return JsonObject.parse(Texts.utf8(key.signedKey()), WalletStep.GOOGLE_INTERMEDIATE_KEY)
                    .text("keyValue")
                    .flatMap(GoogleSignatures::publicKey)
                    .map(GoogleSignatures::nameOf)
                    .orElseGet(() -> nameOf(key.signedKey()));
        } catch (Refusal _) {
            return nameOf(key.signedKey());
        }
    }

    private static String nameOf(String text) {
        return "(none of P-256, SHA-256 of its text "
                + Texts.shortened(Texts.sha256(Texts.utf8(text).reveal())) + ")";
    }
}
