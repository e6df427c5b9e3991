package cardsecure.rocks;

import cardsecure.store.Change;
import cardsecure.store.ReplayMark;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.rocksdb.RocksDBException;

/// The replay marks of one batch: those that are there already, and those that it adds.
final class BatchMarks {
    private final List<Change> changes;
    private final RecentMarks recent;
    private final Set<ReplayMark> attempted;
    private final Set<ReplayMark> there = new HashSet<>();
    private final List<ReplayMark> remembered = new ArrayList<>();
    private final List<ReplayMark> added = new ArrayList<>();

    /// Takes its parts.
    ///
    /// @param recent what need not be looked for
    /// @param attempted what the same changes were to remember at a first try, of which nobody knows whether it
    ///         reached the disk; what it left there is this batch's own
    BatchMarks(List<Change> changes, RecentMarks recent, Collection<ReplayMark> attempted) {
        this.changes = changes;
        this.recent = recent;
        this.attempted = new HashSet<>(attempted);
    }

    void fetch(Database database) throws RocksDBException {
        Set<ReplayMark> sought = new LinkedHashSet<>();
        for (Change change : changes) {
            switch (change) {
                case Change.Remember(ReplayMark mark) -> seek(mark, sought);
                case Change.Once(ReplayMark mark, Change _) -> seek(mark, sought);
                case Change.Insert _, Change.Purge _, Change.Replace _, Change.Refingerprint _ -> {
                    // These bring none.
                }
            }
        }
        if (sought.isEmpty()) {
            return;
        }
        List<byte[]> keys = sought.stream().map(MarkCodec::key).toList();
        List<byte[]> values = database.rocks()
                .multiGetAsList(database.readOptions(), Collections.nCopies(keys.size(), database.marks()), keys);
        int i = 0;
        for (ReplayMark mark : sought) {
            if (values.get(i++) != null) {
                there.add(mark);
            }
        }
    }

    private void seek(ReplayMark mark, Set<ReplayMark> sought) {
        if (recent.leavesOpen(mark)) {
            sought.add(mark);
        } else if (recent.knows(mark)) {
            there.add(mark);
        }
    }

    /// What became of a mark.
    enum Answer {
        REMEMBERED,
        SEEN_BEFORE,
        NO_ROOM
    }

    /// Remembers a mark, if it is new.
    ///
    /// @param room whether there is room for it
    Answer remember(ReplayMark mark, boolean room) {
        // Once: another change of the batch may bring the same mark, and was not what the first try remembered.
        if (attempted.remove(mark) && there.contains(mark)) {
            remembered.add(mark);
            return Answer.REMEMBERED;
        }
        if (!room && !there.contains(mark)) {
            return Answer.NO_ROOM;
        }
        if (!there.add(mark)) {
            return Answer.SEEN_BEFORE;
        }
        remembered.add(mark);
        added.add(mark);
        return Answer.REMEMBERED;
    }

    /// What was new.
    List<ReplayMark> remembered() {
        return remembered;
    }

    /// What is written, and can be read then.
    List<ReplayMark> added() {
        return added;
    }

    boolean changeAnything() {
        return !added.isEmpty();
    }

    void encode(Database database, WriteBatchEncoder batch) {
        for (ReplayMark mark : added) {
            batch.put(database.marks(), MarkCodec.key(mark), MarkCodec.NOTHING);
        }
    }
}
