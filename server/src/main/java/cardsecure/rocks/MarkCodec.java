package cardsecure.rocks;

import cardsecure.store.ReplayMark;
import cardsecure.store.StoreException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Replay marks as keys. The time stands first, so that the old ones stand together and go at once.
/// ```
/// marks  second (8) | site (4) | digest (16)  ->  nothing
///        FF                                   ->  the first second that no forgotten mark has (8)
/// ```
final class MarkCodec {
    static final byte[] NOTHING = new byte[0];

    private MarkCodec() {}

    static byte[] key(ReplayMark mark) {
        return ByteBuffer.allocate(Long.BYTES + Integer.BYTES + ReplayMark.DIGEST_LENGTH)
                .putLong(mark.second())
                .putInt(mark.site().number())
                .put(mark.digest())
                .array();
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
            throw new StoreException("the store's marks are damaged");
        }
        return ByteBuffer.wrap(value).getLong();
    }
}
