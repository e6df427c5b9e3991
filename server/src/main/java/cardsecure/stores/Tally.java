package cardsecure.stores;

import cardsecure.store.Fingerprint;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.TokenRow;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Count and checksum of rows, or settings, in whatever order they come: the sum, modulo 2^256, of the SHA-256
/// of each. It finds what was lost, changed or doubled by a fault; it is no proof against somebody who can
/// write to both stores. For one thread.
final class Tally {
    /// Bytes of a checksum.
    static final int SUM_LENGTH = 32;

    private static final byte[] NONE = new byte[0];

    private final MessageDigest digest = sha256();
    private long count;
    private BigInteger sum;

    /// Of nothing yet.
    Tally() {
        this(0, BigInteger.ZERO);
    }

    /// Of what was counted before.
    Tally(long count, BigInteger sum) {
        this.count = count;
        this.sum = sum;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// `site (4) | domain (1) | token length (1) | token | fingerprint length (1) | fingerprint | whether there
    /// are data (1) | data`.
    void add(TokenRow row) {
        byte[] token = row.place().token().bytes();
        byte[] fingerprint = row.fingerprint().map(Fingerprint::bytes).orElse(NONE);
        byte[] data = row.data().map(SealedData::bytes).orElse(NONE);
        add(ByteBuffer.allocate(8 + token.length + fingerprint.length + data.length)
                .putInt(row.place().site().number())
                .put((byte) row.place().domain().letter())
                .put((byte) token.length)
                .put(token)
                .put((byte) fingerprint.length)
                .put(fingerprint)
                .put((byte) (row.data().isPresent() ? 1 : 0))
                .put(data)
                .array());
    }

    /// `name length (4) | name | value`.
    void add(String name, SealedData value) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        add(ByteBuffer.allocate(4 + bytes.length + value.bytes().length)
                .putInt(bytes.length)
                .put(bytes)
                .put(value.bytes())
                .array());
    }

    /// `site (4) | domain (1) | token length (1) | token | deadline, seconds (8) | data`.
    void add(ShortLivedRow row) {
        byte[] token = row.place().token().bytes();
        byte[] data = row.data().bytes();
        add(ByteBuffer.allocate(14 + token.length + data.length)
                .putInt(row.place().site().number())
                .put((byte) row.place().domain().letter())
                .put((byte) token.length)
                .put(token)
                .putLong(row.deadline().getEpochSecond())
                .put(data)
                .array());
    }

    private void add(byte[] canonical) {
        count++;
        BigInteger hash = new BigInteger(1, digest.digest(canonical));
        sum = sum.add(hash);
        if (sum.bitLength() > SUM_LENGTH * Byte.SIZE) {
            sum = sum.clearBit(SUM_LENGTH * Byte.SIZE);
        }
    }

    long count() {
        return count;
    }

    /// The checksum.
    BigInteger sum() {
        return sum;
    }

    /// A checksum as [#SUM_LENGTH] bytes.
    static byte[] bytes(BigInteger sum) {
        byte[] bytes = sum.toByteArray();
        byte[] padded = new byte[SUM_LENGTH];
        int length = Math.min(bytes.length, SUM_LENGTH);
        System.arraycopy(bytes, bytes.length - length, padded, SUM_LENGTH - length, length);
        return padded;
    }

    /// Whether count and checksum are the same.
    boolean isSameAs(Tally other) {
        return count == other.count && sum.equals(other.sum);
    }

    /// Sees that a copy has what its source has.
    ///
    /// @param what both are of, for people
    /// @throws StoresException if this is not the same as that of the source
    void requireSameAs(Tally source, String what) throws StoresException {
        if (!source.isSameAs(this)) {
            throw new StoresException(
                    "the copy differs from its source: " + what + " " + source + "; in the copy " + this,
                    "--anew destroys what was copied and begins again");
        }
    }

    /// As people compare it.
    @Override
    public String toString() {
        return String.format("%,d, checksum %s", count, HexFormat.of().formatHex(bytes(sum)));
    }
}
