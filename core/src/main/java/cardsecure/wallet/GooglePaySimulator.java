package cardsecure.wallet;

import cardsecure.card.Pan;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;

/// Stands in for Google while something is developed: makes tokens under root keys of its own, which only who
/// trusts those keys takes for real ones. Safe for threads.
public final class GooglePaySimulator {
    private static final Duration VALIDITY = Duration.ofDays(3650);

    private final SecureRandom random;
    private final WalletKeyPair root;
    private final WalletKeyPair intermediate;
    private final Instant expires;

    /// Makes a root key and an intermediate key, both new.
    ///
    /// @param now they are valid for ten years
    public GooglePaySimulator(SecureRandom random, Instant now) {
        this.random = random;
        this.root = WalletKeyPair.generate(WalletKeyPair.Algorithm.EC_P256, random);
        this.intermediate = WalletKeyPair.generate(WalletKeyPair.Algorithm.EC_P256, random);
        this.expires = now.plus(VALIDITY);
    }

    /// The root keys as Google publishes its own: for [GooglePayRootKeys#parse].
    public SecretBytes rootKeys() {
        // Both versions have the same key: what is signed names the version.
        String key = "{\"keyValue\":\"" + info(root) + "\",\"keyExpiration\":\"" + expires.toEpochMilli()
                + "\",\"protocolVersion\":\"";
        return Texts.utf8("{\"keys\":[" + key + "ECv1\"}," + key + "ECv2\"}]}");
    }

    private static String info(WalletKeyPair key) {
        return Texts.encoded(SecretBytes.owning(key.publicKey().getEncoded()));
    }

    /// A message as Google encrypts it.
    ///
    /// @param id names the payment; no two messages have the same
    /// @param device whether it is a device's number, with a cryptogram
    public SecretBytes message(
            Pan pan, YearMonth expiry, boolean device, String id, Instant messageExpires, Optional<String> merchant) {
        byte[] cryptogram = new byte[20];
        random.nextBytes(cryptogram);
        JsonText text = new JsonText();
        text.start();
        merchant.ifPresent(value -> text.put("gatewayMerchantId", value));
        text.put("messageExpiration", Long.toString(messageExpires.toEpochMilli()));
        text.put("messageId", id);
        text.put("paymentMethod", "CARD");
        text.start("paymentMethodDetails");
        text.put("pan", pan.normalised());
        text.put("expirationMonth", expiry.getMonthValue());
        text.put("expirationYear", expiry.getYear());
        text.put("authMethod", device ? "CRYPTOGRAM_3DS" : "PAN_ONLY");
        if (device) {
            text.put("cryptogram", Texts.encoded(SecretBytes.owning(cryptogram)));
            text.put("eciIndicator", "07");
        }
        text.end();
        text.end();
        return text.finish();
    }

    /// A token, JSON in UTF-8.
    ///
    /// @param recipient the recipient's id
    /// @param key the recipient's
    /// @param message what is encrypted, UTF-8
    public SecretBytes token(GooglePayToken.Version version, String recipient, WalletKeyPair key, SecretBytes message) {
        return token(version, recipient, (ECPublicKey) key.publicKey(), message);
    }

    /// The same for somebody of whom only the public key is known.
    ///
    /// @param key the recipient's, of P-256
    public SecretBytes token(GooglePayToken.Version version, String recipient, ECPublicKey key, SecretBytes message) {
        return switch (version) {
            case EC_V1 -> signed(version, recipient, encrypted(version, key, message), root, Optional.empty());
            case EC_V2 ->
                signed(
                        version,
                        recipient,
                        encrypted(version, key, message),
                        intermediate,
                        Optional.of(intermediate(version, expires)));
            case EC_V2_SIGNING_ONLY ->
                signed(
                        version,
                        recipient,
                        Texts.text(message),
                        intermediate,
                        Optional.of(intermediate(version, expires)));
        };
    }

    /// The signed message: what is encrypted, and how.
    String encrypted(GooglePayToken.Version version, WalletKeyPair key, SecretBytes message) {
        return encrypted(version, (ECPublicKey) key.publicKey(), message);
    }

    private String encrypted(GooglePayToken.Version version, ECPublicKey key, SecretBytes message) {
        WalletKeyPair ephemeral = WalletKeyPair.generate(WalletKeyPair.Algorithm.EC_P256, random);
        byte[] point = P256.point((ECPublicKey) ephemeral.publicKey());
        int length = GoogleCipher.keyLength(version);
        byte[] derived = GoogleCipher.derive(ephemeral, key, point, length);
        byte[] encrypted = GoogleCipher.crypt(derived, length, message.reveal());
        JsonText text = new JsonText();
        text.start();
        text.put("encryptedMessage", Texts.encoded(SecretBytes.copyOf(encrypted)));
        text.put("ephemeralPublicKey", Texts.encoded(SecretBytes.owning(point)));
        text.put("tag", Texts.encoded(SecretBytes.owning(GoogleCipher.mac(derived, length, encrypted))));
        text.end();
        return Texts.text(text.finish());
    }

    /// The intermediate key, signed by the root key.
    GooglePayToken.Intermediate intermediate(GooglePayToken.Version version, Instant keyExpires) {
        JsonText text = new JsonText();
        text.start();
        text.put("keyValue", info(intermediate));
        text.put("keyExpiration", Long.toString(keyExpires.toEpochMilli()));
        text.end();
        String key = Texts.text(text.finish());
        return new GooglePayToken.Intermediate(
                key, List.of(sign(root, GoogleSignatures.lengthsAndValues("Google", version.label(), key))));
    }

    /// A token of a signed message.
    SecretBytes signed(
            GooglePayToken.Version version,
            String recipient,
            String message,
            WalletKeyPair signer,
            Optional<GooglePayToken.Intermediate> intermediateKey) {
        SecretBytes signature =
                sign(signer, GoogleSignatures.lengthsAndValues("Google", recipient, version.label(), message));
        JsonText text = new JsonText();
        text.start();
        text.put("protocolVersion", version.label());
        text.put("signature", Texts.encoded(signature));
        intermediateKey.ifPresent(key -> {
            text.start("intermediateSigningKey");
            text.put("signedKey", key.signedKey());
            text.putAll(
                    "signatures", key.signatures().stream().map(Texts::encoded).toList());
            text.end();
        });
        text.put("signedMessage", message);
        text.end();
        return text.finish();
    }

    /// The key that signs messages of ECv1.
    WalletKeyPair root() {
        return root;
    }

    /// The key that signs messages of ECv2.
    WalletKeyPair intermediate() {
        return intermediate;
    }

    static SecretBytes sign(WalletKeyPair key, byte[] message) {
        try {
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(key.privateKey());
            signer.update(message);
            return SecretBytes.owning(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "signatures cannot be made", e);
        }
    }
}
