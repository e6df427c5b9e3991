package cardsecure.rocks;

import cardsecure.store.Change;
import cardsecure.store.Outcome;
import cardsecure.store.ReplayMark;
import cardsecure.store.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/// The replay marks of one batch: those that are there already, and those that it adds.
final class BatchMarks {
    private final List<Change> changes;
    private final RecentMarks recent;
    private final Map<Integer, Outcome> attempted;
    private final Set<ReplayMark> there = new HashSet<>();
    private final Map<Integer, Outcome> answered = new HashMap<>();
    private final List<ReplayMark> added = new ArrayList<>();

    /// A first try that left one of its marks has left all that it wrote.
    private boolean reached;

    /// Takes its parts.
    ///
    /// @param recent those that need not be read
    /// @param attempted how the same changes were answered at a first try, as [#answered]; nobody knows whether
    ///         that reached the disk
    BatchMarks(List<Change> changes, RecentMarks recent, Map<Integer, Outcome> attempted) {
        this.changes = changes;
        this.recent = recent;
        this.attempted = Map.copyOf(attempted);
    }

    void fetch(Database database) throws RocksDBException, StoreException {
        for (Change change : changes) {
            for (ReplayMark mark : change.broughtMarks()) {
                seek(mark, database);
            }
        }
        reached = attempted.entrySet().stream()
                .filter(one -> one.getValue().isMade())
                .anyMatch(one -> there.containsAll(changes.get(one.getKey()).broughtMarks()));
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

    /// Decides a change that brings marks: if any is old, it is not made; if it is made, they are remembered.
    ///
    /// @param index the change's, among all
    /// @param room whether there is room for the marks
    Outcome decide(int index, List<ReplayMark> marks, boolean room, Supplier<Outcome> change) {
        Outcome outcome = reached
                ? again(index, Objects.requireNonNull(attempted.get(index)), change)
                : first(marks, room, change);
        answered.put(index, outcome);
        return outcome;
    }

    private Outcome first(List<ReplayMark> marks, boolean room, Supplier<Outcome> change) {
        Set<ReplayMark> old = new HashSet<>(marks);
        old.retainAll(there);
        if (!old.isEmpty()) {
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

    /// How the changes that bring marks were answered, by their index.
    Map<Integer, Outcome> answered() {
        return answered;
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
