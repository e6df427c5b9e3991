package cardsecure.dukpt;

import cardsecure.crypto.Pool;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/// DUKPT of AES, as a host derives it (ANSI X9.24-3:2017, 6.3): every key is the encryption of derivation data
/// under the key before it. Safe for threads.
///
/// Derivation data: `01 | block (1, from 01) | usage (2) | key type (2) | key bits (2) | id (8)`; the id is the initial
/// key id, or for what a transaction derives its right half and the counter.
public final class AesDukpt {
    private static final int BLOCK = 16;
    private static final int VERSION = 1;
    private static final int ID_OFFSET = 8;
    private static final int ID_HALF = 4;

    private static final Pool<Cipher> CIPHERS = new Pool<>(AesDukpt::newCipher);

    private AesDukpt() {}

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance("AES/ECB/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "AES is not to be had", e);
        }
    }

    /// A device's initial key: as long as the base key.
    ///
    /// @param ksn of AES, any of the device's
    public static SecretBytes initialKey(BaseKey baseKey, Ksn ksn) {
        byte[] data = new byte[BLOCK];
        System.arraycopy(ksn.initialKeyId(), 0, data, ID_OFFSET, BLOCK - ID_OFFSET);
        AesKeyType type = AesKeyType.of(baseKey.algorithm());
        Cipher cipher = CIPHERS.take();
        SecretBytes initial =
                SecretBytes.owning(derive(cipher, baseKey.key().reveal(), data, AesUsage.INITIAL_KEY, type));
        CIPHERS.give(cipher);
        return initial;
    }

    /// The key of a transaction, of the device's initial key: one step for each one-bit of the counter, from the
    /// highest.
    public static SecretBytes transactionKey(SecretBytes initialKey, Ksn ksn) {
        AesKeyType type = typeOf(initialKey);
        byte[] data = transactionData(ksn, 0);
        byte[] key = initialKey.reveal().clone();
        Cipher cipher = CIPHERS.take();
        int counted = 0;
        for (int bit = Integer.MIN_VALUE; bit != 0; bit >>>= 1) {
            if ((ksn.counter() & bit) != 0) {
                counted |= bit;
                putInt(data, BLOCK - Integer.BYTES, counted);
                byte[] next = derive(cipher, key, data, AesUsage.KEY_DERIVATION, type);
                Arrays.fill(key, (byte) 0);
                key = next;
            }
        }
        CIPHERS.give(cipher);
        return SecretBytes.owning(key);
    }

    /// The key that a transaction's key is for a usage.
    ///
    /// @return as many bytes as the type says
    /// @throws Refusal `0044` if the type is stronger than the transaction's key
    public static SecretBytes workingKey(SecretBytes transactionKey, Ksn ksn, AesUsage usage, AesKeyType type) {
        if (!type.isMadeBy(transactionKey.length())) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "a working key of AES cannot be longer than its base key");
        }
        Cipher cipher = CIPHERS.take();
        byte[] key = derive(cipher, transactionKey.reveal(), transactionData(ksn, ksn.counter()), usage, type);
        CIPHERS.give(cipher);
        return SecretBytes.owning(key);
    }

    private static AesKeyType typeOf(SecretBytes key) {
        return switch (key.length()) {
            case 16 -> AesKeyType.AES_128;
            case 24 -> AesKeyType.AES_192;
            case 32 -> AesKeyType.AES_256;
            default -> throw new IllegalArgumentException("a key of AES has 16, 24 or 32 bytes");
        };
    }

    private static byte[] transactionData(Ksn ksn, int counter) {
        byte[] data = new byte[BLOCK];
        System.arraycopy(ksn.initialKeyId(), ID_HALF, data, ID_OFFSET, ID_HALF);
        putInt(data, BLOCK - Integer.BYTES, counter);
        return data;
    }

    private static void putInt(byte[] bytes, int offset, int value) {
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[offset + i] = (byte) (value >>> (Byte.SIZE * (Integer.BYTES - 1 - i)));
        }
    }

    private static void putShort(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) (value >> Byte.SIZE);
        bytes[offset + 1] = (byte) value;
    }

    private static byte[] derive(Cipher cipher, byte[] key, byte[] data, AesUsage usage, AesKeyType type) {
        data[0] = VERSION;
        putShort(data, 2, usage.code());
        putShort(data, 4, type.code());
        putShort(data, 6, type.length() * Byte.SIZE);
        int blocks = (type.length() + BLOCK - 1) / BLOCK;
        byte[] whole = new byte[blocks * BLOCK];
        try {
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
            for (int block = 0; block < blocks; block++) {
                data[1] = (byte) (block + 1);
                cipher.update(data, 0, BLOCK, whole, block * BLOCK);
            }
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "AES does not encrypt", e);
        }
        if (whole.length == type.length()) {
            return whole;
        }
        byte[] derived = Arrays.copyOf(whole, type.length());
        Arrays.fill(whole, (byte) 0);
        return derived;
    }
}
