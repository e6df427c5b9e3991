package cardsecure.rocks;

import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.WriteBatch;

/// Destroys short-lived rows whose deadline is past, and knows from where on to look for them: what was deleted costs
/// whoever walks over it, until it is merged. For whoever holds the right to write.
final class ShortLivedSweep {
    private static final int CHUNK = 2000;

    /// About what two keys take in a write batch.
    private static final int ENTRY_BYTES = 128;

    /// No row has an earlier deadline.
    private long first;

    /// Takes rows that are about to be written.
    void noteWritten(Collection<ShortLivedRow> rows) {
        rows.forEach(row -> first = Math.min(first, row.deadline().getEpochSecond()));
    }

    /// Destroys some.
    ///
    /// @return whether there may be more
    boolean destroy(Database current, Instant now)
            throws RocksDBException, StoreException, RecoveringDatabase.WriteFailure {
        long end = now.getEpochSecond() + 1;
        List<byte[]> entries = entries(current, end);
        if (!entries.isEmpty()) {
            WriteBatchEncoder batch = new WriteBatchEncoder(entries.size() * ENTRY_BYTES);
            List<byte[]> rows = rows(current, entries);
            for (int i = 0; i < entries.size(); i++) {
                byte[] row = rows.get(i);
                // Entries of a site's rows that were destroyed at once are left: they stand for no row, nor for another
                // one that came to the same place.
                if (row != null && ShortLivedCodec.isOf(row, entries.get(i))) {
                    batch.delete(current.shortLived(), ShortLivedCodec.keyOf(entries.get(i)));
                }
                batch.delete(current.shortLived(), entries.get(i));
            }
            try (WriteBatch encoded = batch.toBatch()) {
                RecoveringDatabase.commit(current, encoded);
            }
        }
        boolean more = entries.size() == CHUNK;
        first = more ? ShortLivedCodec.second(entries.getLast()) : Math.max(first, end);
        return more;
    }

    private static List<byte[]> rows(Database current, List<byte[]> entries) throws RocksDBException, StoreException {
        List<byte[]> keys = entries.stream().map(ShortLivedCodec::keyOf).toList();
        return current.rocks()
                .multiGetAsList(current.readOptions(), Collections.nCopies(keys.size(), current.shortLived()), keys);
    }

    private List<byte[]> entries(Database current, long end) throws RocksDBException, StoreException {
        List<byte[]> entries = new ArrayList<>();
        if (first >= end) {
            return entries;
        }
        try (Slice upper = new Slice(ShortLivedCodec.startOf(end));
                ReadOptions untilEnd = new ReadOptions().setIterateUpperBound(upper);
                RocksIterator all = current.rocks().newIterator(current.shortLived(), untilEnd)) {
            for (all.seek(ShortLivedCodec.startOf(first)); all.isValid() && entries.size() < CHUNK; all.next()) {
                entries.add(all.key());
            }
            all.status();
        }
        return entries;
    }
}
