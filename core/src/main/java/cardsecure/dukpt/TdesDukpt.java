package cardsecure.dukpt;

import static cardsecure.crypto.DesBlocks.BLOCK;

import cardsecure.crypto.DesBlocks;
import cardsecure.secret.SecretBytes;
import java.util.Arrays;

/// DUKPT of triple DES, as a host derives it (ANSI X9.24-1:2009, annex A): base key and device make the initial
/// key; each one-bit of the counter makes of a key the next, down to the transaction's; usages make working
/// keys of that. Every step forgets the one before. Without state, safe for threads.
public final class TdesDukpt {
    private static final int KEY = 2 * BLOCK;
    private static final int HIGHEST_BIT = 1 << 20;
    /// What makes of a key the one for the other half (A.2): `C0C0C0C000000000` on both halves.
    private static final int OTHER_HALF = 0xC0;

    private TdesDukpt() {}

    /// A device's initial key (A.6): the first 8 bytes of its id, encrypted under the base key, and under it with
    /// `C0C0C0C000000000` on both halves.
    ///
    /// @param ksn of TDES, any of the device's
    public static SecretBytes initialKey(BaseKey baseKey, Ksn ksn) {
        byte[] id = ksn.initialKeyId();
        byte[] initial = new byte[KEY];
        System.arraycopy(id, 0, initial, 0, BLOCK);
        System.arraycopy(id, 0, initial, BLOCK, BLOCK);
        byte[] key = baseKey.key().reveal().clone();
        DesBlocks.encryptTriple(key, initial, 0, BLOCK);
        switchHalf(key);
        DesBlocks.encryptTriple(key, initial, BLOCK, BLOCK);
        Arrays.fill(key, (byte) 0);
        return SecretBytes.owning(initial);
    }

    /// The key of a transaction, of the device's initial key (A.3, "Derivation key"): one step for each one-bit of the
    /// counter, from the highest.
    public static SecretBytes transactionKey(SecretBytes initialKey, Ksn ksn) {
        byte[] key = initialKey.reveal().clone();
        // The right 8 bytes of the KSN, at first with a counter of 0.
        byte[] register = Arrays.copyOfRange(ksn.initialKeyId(), Ksn.TDES_LENGTH - BLOCK, Ksn.TDES_LENGTH);
        for (int bit = HIGHEST_BIT; bit != 0; bit >>= 1) {
            if ((ksn.counter() & bit) != 0) {
                register[BLOCK - 3] |= (byte) (bit >> 16);
                register[BLOCK - 2] |= (byte) (bit >> 8);
                register[BLOCK - 1] |= (byte) bit;
                step(key, register);
            }
        }
        return SecretBytes.owning(key);
    }

    /// The non-reversible key generation (A.2), in place.
    static void step(byte[] key, byte[] register) {
        byte[] next = new byte[KEY];
        half(key, register, next, BLOCK);
        switchHalf(key);
        half(key, register, next, 0);
        System.arraycopy(next, 0, key, 0, KEY);
        Arrays.fill(next, (byte) 0);
    }

    /// `DES[left half](register ^ right half) ^ right half`.
    private static void half(byte[] key, byte[] register, byte[] next, int offset) {
        for (int i = 0; i < BLOCK; i++) {
            next[offset + i] = (byte) (register[i] ^ key[BLOCK + i]);
        }
        DesBlocks.encryptSingle(key, 0, next, offset);
        for (int i = 0; i < BLOCK; i++) {
            next[offset + i] ^= key[BLOCK + i];
        }
    }

    private static void switchHalf(byte[] key) {
        for (int i = 0; i < BLOCK / 2; i++) {
            key[i] ^= (byte) OTHER_HALF;
            key[BLOCK + i] ^= (byte) OTHER_HALF;
        }
    }

    /// The key that a transaction's key is for a usage (A.4.1).
    ///
    /// @return 16 bytes
    public static SecretBytes workingKey(SecretBytes transactionKey, TdesUsage usage) {
        byte[] key = transactionKey.reveal().clone();
        key[usage.variantByte()] ^= (byte) 0xFF;
        key[BLOCK + usage.variantByte()] ^= (byte) 0xFF;
        if (!usage.isOneWay()) {
            return SecretBytes.owning(key);
        }
        byte[] encrypted = key.clone();
        DesBlocks.encryptTriple(key, encrypted, 0, KEY);
        Arrays.fill(key, (byte) 0);
        return SecretBytes.owning(encrypted);
    }
}
