package cardsecure.rocks;

import cardsecure.site.SiteId;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;

/// Short-lived rows as keys and values, and beside each an entry by its deadline, so that those whose deadline is past
/// stand together. Numbers are big-endian.
/// ```
/// short-lived  D | deadline, seconds (8) | site (4) | domain (1) | token (1 to 64)  ->  (nothing)
///              R | site (4) | domain (1) | token (1 to 64)  ->  deadline, seconds (8) | sealed data (rest)
/// ```
final class ShortLivedCodec {
    private static final byte DEADLINE = 'D';
    private static final byte ROW = 'R';
    private static final int PLACE_AT = 1 + Long.BYTES;

    private ShortLivedCodec() {}

    static byte[] key(TokenPlace place) {
        return rowKey(RowCodec.tokenKey(place));
    }

    private static byte[] rowKey(byte[] place) {
        return ByteBuffer.allocate(1 + place.length).put(ROW).put(place).array();
    }

    /// Before all rows, and after all entries by deadline.
    static byte[] firstKey() {
        return new byte[] {ROW};
    }

    static byte[] firstKey(SiteId site) {
        return rowKey(RowCodec.firstKey(site));
    }

    static byte[] endKey(SiteId site) {
        return rowKey(RowCodec.endKey(site));
    }

    static byte[] encode(ShortLivedRow row) {
        byte[] data = row.data().bytes();
        return ByteBuffer.allocate(Long.BYTES + data.length)
                .putLong(row.deadline().getEpochSecond())
                .put(data)
                .array();
    }

    static ShortLivedRow decode(TokenPlace place, byte[] value) throws StoreException {
        if (value.length < Long.BYTES) {
            throw damaged();
        }
        SealedData data = new SealedData(Arrays.copyOfRange(value, Long.BYTES, value.length));
        try {
            return new ShortLivedRow(
                    place, Instant.ofEpochSecond(ByteBuffer.wrap(value).getLong()), data);
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw new StoreException("a short-lived row is damaged", e);
        }
    }

    static TokenPlace decodeKey(byte[] key) throws StoreException {
        if (key.length == 0 || key[0] != ROW) {
            throw damaged();
        }
        return RowCodec.decodeTokenKey(Arrays.copyOfRange(key, 1, key.length));
    }

    /// The key of a row's entry by its deadline.
    static byte[] deadlineKey(ShortLivedRow row) {
        byte[] place = RowCodec.tokenKey(row.place());
        return ByteBuffer.allocate(PLACE_AT + place.length)
                .put(DEADLINE)
                .putLong(row.deadline().getEpochSecond())
                .put(place)
                .array();
    }

    /// Before the entries of a second, and after those of all seconds before it.
    static byte[] startOf(long second) {
        return ByteBuffer.allocate(PLACE_AT).put(DEADLINE).putLong(second).array();
    }

    static long second(byte[] deadlineKey) {
        return ByteBuffer.wrap(deadlineKey).getLong(1);
    }

    /// The key of the row that an entry by deadline stands for.
    static byte[] keyOf(byte[] deadlineKey) {
        return rowKey(Arrays.copyOfRange(deadlineKey, PLACE_AT, deadlineKey.length));
    }

    /// Whether a row's value has the deadline of an entry; one that is too short to have any goes with each.
    static boolean isOf(byte[] value, byte[] deadlineKey) {
        return value.length < Long.BYTES || ByteBuffer.wrap(value).getLong() == second(deadlineKey);
    }

    private static StoreException damaged() {
        return new StoreException("a short-lived row is damaged");
    }
}
