package cardsecure.rocks;

import cardsecure.store.SealedData;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Collection;
import java.util.Optional;

/// The rows that were asked for lately: whose card comes again soon is not looked for in RocksDB, which costs some
/// microseconds where the row is still in a memory table. As sealed as they are there. One belongs to one open
/// [Database], so that one which is opened again after a failure begins with nothing. Safe for threads.
///
/// What a reader found must not be kept if the row was changed since: it reads [#mark] first, and a change counts
/// itself between the moment when it can be read and the moment when it lets go of what is kept.
final class RowCache {
    /// About what all rows take together in memory.
    private static final long BYTES_MAX = 32 << 20;

    /// About what one takes besides its sealed datum: its own objects, and the two entries.
    private static final int ROW_BYTES = 600;

    private final Cache<TokenPlace, TokenRow> rows = Caffeine.newBuilder()
            .maximumWeight(BYTES_MAX)
            .weigher(RowCache::bytes)
            .executor(Runnable::run)
            .build();
    private final Cache<FingerprintKey, TokenPlace> places = Caffeine.newBuilder()
            .maximumSize(BYTES_MAX / ROW_BYTES)
            .executor(Runnable::run)
            .build();

    private volatile long changes;

    private static int bytes(TokenPlace place, TokenRow row) {
        return ROW_BYTES
                + row.data().map(SealedData::bytes).map(bytes -> bytes.length).orElse(0);
    }

    /// To be read before what is to be kept.
    long mark() {
        return changes;
    }

    Optional<TokenRow> row(TokenPlace place) {
        return Optional.ofNullable(rows.getIfPresent(place));
    }

    Optional<TokenPlace> place(FingerprintKey key) {
        return Optional.ofNullable(places.getIfPresent(key));
    }

    /// Keeps a row that was read after the mark.
    void keep(long mark, TokenRow row) {
        rows.asMap().compute(row.place(), (_, kept) -> mark == changes ? row : kept);
        // What lets go of everything does not wait for who is putting something in.
        if (mark != changes) {
            rows.invalidate(row.place());
        }
    }

    /// Keeps an entry of the index that was read after the mark, and led to a row.
    void keep(long mark, FingerprintKey key, TokenPlace place) {
        places.asMap().compute(key, (_, kept) -> mark == changes ? place : kept);
        if (mark != changes) {
            places.invalidate(key);
        }
    }

    /// Lets go of rows and entries that stood there and are different now. For the one that writes.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void changed(Collection<TokenPlace> changedRows, Collection<FingerprintKey> changedEntries) {
        if (!changedRows.isEmpty() || !changedEntries.isEmpty()) {
            changes++;
            rows.invalidateAll(changedRows);
            places.invalidateAll(changedEntries);
        }
    }

    /// Lets go of everything. For the one that writes.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void forget() {
        changes++;
        rows.invalidateAll();
        places.invalidateAll();
    }
}
