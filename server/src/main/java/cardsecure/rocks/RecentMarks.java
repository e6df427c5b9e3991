package cardsecure.rocks;

import cardsecure.store.ReplayMark;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The replay marks of the last seconds, so that a new one, which is of this very second, need not be looked for.
/// For whoever holds the right to write.
final class RecentMarks {
    private static final int KEPT_MAX = 65_536;

    private final TreeMap<Long, Set<ReplayMark>> bySecond = new TreeMap<>();
    private int count;

    /// All marks of this second and later ones that the database has are kept here.
    private long completeFrom = Long.MAX_VALUE;

    /// The first second that no forgotten mark has.
    private long firstSecond;

    /// Begins anew, with a database as it was opened.
    ///
    /// @param newest the second of its newest mark, or -1
    void reset(long newest, long newFirstSecond) {
        bySecond.clear();
        count = 0;
        completeFrom = newest + 1;
        firstSecond = newFirstSecond;
    }

    /// Whether the database would have to be asked for it.
    boolean leavesOpen(ReplayMark mark) {
        return mark.second() >= firstSecond && mark.second() < completeFrom;
    }

    /// Whether it was seen, or is too old to tell; right unless it [#leavesOpen] that.
    boolean knows(ReplayMark mark) {
        if (mark.second() < firstSecond) {
            return true;
        }
        Set<ReplayMark> marks = bySecond.get(mark.second());
        return marks != null && marks.contains(mark);
    }

    /// Takes marks that can be read now.
    void add(Collection<ReplayMark> added) {
        for (ReplayMark mark : added) {
            if (mark.second() >= completeFrom
                    && bySecond.computeIfAbsent(mark.second(), _ -> new HashSet<>())
                            .add(mark)) {
                count++;
            }
        }
        while (count > KEPT_MAX) {
            Map.Entry<Long, Set<ReplayMark>> oldest = bySecond.pollFirstEntry();
            count -= oldest.getValue().size();
            completeFrom = oldest.getKey() + 1;
        }
    }

    /// Marks before a second are gone.
    void forgotten(long newFirstSecond) {
        firstSecond = newFirstSecond;
    }
}
