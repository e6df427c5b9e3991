package cardsecure.rsa;

import cardsecure.crypto.Pool;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// PKCS #1 v1.5 with implicit rejection (draft-irtf-cfrg-rsa-guidance, as OpenSSL 3.2 and later does): a
/// ciphertext with wrong padding decrypts to a message that looks random and is always the same for that
/// ciphertext, so that nobody can tell whether the padding was right (Bleichenbacher, CRYPTO 1998). The raw
/// operation is the JDK's, which blinds it.
///
/// `KDK = HMAC(SHA-256(d), ciphertext)`, `PRF(label, n) = HMAC(KDK, i (2) | label | 8n (2))`, i = 0, 1, …
final class Pkcs1Decryptor implements RsaDecryptor {
    private static final String HMAC = "HmacSHA256";
    private static final int HMAC_LENGTH = 32;
    private static final int PADDING_MIN = 8;
    /// `0 | 2 | padding, at least 8, none 0 | 0 | message`.
    private static final int SEPARATOR_MIN = 2 + PADDING_MIN;

    private static final int LENGTH_CANDIDATES = 128;

    private final int length;
    private final Pool<Cipher> ciphers;
    private final Pool<Mac> keyDerivations;

    Pkcs1Decryptor(RsaKey key) {
        this.length = key.length();
        this.ciphers = new Pool<>(() -> newCipher(key));
        Key hash = hashOf(key.privateKey().getPrivateExponent(), length);
        this.keyDerivations = new Pool<>(() -> newMac(hash));
        // What cannot be had is found out here, where it can be said.
        ciphers.give(newCipher(key));
        keyDerivations.give(newMac(hash));
    }

    private static Cipher newCipher(RsaKey key) {
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, key.privateKey());
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "RSA is not to be had", e);
        }
    }

    private static Mac newMac(Key key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "HMAC-SHA-256 is not to be had", e);
        }
    }

    /// SHA-256 of the private exponent as so many bytes, once a key.
    private static Key hashOf(BigInteger exponent, int length) {
        byte[] shortest = exponent.toByteArray();
        byte[] whole = new byte[length];
        int digits = Math.min(shortest.length, length);
        System.arraycopy(shortest, shortest.length - digits, whole, length - digits, digits);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(whole);
            return new SecretKeySpec(hash, HMAC);
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "SHA-256 is not to be had", e);
        } finally {
            Arrays.fill(shortest, (byte) 0);
            Arrays.fill(whole, (byte) 0);
        }
    }

    @Override
    public Opened decrypt(byte[] ciphertext) {
        Mac prf = newMac(keyOf(ciphertext));
        byte[] other = expand(prf, "message", length);
        byte[] lengths = expand(prf, "length", 2 * LENGTH_CANDIDATES);
        byte[] encoded = raw(ciphertext);
        Opened opened = select(encoded, other, length - otherLength(lengths));
        Arrays.fill(encoded, (byte) 0);
        Arrays.fill(other, (byte) 0);
        return opened;
    }

    private Key keyOf(byte[] ciphertext) {
        Mac mac = keyDerivations.take();
        byte[] key = mac.doFinal(ciphertext);
        keyDerivations.give(mac);
        return new SecretKeySpec(key, HMAC);
    }

    private static byte[] expand(Mac prf, String label, int size) {
        byte[] all = new byte[size];
        for (int at = 0, i = 0; at < size; at += HMAC_LENGTH, i++) {
            update(prf, i);
            prf.update(label.getBytes(StandardCharsets.US_ASCII));
            update(prf, Byte.SIZE * size);
            System.arraycopy(prf.doFinal(), 0, all, at, Math.min(HMAC_LENGTH, size - at));
        }
        return all;
    }

    private static void update(Mac prf, int number) {
        prf.update((byte) (number >> Byte.SIZE));
        prf.update((byte) number);
    }

    /// The last of the candidates that fits.
    private int otherLength(byte[] candidates) {
        int end = length - SEPARATOR_MIN;
        int mask = (Integer.highestOneBit(end) << 1) - 1;
        int chosen = 0;
        for (int i = 0; i < candidates.length; i += 2) {
            int candidate = (((candidates[i] & 0xff) << Byte.SIZE) | (candidates[i + 1] & 0xff)) & mask;
            chosen = select(isLess(candidate, end), candidate, chosen);
        }
        return chosen;
    }

    /// The encoded message; zeros, whose padding is wrong, for a number that is not under the modulus (which its
    /// sender knows), and for a provider that fails.
    private byte[] raw(byte[] ciphertext) {
        Cipher cipher = ciphers.take();
        try {
            byte[] encoded = cipher.doFinal(ciphertext);
            ciphers.give(cipher);
            return encoded.length == length ? encoded : new byte[length];
        } catch (GeneralSecurityException | RuntimeException _) {
            return new byte[length];
        }
    }

    /// The message behind the padding, or the other one, without a branch or an index that depends on which.
    private Opened select(byte[] encoded, byte[] other, int otherStart) {
        int good = isZero(encoded[0]) & isZero(encoded[1] ^ 2);
        int found = 0;
        int separator = 0;
        for (int i = 2; i < length; i++) {
            int zero = isZero(encoded[i]);
            separator = select(zero & ~found, i, separator);
            found |= zero;
        }
        good &= ~isLess(separator, SEPARATOR_MIN);
        int start = select(good, separator + 1, otherStart);
        byte[] chosen = new byte[length];
        for (int i = 0; i < length; i++) {
            chosen[i] = (byte) select(good, encoded[i], other[i]);
        }
        SecretBytes message = SecretBytes.copyOf(chosen, start, length - start);
        Arrays.fill(chosen, (byte) 0);
        return new Opened(message, good != 0);
    }

    /// All ones if the low byte is zero, else zero.
    private static int isZero(int value) {
        return ((value & 0xff) - 1) >> (Integer.SIZE - 1);
    }

    /// All ones if `a` is less than `b`, else zero; of numbers that are far from the ends.
    private static int isLess(int a, int b) {
        return (a - b) >> (Integer.SIZE - 1);
    }

    private static int select(int mask, int yes, int no) {
        return (yes & mask) | (no & ~mask);
    }
}
