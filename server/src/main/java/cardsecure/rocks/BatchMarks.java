package cardsecure.rocks;

import cardsecure.store.Change;
import cardsecure.store.ReplayMark;
import cardsecure.store.StoreException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.rocksdb.RocksDBException;

/// The replay marks of one batch: those that are there already, and those that it adds.
final class BatchMarks {
    private final List<Change> changes;
    private final Set<ReplayMark> attempted;
    private final Set<ReplayMark> there = new HashSet<>();
    private final Set<ReplayMark> remembered = new LinkedHashSet<>();
    private final Set<ReplayMark> added = new LinkedHashSet<>();
    private long firstSecond;

    /// Takes its parts.
    ///
    /// @param attempted what the same changes were to remember at a first try, of which nobody knows whether it
    ///         reached the disk; what it left there is this batch's own
    BatchMarks(List<Change> changes, Set<ReplayMark> attempted) {
        this.changes = changes;
        this.attempted = new HashSet<>(attempted);
    }

    void fetch(Database database) throws RocksDBException, StoreException {
        Set<ReplayMark> sought = new LinkedHashSet<>();
        for (Change change : changes) {
            switch (change) {
                case Change.Remember(ReplayMark mark) -> sought.add(mark);
                case Change.Once(ReplayMark mark, Change _) -> sought.add(mark);
                case Change.Insert _, Change.Purge _, Change.Replace _ -> {
                    // These bring none.
                }
            }
        }
        if (sought.isEmpty()) {
            return;
        }
        List<byte[]> keys = new ArrayList<>(sought.size() + 1);
        keys.add(MarkCodec.firstSecondKey());
        sought.forEach(mark -> keys.add(MarkCodec.key(mark)));
        List<byte[]> values = database.rocks()
                .multiGetAsList(database.readOptions(), Collections.nCopies(keys.size(), database.marks()), keys);
        firstSecond = MarkCodec.firstSecond(values.getFirst());
        int i = 1;
        for (ReplayMark mark : sought) {
            if (values.get(i++) != null) {
                there.add(mark);
            }
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
        if (there.contains(mark) || mark.second() < firstSecond) {
            return Answer.SEEN_BEFORE;
        }
        if (!room) {
            return Answer.NO_ROOM;
        }
        there.add(mark);
        remembered.add(mark);
        added.add(mark);
        return Answer.REMEMBERED;
    }

    /// What was new.
    Set<ReplayMark> remembered() {
        return remembered;
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
