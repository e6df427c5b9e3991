package cardsecure.rocks;

import cardsecure.store.Change;
import cardsecure.store.ReplayMark;
import cardsecure.store.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

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
    /// @param recent those that need not be read
    /// @param attempted what the same changes were to remember at a first try, of which nobody knows whether it
    ///         reached the disk; what it left there is this batch's own
    BatchMarks(List<Change> changes, RecentMarks recent, Collection<ReplayMark> attempted) {
        this.changes = changes;
        this.recent = recent;
        this.attempted = new HashSet<>(attempted);
    }

    void fetch(Database database) throws RocksDBException, StoreException {
        for (Change change : changes) {
            switch (change) {
                case Change.Remember(ReplayMark mark) -> seek(mark, database);
                case Change.Once(ReplayMark mark, Change _) -> seek(mark, database);
                case Change.Insert _,
                        Change.Purge _,
                        Change.Replace _,
                        Change.Refingerprint _,
                        Change.Keep _,
                        Change.Take _,
                        Change.With _ -> {
                    // These bring none.
                }
            }
        }
    }

    private void seek(ReplayMark mark, Database database) throws RocksDBException, StoreException {
        if (recent.knows(mark, second -> ofSecond(database, second))) {
            there.add(mark);
        }
    }

    private static MarkSet ofSecond(Database database, long second) throws RocksDBException, StoreException {
        MarkSet marks = new MarkSet();
        try (Slice end = new Slice(MarkCodec.startOf(second + 1));
                ReadOptions untilEnd = new ReadOptions().setIterateUpperBound(end);
                RocksIterator rows = database.rocks().newIterator(database.marks(), untilEnd)) {
            for (rows.seek(MarkCodec.startOf(second)); rows.isValid(); rows.next()) {
                MarkCodec.decodeInto(marks, rows.value());
            }
            rows.status();
        }
        return marks;
    }

    /// As [cardsecure.store.TokenStore#marks].
    static List<ReplayMark> from(Database database, long firstSecond, int max) throws RocksDBException, StoreException {
        List<ReplayMark> marks = new ArrayList<>();
        try (Slice end = new Slice(MarkCodec.firstSecondKey());
                ReadOptions untilEnd = new ReadOptions().setIterateUpperBound(end);
                RocksIterator rows = database.rocks().newIterator(database.marks(), untilEnd)) {
            for (rows.seek(MarkCodec.startOf(firstSecond)); rows.isValid(); rows.next()) {
                long second = MarkCodec.second(rows.key());
                if (marks.size() >= max && marks.getLast().second() != second) {
                    break;
                }
                marks.addAll(MarkCodec.decode(second, rows.value()));
            }
            rows.status();
        }
        return marks;
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
        if (added.isEmpty()) {
            return;
        }
        Map<Long, List<ReplayMark>> bySecond = new TreeMap<>();
        for (ReplayMark mark : added) {
            bySecond.computeIfAbsent(mark.second(), _ -> new ArrayList<>()).add(mark);
        }
        long number = database.rocks().getLatestSequenceNumber();
        bySecond.forEach(
                (second, marks) -> batch.put(database.marks(), MarkCodec.key(second, number), MarkCodec.encode(marks)));
    }
}
