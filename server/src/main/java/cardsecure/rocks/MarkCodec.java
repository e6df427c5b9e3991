package cardsecure.rocks;

import cardsecure.site.SiteId;
import cardsecure.store.ReplayMark;
import cardsecure.store.StoreException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Replay marks as rows: those of one second that one batch added stand in one, because a row for each would cost more
/// than all else that a signature costs. The time stands first, so that the old ones stand together and go at once.
/// ```
/// marks  second (8) | batch (8)  ->  of each mark: site (4) | digest (16)
///        FF                      ->  the first second that no forgotten mark has (8)
/// ```
/// A batch is told by the database's sequence number before it.
final class MarkCodec {
    private static final int MARK_BYTES = Integer.BYTES + ReplayMark.DIGEST_LENGTH;

    private MarkCodec() {}

    static byte[] key(long second, long batch) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(second)
                .putLong(batch)
                .array();
    }

    static byte[] encode(Collection<ReplayMark> marks) {
        ByteBuffer bytes = ByteBuffer.allocate(marks.size() * MARK_BYTES);
        marks.forEach(mark -> bytes.putInt(mark.site().number()).put(mark.digest()));
        return bytes.array();
    }

    static void decodeInto(MarkSet marks, byte[] value) throws StoreException {
        if (value.length % MARK_BYTES != 0) {
            throw damaged();
        }
        ByteBuffer bytes = ByteBuffer.wrap(value);
        for (int at = 0; at < value.length; at += MARK_BYTES) {
            int site = bytes.getInt(at);
            if (site <= 0) {
                throw damaged();
            }
            marks.add(site, value, at + Integer.BYTES);
        }
    }

    static List<ReplayMark> decode(long second, byte[] value) throws StoreException {
        // It also sees whether they are damaged.
        decodeInto(new MarkSet(), value);
        List<ReplayMark> marks = new ArrayList<>();
        for (int at = 0; at < value.length; at += MARK_BYTES) {
            int digest = at + Integer.BYTES;
            marks.add(new ReplayMark(
                    new SiteId(ByteBuffer.wrap(value).getInt(at)),
                    Instant.ofEpochSecond(second),
                    Arrays.copyOfRange(value, digest, digest + ReplayMark.DIGEST_LENGTH)));
        }
        return marks;
    }

    /// Before all marks of a second, and after those of all seconds before it.
    static byte[] startOf(long second) {
        return ByteBuffer.allocate(Long.BYTES).putLong(second).array();
    }

    static long second(byte[] key) {
        return ByteBuffer.wrap(key).getLong();
    }

    /// After all marks.
    static byte[] firstSecondKey() {
        return new byte[] {(byte) 0xff};
    }

    static byte[] encodeFirstSecond(long second) {
        return startOf(second);
    }

    /// @param value none, if nothing was ever forgotten
    static long firstSecond(byte @Nullable [] value) throws StoreException {
        if (value == null) {
            return 0;
        }
        if (value.length != Long.BYTES) {
            throw damaged();
        }
        return ByteBuffer.wrap(value).getLong();
    }

    private static StoreException damaged() {
        return new StoreException("the store's marks are damaged");
    }
}
