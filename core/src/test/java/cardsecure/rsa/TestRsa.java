package cardsecure.rsa;

import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/// Keys made once a run, and ciphertexts as callers make them, by the JDK's own paddings.
public final class TestRsa {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final OAEPParameterSpec OAEP =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

    /// A key for PKCS #1 v1.5.
    public static final RsaKey PKCS1 = RsaKey.generate(2048, RsaPadding.PKCS1, Instant.EPOCH, RANDOM);
    /// Another one.
    public static final RsaKey PKCS1_OTHER = RsaKey.generate(2048, RsaPadding.PKCS1, Instant.EPOCH, RANDOM);
    /// A longer one.
    public static final RsaKey PKCS1_LONG = RsaKey.generate(3072, RsaPadding.PKCS1, Instant.EPOCH, RANDOM);
    /// A key for OAEP.
    public static final RsaKey OAEP_KEY = RsaKey.generate(2048, RsaPadding.OAEP_SHA256, Instant.EPOCH, RANDOM);

    private TestRsa() {}

    /// What a caller sends of a text, in Base64.
    public static String encrypted(RsaKey key, String text) {
        return Base64.getEncoder().encodeToString(encrypt(key, text.getBytes(StandardCharsets.UTF_8)));
    }

    /// What a caller sends.
    public static byte[] encrypt(RsaKey key, byte[] message) {
        return encrypt(key, key.padding(), message);
    }

    /// What a caller sends who has the key right and the padding as given.
    public static byte[] encrypt(RsaKey key, RsaPadding padding, byte[] message) {
        try {
            Cipher cipher =
                    Cipher.getInstance(padding == RsaPadding.PKCS1 ? "RSA/ECB/PKCS1Padding" : "RSA/ECB/OAEPPadding");
            if (padding == RsaPadding.PKCS1) {
                cipher.init(Cipher.ENCRYPT_MODE, key.publicKey());
            } else {
                cipher.init(Cipher.ENCRYPT_MODE, key.publicKey(), OAEP);
            }
            return cipher.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// The ciphertext of an encoded message of the tester's own making, as long as the modulus.
    public static byte[] encryptRaw(RsaKey key, byte[] encoded) {
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, key.publicKey());
            return cipher.doFinal(encoded);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// `0 | 2 | padding | 0 | message`, with the padding all ones.
    public static byte[] encoded(RsaKey key, String message) {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        byte[] encoded = new byte[key.length()];
        Arrays.fill(encoded, (byte) 1);
        encoded[0] = 0;
        encoded[1] = 2;
        encoded[encoded.length - text.length - 1] = 0;
        System.arraycopy(text, 0, encoded, encoded.length - text.length, text.length);
        return encoded;
    }

    /// A key pair that no site has.
    static KeyPair strange(int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits, RANDOM);
        return generator.generateKeyPair();
    }

    /// The modulus as a ciphertext's bytes.
    public static byte[] modulus(RsaKey key) {
        byte[] modulus = ((RSAPublicKey) key.publicKey()).getModulus().toByteArray();
        return Arrays.copyOfRange(modulus, modulus.length - key.length(), modulus.length);
    }

    static String text(SecretBytes message) {
        return new String(message.reveal(), StandardCharsets.UTF_8);
    }
}
