package cardsecure.swipe;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// What readers encrypt with: CBC with an initial value of zeros for each field, whose key is new with every
/// swipe, and zeros for padding. There is nothing in it by which to tell a wrong key.
public enum SwipeCipher {
    /// Triple DES with two keys.
    TDES("DESede", 8),
    /// AES, with as many bits as the key has.
    AES("AES", 16);

    private static final int DOUBLE_LENGTH = 16;
    private static final int SINGLE_LENGTH = 8;

    private final String algorithm;
    private final int blockLength;

    SwipeCipher(String algorithm, int blockLength) {
        this.algorithm = algorithm;
        this.blockLength = blockLength;
    }

    /// Bytes of a block.
    public int blockLength() {
        return blockLength;
    }

    /// `length`, rounded up to whole blocks.
    int padded(int length) {
        return (length + blockLength - 1) / blockLength * blockLength;
    }

    /// The clear text with its padding.
    ///
    /// @param ciphertext whole blocks
    SecretBytes decrypt(SecretBytes key, SecretBytes ciphertext) {
        return SecretBytes.owning(run(Cipher.DECRYPT_MODE, key, ciphertext.reveal()));
    }

    /// The ciphertext of `clear`, which is padded with zeros.
    SecretBytes encrypt(SecretBytes key, SecretBytes clear) {
        byte[] whole = Arrays.copyOf(clear.reveal(), padded(clear.length()));
        byte[] ciphertext = run(Cipher.ENCRYPT_MODE, key, whole);
        Arrays.fill(whole, (byte) 0);
        return SecretBytes.owning(ciphertext);
    }

    private byte[] run(int mode, SecretBytes key, byte[] blocks) {
        byte[] material = material(key);
        try {
            Cipher cipher = Cipher.getInstance(algorithm + "/CBC/NoPadding");
            cipher.init(mode, new SecretKeySpec(material, algorithm), new IvParameterSpec(new byte[blockLength]));
            return cipher.doFinal(blocks);
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, algorithm + "-CBC is not to be had", e);
        } finally {
            Arrays.fill(material, (byte) 0);
        }
    }

    /// The JDK wants all three keys of triple DES; the third is the first.
    private byte[] material(SecretBytes key) {
        byte[] bytes = key.reveal();
        if (this == AES || bytes.length != DOUBLE_LENGTH) {
            return bytes.clone();
        }
        byte[] triple = Arrays.copyOf(bytes, DOUBLE_LENGTH + SINGLE_LENGTH);
        for (int i = 0; i < SINGLE_LENGTH; i++) {
            triple[DOUBLE_LENGTH + i] = bytes[i];
        }
        return triple;
    }
}
