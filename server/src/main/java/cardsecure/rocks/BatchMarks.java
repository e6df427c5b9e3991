package cardsecure.rocks;

import cardsecure.store.Change;
import cardsecure.store.Outcome;
import cardsecure.store.ReplayMark;
import cardsecure.store.StoreException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/// The replay marks of one batch: those that are there already, and those that it adds.
final class BatchMarks {
    private final List<Change> changes;
    private final RecentMarks recent;
    private final List<Outcome> attempted;
    private final Set<ReplayMark> there = new HashSet<>();
    private final List<ReplayMark> added = new ArrayList<>();

    /// A first try that left one of its marks has left all that it wrote.
    private boolean reached;

    /// Takes its parts.
    ///
    /// @param recent those that need not be read
    /// @param attempted how the same changes were answered at a first try, of which nobody knows whether it reached
    ///         the disk; none if there was none
    BatchMarks(List<Change> changes, RecentMarks recent, List<Outcome> attempted) {
        this.changes = changes;
        this.recent = recent;
        this.attempted = List.copyOf(attempted);
    }

    void fetch(Database database) throws RocksDBException, StoreException {
        RecentMarks.Reader reader = second -> ofSecond(database, second);
        for (Change change : changes) {
            for (ReplayMark mark : change.broughtMarks()) {
                if (recent.knows(mark, reader)) {
                    there.add(mark);
                }
            }
        }
        reached = IntStream.range(0, attempted.size())
                .filter(i -> attempted.get(i).isMade())
                .mapToObj(i -> changes.get(i).broughtMarks())
                .anyMatch(marks -> !marks.isEmpty() && there.containsAll(marks));
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

    /// Decides a change that brings marks: if any is old, it is not made; if it is made, they are remembered.
    ///
    /// @param index the change's, among all
    /// @param room whether there is room for the marks
    Outcome decide(int index, List<ReplayMark> marks, boolean room, Supplier<Outcome> change) {
        return reached ? again(index, attempted.get(index), change) : first(marks, room, change);
    }

    private Outcome first(List<ReplayMark> marks, boolean room, Supplier<Outcome> change) {
        if (!Collections.disjoint(there, marks)) {
            Set<ReplayMark> old = new HashSet<>(marks);
            old.retainAll(there);
            return new Outcome.SeenBefore(old);
        }
        if (!room) {
            return new Outcome.NoRoom();
        }
        Outcome outcome = change.get();
        if (outcome.isMade()) {
            there.addAll(marks);
            added.addAll(marks);
        }
        return outcome;
    }

    /// As it was answered, whatever could be told by looking at the rows now. What takes is counted with all that
    /// take, and what inserted with all that did.
    private Outcome again(int index, Outcome answer, Supplier<Outcome> change) {
        boolean takes = changes.get(index) instanceof Change.Once(List<ReplayMark> _, Change.Take _)
                && !(answer instanceof Outcome.SeenBefore);
        if (takes || answer instanceof Outcome.Inserted) {
            var _ = change.get();
        }
        return answer;
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
        // Nearly always they are of one second.
        added.sort(Comparator.comparingLong(ReplayMark::second));
        long number = database.rocks().getLatestSequenceNumber();
        int from = 0;
        for (int to = 1; to <= added.size(); to++) {
            long second = added.get(from).second();
            if (to == added.size() || added.get(to).second() != second) {
                batch.put(database.marks(), MarkCodec.key(second, number), MarkCodec.encode(added.subList(from, to)));
                from = to;
            }
        }
    }
}
