package cardsecure.dukpt;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.util.Arrays;
import java.util.HexFormat;

/// A key serial number: which base key, which device, which of its transactions. Not secret; a reader sends it in the
/// clear.
///
/// TDES (10 bytes, X9.24-1:2009, A.2): `key set (5, by custom) | device (19 bits) | counter (21 bits)`. AES (12 bytes,
/// X9.24-3:2017, 6.1): `base key id (4) | derivation id (4) | counter (4)`, the first two being the initial key id.
///
/// A counter is not 0 and has few one-bits, ten or sixteen: a device skips the others, and each bit costs a derivation.
public final class Ksn {
    /// Bytes of a KSN of triple DES.
    public static final int TDES_LENGTH = 10;
    /// Bytes of a KSN of AES.
    public static final int AES_LENGTH = 12;

    static final int TDES_COUNTER_MASK = 0x1F_FFFF;

    private static final long AES_COUNTER_MASK = 0xFFFF_FFFFL;

    private static final int TDES_ONES_MAX = 10;
    private static final int AES_ONES_MAX = 16;
    private static final int TDES_KEY_SET = 5;
    private static final int AES_KEY_SET = 4;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final byte[] bytes;
    private final Scheme scheme;
    private final int counter;

    private Ksn(byte[] bytes, Scheme scheme, int counter) {
        this.bytes = bytes;
        this.scheme = scheme;
        this.counter = counter;
    }

    /// The KSN of 10 or 12 bytes.
    ///
    /// @throws Refusal `0078` for another length, or a counter that no device has
    public static Ksn parse(byte[] bytes) {
        Scheme scheme = schemeOf(bytes.length);
        int last = intAt(bytes, bytes.length - Integer.BYTES);
        int counter = scheme == Scheme.TDES ? last & TDES_COUNTER_MASK : last;
        int onesMax = scheme == Scheme.TDES ? TDES_ONES_MAX : AES_ONES_MAX;
        if (counter == 0) {
            throw refused("a KSN's counter is 0, which no transaction has");
        }
        if (Integer.bitCount(counter) > onesMax) {
            throw refused("a KSN's counter has more than " + onesMax + " one-bits, which a device skips");
        }
        return new Ksn(bytes.clone(), scheme, counter);
    }

    /// The KSN of 20 or 24 hexadecimal digits, of either case.
    ///
    /// @throws Refusal `0078` as [#parse], or for other characters
    public static Ksn parseHex(CharSequence digits) {
        if (digits.length() > 2 * AES_LENGTH) {
            throw refused("a KSN has 20 or 24 hexadecimal digits");
        }
        try {
            return parse(HEX.parseHex(digits));
        } catch (IllegalArgumentException _) {
            throw refused("a KSN has 20 or 24 hexadecimal digits");
        }
    }

    private static Scheme schemeOf(int length) {
        return switch (length) {
            case TDES_LENGTH -> Scheme.TDES;
            case AES_LENGTH -> Scheme.AES;
            default -> throw refused("a KSN has 10 or 12 bytes, not " + length);
        };
    }

    private static Refusal refused(String reason) {
        return new Refusal(ErrorCode.INVALID_SWIPE_DATA, reason);
    }

    private static int intAt(byte[] bytes, int offset) {
        int value = 0;
        for (int i = offset; i < offset + Integer.BYTES; i++) {
            value = (value << Byte.SIZE) | (bytes[i] & 0xFF);
        }
        return value;
    }

    /// The KSN of another transaction of the same device.
    ///
    /// @param number of the transaction; 21 bits of triple DES, 32 of AES
    /// @throws Refusal `0078` for one that no device has
    public Ksn withCounter(long number) {
        long highest = scheme == Scheme.TDES ? TDES_COUNTER_MASK : AES_COUNTER_MASK;
        if (number < 1 || number > highest) {
            throw refused("a KSN's counter is from 1 to " + highest);
        }
        byte[] other = initialKeyId();
        for (int i = 0; i < Integer.BYTES; i++) {
            other[other.length - 1 - i] |= (byte) (number >>> (i * Byte.SIZE));
        }
        return parse(other);
    }

    /// Which derivation it is for.
    public Scheme scheme() {
        return scheme;
    }

    /// Which of the device's transactions; of AES, unsigned.
    public int counter() {
        return counter;
    }

    /// The key set by custom: the first 5 bytes of TDES, the base key id, 4 bytes, of AES. What operators load keys for
    /// may be a longer or a shorter prefix.
    public KeySetId keySet() {
        return new KeySetId(HEX.formatHex(bytes, 0, scheme == Scheme.TDES ? TDES_KEY_SET : AES_KEY_SET));
    }

    /// The part that says which device it was, as upper-case hexadecimal digits: of TDES all 10 bytes with a counter
    /// of 0, of AES the 8 bytes of the initial key id.
    public String device() {
        return HEX.formatHex(initialKeyId(), 0, scheme == Scheme.TDES ? TDES_LENGTH : AES_LENGTH - Integer.BYTES);
    }

    /// All bytes, with a counter of 0; a fresh array.
    byte[] initialKeyId() {
        byte[] initial = bytes.clone();
        int end = initial.length;
        initial[end - 1] = 0;
        initial[end - 2] = 0;
        if (scheme == Scheme.TDES) {
            initial[end - 3] &= (byte) ~(TDES_COUNTER_MASK >> (2 * Byte.SIZE));
        } else {
            initial[end - 3] = 0;
            initial[end - 4] = 0;
        }
        return initial;
    }

    /// The bytes; a fresh array.
    public byte[] bytes() {
        return bytes.clone();
    }

    /// As upper-case hexadecimal digits.
    public String hex() {
        return HEX.formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ksn that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return hex();
    }
}
