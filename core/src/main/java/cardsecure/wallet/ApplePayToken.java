package cardsecure.wallet;

import cardsecure.secret.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Apple Pay's payment token (Apple, "Payment token format reference"), decoded, not verified.
///
/// @param version how it is encrypted
/// @param data the encrypted payload, its tag at the end
/// @param signature CMS, detached
/// @param key the ephemeral public key (SubjectPublicKeyInfo), or the wrapped key for RSA
/// @param transactionId 32 bytes
/// @param applicationData SHA-256 of what the merchant's app added, if it did
/// @param publicKeyHash SHA-256 of the merchant's public key, if the caller names it
public record ApplePayToken(
        Version version,
        SecretBytes data,
        SecretBytes signature,
        SecretBytes key,
        SecretBytes transactionId,
        Optional<SecretBytes> applicationData,
        Optional<SecretBytes> publicKeyHash) {

    /// A wrapped key is at least as long as a modulus of 2048 bits; a key of P-256 has 91 bytes.
    private static final int WRAPPED_LENGTH_MIN = 256;

    /// Checks the lengths. What is signed is these parts one after the other, without their lengths: were
    /// another length taken, one signature would be right for two transactions.
    ///
    /// @throws IllegalArgumentException for a transactionId or a hash of another length than 32 bytes
    public ApplePayToken {
        requireHash(transactionId);
        applicationData.ifPresent(ApplePayToken::requireHash);
        publicKeyHash.ifPresent(ApplePayToken::requireHash);
    }

    private static void requireHash(SecretBytes bytes) {
        if (bytes.length() != Texts.HASH_LENGTH) {
            throw new IllegalArgumentException("a part of a token has another length than 32 bytes");
        }
    }

    /// How a token is encrypted.
    public enum Version {
        EC_V1("EC_v1"),
        RSA_V1("RSA_v1");

        private final String label;

        Version(String label) {
            this.label = label;
        }

        /// As Apple writes it.
        public String label() {
            return label;
        }

        private static Version of(String label) {
            for (Version each : values()) {
                if (each.label.equals(label)) {
                    return each;
                }
            }
            throw WalletStep.VERSION.refusal("the version is neither EC_v1 nor RSA_v1");
        }
    }

    /// Reads a token from what a caller sends: the parameters, or in `data` Apple's JSON, with or without
    /// `paymentData` around it. Without a version, the length of the key tells.
    ///
    /// @throws cardsecure.error.Refusal `0074` if something is missing, `0019`, `0077`, `0075`; `0024` if
    ///         `echash` is not what stands in the JSON
    public static ApplePayToken of(WalletParameters parameters) {
        if (parameters.isJson()) {
            ApplePayToken token = ofJson(parameters.data());
            parameters.echash().map(text -> Texts.hash(text, "echash")).ifPresent(hash -> {
                if (!token.applicationData().equals(Optional.of(hash))) {
                    throw WalletStep.APPLE_APPLICATION_DATA.refusal("echash is not the token's applicationData");
                }
            });
            return token;
        }
        SecretBytes key = Texts.base64(required(parameters.eckey(), "eckey"), "eckey");
        return new ApplePayToken(
                key.length() < WRAPPED_LENGTH_MIN ? Version.EC_V1 : Version.RSA_V1,
                Texts.base64(parameters.data(), "data"),
                Texts.base64(required(parameters.ecsig(), "ecsig"), "ecsig"),
                key,
                Texts.hash(required(parameters.ectid(), "ectid"), "ectid"),
                parameters.echash().map(text -> Texts.hash(text, "echash")),
                parameters.ecpublickeyhash().map(text -> Texts.hash(text, "ecpublickeyhash")));
    }

    /// Reads Apple's JSON.
    ///
    /// @throws cardsecure.error.Refusal as [#of]
    public static ApplePayToken ofJson(SecretBytes json) {
        JsonObject outer = JsonObject.parse(json, WalletStep.JSON);
        JsonObject token = outer.object("paymentData").orElse(outer);
        Version version = Version.of(required(token.text("version"), "version"));
        JsonObject header = token.object("header").orElseThrow(() -> WalletStep.FIELD.refusal("header is missing"));
        String keyName = switch (version) {
            case EC_V1 -> "ephemeralPublicKey";
            case RSA_V1 -> "wrappedKey";
        };
        return new ApplePayToken(
                version,
                Texts.base64(required(token.text("data"), "data"), "data"),
                Texts.base64(required(token.text("signature"), "signature"), "signature"),
                Texts.base64(required(header.text(keyName), keyName), keyName),
                Texts.hash(required(header.text("transactionId"), "transactionId"), "transactionId"),
                filled(header.text("applicationData")).map(text -> Texts.hash(text, "applicationData")),
                filled(header.text("publicKeyHash")).map(text -> Texts.hash(text, "publicKeyHash")));
    }

    private static String required(Optional<String> value, String name) {
        return filled(value).orElseThrow(() -> WalletStep.FIELD.refusal(name + " is missing"));
    }

    private static Optional<String> filled(Optional<String> value) {
        return value.filter(text -> !text.isEmpty());
    }

    /// What is signed: `key | data | transactionId | applicationData`.
    byte[] signedContent() {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(key.reveal());
        content.writeBytes(data.reveal());
        content.writeBytes(transactionId.reveal());
        applicationData.ifPresent(hash -> content.writeBytes(hash.reveal()));
        return content.toByteArray();
    }

    /// The token as a caller of the socket or of the JSON API sends it.
    public String deviceData() {
        return Texts.encoded(data) + "&ectype=" + WalletKind.APPLE.label() + "&eckey=" + Texts.encoded(key) + "&ecsig="
                + Texts.encoded(signature) + "&ectid=" + Texts.hex(transactionId) + "&echash="
                + applicationData.map(Texts::hex).orElse("") + "&ecpublickeyhash="
                + publicKeyHash.map(Texts::encoded).orElse("");
    }

    /// The token as Apple hands it to an app: JSON, UTF-8.
    public String json() {
        JsonText text = new JsonText();
        text.start();
        text.put("version", version.label());
        text.put("data", Texts.encoded(data));
        text.put("signature", Texts.encoded(signature));
        text.start("header");
        text.put(version == Version.EC_V1 ? "ephemeralPublicKey" : "wrappedKey", Texts.encoded(key));
        publicKeyHash.ifPresent(hash -> text.put("publicKeyHash", Texts.encoded(hash)));
        text.put("transactionId", Texts.hex(transactionId));
        applicationData.ifPresent(hash -> text.put("applicationData", Texts.hex(hash)));
        text.end();
        text.end();
        return new String(text.finish().reveal(), StandardCharsets.UTF_8);
    }

    /// Says what kind of token it is, not what it holds.
    @Override
    public String toString() {
        return "ApplePayToken[" + version.label() + ", " + data.length() + " bytes, applicationData="
                + applicationData.isPresent() + ", publicKeyHash="
                + publicKeyHash.map(hash -> Texts.shortened(hash.reveal())).orElse("none") + "]";
    }
}
