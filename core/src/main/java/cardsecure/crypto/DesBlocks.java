package cardsecure.crypto;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/// DES and triple DES (ISO/IEC 18033-3) on single blocks, in place: what key derivations are defined on that are as
/// old as they. Nothing new is encrypted with it. Every call has a key of its own. Safe for threads.
///
/// The JDK's, whose key schedule takes a seventh of Bouncy Castle's time, which is what a derivation consists of.
public final class DesBlocks {
    /// Bytes of a block, and of a DES key.
    public static final int BLOCK = 8;

    private static final String SINGLE = "DES";
    private static final String TRIPLE = "DESede";

    private static final Pool<Cipher> SINGLES = new Pool<>(() -> newCipher(SINGLE));
    private static final Pool<Cipher> TRIPLES = new Pool<>(() -> newCipher(TRIPLE));

    private DesBlocks() {}

    private static Cipher newCipher(String name) {
        try {
            return Cipher.getInstance(name + "/ECB/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, name + " is not to be had", e);
        }
    }

    /// Encrypts the block at `offset` with single DES under the 8 bytes of `key` at `keyOffset`.
    public static void encryptSingle(byte[] key, int keyOffset, byte[] block, int offset) {
        encrypt(SINGLES, new SecretKeySpec(key, keyOffset, BLOCK, SINGLE), block, offset, BLOCK);
    }

    /// Encrypts each block of the `length` bytes at `offset` with triple DES, without any chaining.
    ///
    /// @param key 16 bytes (encrypt, decrypt, encrypt under the first, second, first half), or 24
    public static void encryptTriple(byte[] key, byte[] blocks, int offset, int length) {
        byte[] whole = Arrays.copyOf(key, 3 * BLOCK);
        if (key.length == 2 * BLOCK) {
            System.arraycopy(key, 0, whole, 2 * BLOCK, BLOCK);
        }
        encrypt(TRIPLES, new SecretKeySpec(whole, TRIPLE), blocks, offset, length);
        Arrays.fill(whole, (byte) 0);
    }

    private static void encrypt(Pool<Cipher> pool, SecretKeySpec key, byte[] blocks, int offset, int length) {
        Cipher cipher = pool.take();
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key);
            cipher.doFinal(blocks, offset, length, blocks, offset);
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "DES does not encrypt", e);
        }
        pool.give(cipher);
    }
}
