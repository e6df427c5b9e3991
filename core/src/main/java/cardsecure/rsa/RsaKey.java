package cardsecure.rsa;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;

/// A key pair of a site, and what can be said of it. Its private half does not leave this package, and nothing is
/// done with it but to decrypt what callers send.
public final class RsaKey {
    /// The lengths of modulus that keys are made with.
    public static final List<Integer> BITS = List.of(2048, 3072, 4096);

    private static final String ALGORITHM = "RSA";

    private final int number;
    private final RsaPadding padding;
    private final Instant created;
    private final RSAPrivateCrtKey privateKey;
    private final PublicKey publicKey;

    private RsaKey(int number, RsaPadding padding, Instant created, RSAPrivateCrtKey privateKey, PublicKey publicKey) {
        this.number = number;
        this.padding = padding;
        this.created = created;
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    /// A key pair without a number yet. It takes up to a second, with 4096 bits several.
    ///
    /// @throws IllegalArgumentException for a length that is not one of [#BITS]
    public static RsaKey generate(int bits, RsaPadding padding, Instant created, SecureRandom random) {
        if (!BITS.contains(bits)) {
            throw new IllegalArgumentException("an RSA key has 2048, 3072 or 4096 bits");
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
            generator.initialize(bits, random);
            RsaKey key = of(
                    0,
                    padding,
                    created,
                    generator.generateKeyPair().getPrivate().getEncoded());
            key.prove();
            return key;
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "RSA keys cannot be made", e);
        }
    }

    /// A key whose halves do not belong together is found out before anybody encrypts for it.
    private void prove() throws GeneralSecurityException {
        byte[] proof = "a message for the new key".getBytes(StandardCharsets.US_ASCII);
        SecretBytes back = RsaDecryptor.of(this).decrypt(encrypt(proof)).message();
        if (!back.equals(SecretBytes.owning(proof))) {
            throw new GeneralSecurityException("a new RSA key does not decrypt what it encrypts");
        }
    }

    /// What a caller would send for a message.
    private byte[] encrypt(byte[] message) throws GeneralSecurityException {
        Cipher cipher = switch (padding) {
            case PKCS1 -> Cipher.getInstance("RSA/ECB/PKCS1Padding");
            case OAEP_SHA256 -> Cipher.getInstance("RSA/ECB/OAEPPadding");
        };
        switch (padding) {
            case PKCS1 -> cipher.init(Cipher.ENCRYPT_MODE, publicKey);
            case OAEP_SHA256 -> cipher.init(Cipher.ENCRYPT_MODE, publicKey, OaepDecryptor.PARAMETERS);
        }
        return cipher.doFinal(message);
    }

    /// The key pair of a private key's bytes.
    ///
    /// @param pkcs8 PKCS #8, with the primes
    /// @throws IllegalArgumentException for bytes that are no such key
    static RsaKey of(int number, RsaPadding padding, Instant created, byte[] pkcs8) {
        try {
            KeyFactory factory = KeyFactory.getInstance(ALGORITHM);
            if (factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)) instanceof RSAPrivateCrtKey key) {
                PublicKey publicKey =
                        factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
                return new RsaKey(number, padding, created, key, publicKey);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("these bytes are no RSA private key", e);
        }
        throw new IllegalArgumentException("an RSA private key without its primes");
    }

    RsaKey numbered(int newNumber) {
        return new RsaKey(newNumber, padding, created, privateKey, publicKey);
    }

    /// Counted from 1 in each site, and never given again; 0 before the key is a site's.
    public int number() {
        return number;
    }

    /// The padding that it takes, and no other.
    public RsaPadding padding() {
        return padding;
    }

    /// When it was made.
    public Instant created() {
        return created;
    }

    RSAPrivateCrtKey privateKey() {
        return privateKey;
    }

    /// The public half.
    public PublicKey publicKey() {
        return publicKey;
    }

    /// The length of the modulus.
    public int bits() {
        return privateKey.getModulus().bitLength();
    }

    /// The length of a ciphertext, in bytes.
    int length() {
        return (bits() + Byte.SIZE - 1) / Byte.SIZE;
    }

    /// The public half, X.509 SubjectPublicKeyInfo, Base64 without armour.
    public String publicKeyText() {
        return Base64.getEncoder().encodeToString(publicKey.getEncoded());
    }

    /// The SHA-256 of the SubjectPublicKeyInfo, in hex, by which people can see that they have the right one.
    public String sha256() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(publicKey.getEncoded());
            return HexFormat.of().formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "SHA-256 is not to be had", e);
        }
    }

    @Override
    public String toString() {
        return "RsaKey[" + number + ", " + bits() + " bits, " + padding.label() + "]";
    }
}
