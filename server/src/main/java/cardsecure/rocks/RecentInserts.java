package cardsecure.rocks;

import java.util.Collection;
import java.util.OptionalLong;

/// When keys were inserted last, so that an insert that was looked for in vain a moment ago need not be looked for
/// again. Keys of one slot count as one: who shares it with a new one is looked for in vain once more. [#mark] is for
/// any thread, all else for the one that writes.
final class RecentInserts {
    /// Many more than keys that are inserted while a request is on its way.
    private static final int SLOTS = 1 << 15;

    /// The last batch that inserted a key of a slot, or 0.
    private final long[] lastBatch = new long[SLOTS];

    /// The batches that were written and can be read.
    private volatile long batches;

    /// The first mark since which all that was inserted is noted here.
    private long knownSince;

    /// A mark that a read which begins later is held against.
    long mark() {
        return batches;
    }

    /// Whether a read that began after the mark, and found nothing under the key, would find nothing now.
    boolean areWithout(Object key, OptionalLong mark) {
        return mark.isPresent() && mark.getAsLong() >= knownSince && lastBatch[slot(key)] <= mark.getAsLong();
    }

    /// Takes the keys of a batch that can be read now.
    void add(Collection<?> inserted) {
        if (inserted.isEmpty()) {
            return;
        }
        long batch = batches + 1;
        for (Object key : inserted) {
            lastBatch[slot(key)] = batch;
        }
        batches = batch;
    }

    /// Trusts no mark of before: the database may show what no batch of here wrote, or no longer what one did.
    void forget() {
        knownSince = batches + 1;
        batches = knownSince;
    }

    private static int slot(Object key) {
        int hash = key.hashCode();
        return (hash ^ hash >>> 16) & (SLOTS - 1);
    }
}
