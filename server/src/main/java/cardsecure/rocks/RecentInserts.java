package cardsecure.rocks;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// What the last batches inserted, so that an insert that was looked for in vain a moment ago need not be looked for
/// again. [#mark] is for any thread, all else for the one that writes.
final class RecentInserts {
    /// Keys; more than all that wait at a time insert.
    private static final int KEPT_MAX = 16_384;

    private record Written(long batch, List<Object> keys) {}

    private final Deque<Written> kept = new ArrayDeque<>();
    private final Set<Object> keys = new HashSet<>();

    /// The batches that were written and can be read.
    private volatile long batches;

    /// The first mark since which all that was inserted is kept here.
    private long knownSince;

    /// A mark that a read which begins later is held against.
    long mark() {
        return batches;
    }

    /// Whether a read that began after the mark, and found nothing under the key, would find nothing now.
    boolean areWithout(Object key, OptionalLong mark) {
        return mark.isPresent() && mark.getAsLong() >= knownSince && !keys.contains(key);
    }

    /// Takes the keys of a batch that can be read now, none of which is kept already.
    void add(Collection<?> inserted) {
        if (inserted.isEmpty()) {
            return;
        }
        long batch = batches + 1;
        kept.add(new Written(batch, List.copyOf(inserted)));
        keys.addAll(inserted);
        while (keys.size() > KEPT_MAX) {
            Written oldest = kept.remove();
            oldest.keys().forEach(keys::remove);
            knownSince = oldest.batch();
        }
        batches = batch;
    }

    /// Trusts no mark of before: the database may show what no batch of here wrote, or no longer what one did.
    void forget() {
        kept.clear();
        keys.clear();
        knownSince = batches + 1;
        batches = knownSince;
    }
}
