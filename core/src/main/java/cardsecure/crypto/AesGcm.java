package cardsecure.crypto;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.DataKey;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-256-GCM (NIST SP 800-38D) with random nonces: `nonce (12) | ciphertext | tag (16)`. Counts nothing; whoever uses
/// it sees to it that no key gets more than 2^32 nonces. Safe for threads.
final class AesGcm {
    /// Bytes beside the ciphertext, which is as long as the plaintext.
    static final int OVERHEAD = 12 + 16;

    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;

    private record Aes(Cipher cipher, SecureRandom random) {}

    private final Pool<Aes> pool;

    /// @param random makes generators for nonces, cryptographically strong
    AesGcm(Supplier<SecureRandom> random) {
        this.pool = new Pool<>(() -> new Aes(newCipher(), random.get()));
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "AES-GCM is not to be had", e);
        }
    }

    static SecretKeySpec spec(DataKey key) {
        return new SecretKeySpec(key.material().reveal(), "AES");
    }

    /// Puts nonce, ciphertext and tag into `sealed`, from `at` on.
    ///
    /// @throws Refusal `0017` if it cannot be done
    void seal(SecretKeySpec key, byte[] aad, byte[] plain, byte[] sealed, int at) {
        Aes aes = pool.take();
        byte[] nonce = new byte[NONCE_LENGTH];
        aes.random.nextBytes(nonce);
        System.arraycopy(nonce, 0, sealed, at, NONCE_LENGTH);
        try {
            aes.cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
            aes.cipher.updateAAD(aad);
            aes.cipher.doFinal(plain, 0, plain.length, sealed, at + NONCE_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.ENCRYPTION_FAILURE, "the data could not be sealed", e);
        }
        pool.give(aes);
    }

    /// Opens what [#seal] put from `at` to the end of `sealed`.
    ///
    /// @throws GeneralSecurityException if it was changed, or sealed under another key or for something else
    byte[] open(SecretKeySpec key, byte[] aad, byte[] sealed, int at) throws GeneralSecurityException {
        Aes aes = pool.take();
        aes.cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, at, NONCE_LENGTH));
        aes.cipher.updateAAD(aad);
        byte[] plain = aes.cipher.doFinal(sealed, at + NONCE_LENGTH, sealed.length - at - NONCE_LENGTH);
        pool.give(aes);
        return plain;
    }
}
