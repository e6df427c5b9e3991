package cardsecure.keys;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A KEK in memory: AES-256-GCM (SP 800-38D) under 32 bytes. Layout of a wrapped key: `nonce (12) | ciphertext | tag
/// (16)`.
public final class AesKeyWrapper implements KeyWrapper {
    /// Bytes of the KEK.
    public static final int LENGTH = 32;

    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;
    private static final byte[] PURPOSE = "cardsecure kek".getBytes(StandardCharsets.US_ASCII);

    private final SecretBytes kek;
    private final RandomGenerator random;
    private final String kekId;

    /// Takes its parts.
    ///
    /// @param kek 32 bytes
    /// @param random cryptographically strong
    /// @throws IllegalArgumentException for a KEK of another length
    public AesKeyWrapper(SecretBytes kek, RandomGenerator random) {
        if (kek.length() != LENGTH) {
            throw new IllegalArgumentException("a KEK has " + LENGTH + " bytes");
        }
        this.kek = kek;
        this.random = random;
        this.kekId = identify(kek);
    }

    /// A PRF of the KEK, cut short: names it and gives nothing of it away.
    private static String identify(SecretBytes kek) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(kek.reveal(), "HmacSHA256"));
            byte[] name = mac.doFinal("cardsecure kek id".getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(name, 0, 8);
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "HMAC-SHA-256 is not to be had", e);
        }
    }

    @Override
    public String kekId() {
        return kekId;
    }

    @Override
    public byte[] wrap(SecretBytes key) {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        try {
            byte[] ciphertext = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(key.reveal());
            return ByteBuffer.allocate(NONCE_LENGTH + ciphertext.length)
                    .put(nonce)
                    .put(ciphertext)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the key could not be wrapped", e);
        }
    }

    @Override
    public SecretBytes unwrap(byte[] wrapped) {
        try {
            byte[] nonce = Arrays.copyOf(wrapped, NONCE_LENGTH);
            int rest = Math.max(wrapped.length - NONCE_LENGTH, 0);
            return SecretBytes.owning(cipher(Cipher.DECRYPT_MODE, nonce).doFinal(wrapped, wrapped.length - rest, rest));
        } catch (GeneralSecurityException e) {
            throw new Refusal(
                    ErrorCode.KEYSTORE_NOT_INITIALIZED, "the key does not unwrap: wrong KEK, or damaged keystore", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(kek.reveal(), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(PURPOSE);
        return cipher;
    }
}
