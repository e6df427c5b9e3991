package cardsecure.rocks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.WriteBatch;

/// Composes a write batch in Java and hands it over whole, because a native call for each of its rows would cost more
/// than the rows. Layout (RocksDB's `db/write_batch.cc`, unchanged since version 3; `TokenStoreContract` would
/// notice):
///
/// ```
/// sequence (8, zero) | count (4) | records; numbers are little-endian
/// record = 5 | family (varint) | key length (varint) | key | value length (varint) | value
///        | 4 | family (varint) | key length (varint) | key
/// ```
final class WriteBatchEncoder {
    private static final int COUNT_AT = 8;
    private static final int HEADER = COUNT_AT + Integer.BYTES;

    /// `kTypeColumnFamilyValue`
    private static final byte PUT = 5;

    /// `kTypeColumnFamilyDeletion`
    private static final byte DELETE = 4;

    /// The tag, and three varints.
    private static final int RECORD_EXTRA_MAX = 1 + 3 * 5;

    private static final int VARINT_BITS = 7;
    private static final int VARINT_MORE = 1 << VARINT_BITS;

    private byte[] bytes;
    private int length = HEADER;
    private int count;

    /// Begins a batch of about `expected` bytes; it may get larger.
    WriteBatchEncoder(int expected) {
        bytes = new byte[HEADER + expected];
    }

    void put(ColumnFamilyHandle family, byte[] key, byte[] value) {
        begin(PUT, family, key.length + value.length);
        append(key);
        append(value);
    }

    void delete(ColumnFamilyHandle family, byte[] key) {
        begin(DELETE, family, key.length);
        append(key);
    }

    private void begin(byte tag, ColumnFamilyHandle family, int content) {
        int needed = length + RECORD_EXTRA_MAX + content;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
        }
        bytes[length++] = tag;
        varint(family.getID());
        count++;
    }

    private void append(byte[] part) {
        varint(part.length);
        System.arraycopy(part, 0, bytes, length, part.length);
        length += part.length;
    }

    private void varint(int value) {
        int rest = value;
        while (rest >= VARINT_MORE) {
            bytes[length++] = (byte) (rest | VARINT_MORE);
            rest >>>= VARINT_BITS;
        }
        bytes[length++] = (byte) rest;
    }

    /// The batch; the caller closes it.
    WriteBatch toBatch() {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(COUNT_AT, count);
        return new WriteBatch(Arrays.copyOf(bytes, length));
    }
}
