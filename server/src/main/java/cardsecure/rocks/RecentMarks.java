package cardsecure.rocks;

import cardsecure.store.ReplayMark;
import cardsecure.store.StoreException;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.rocksdb.RocksDBException;

/// The replay marks of the seconds that were asked for of late, each second's whole, so that the database is asked at
/// most once for those of a second, and never for those of one later than all that it has. For whoever holds the
/// right to write.
final class RecentMarks {
    /// 24 MiB; room for all marks of the usual window, at a thousand signed requests a second.
    private static final int SLOTS_MAX = 1 << 20;

    /// No mark's second.
    private static final long NONE = -1;

    /// Reads the marks of a second.
    interface Reader {
        MarkSet read(long second) throws RocksDBException, StoreException;
    }

    private final int slotsMax;

    /// The one that was asked for last at its end.
    private final Map<Long, MarkSet> bySecond = new LinkedHashMap<>(16, 0.75f, true);

    /// Of those the one that was asked for last, as nearly always the next is of the same second.
    private long lastSecond = NONE;
    private MarkSet last = new MarkSet();

    private int slots;

    /// The database has no mark of a later second.
    private long newest = Long.MAX_VALUE;

    /// The first second that no forgotten mark has.
    private long firstSecond;

    RecentMarks() {
        this(SLOTS_MAX);
    }

    RecentMarks(int slotsMax) {
        this.slotsMax = slotsMax;
    }

    /// Begins anew, with a database as it was opened.
    ///
    /// @param newestThere the second of its newest mark, or -1
    void reset(long newestThere, long newFirstSecond) {
        bySecond.clear();
        lastSecond = NONE;
        slots = 0;
        newest = newestThere;
        firstSecond = newFirstSecond;
    }

    /// Whether a mark was seen, or is too old to tell.
    boolean knows(ReplayMark mark, Reader database) throws RocksDBException, StoreException {
        return mark.second() < firstSecond || marksOf(mark.second(), database).contains(mark);
    }

    private MarkSet marksOf(long second, Reader database) throws RocksDBException, StoreException {
        Optional<MarkSet> kept = kept(second);
        if (kept.isPresent()) {
            return kept.get();
        }
        MarkSet read = second > newest ? new MarkSet() : database.read(second);
        bySecond.put(second, read);
        slots += read.slots();
        makeRoom();
        lastSecond = second;
        last = read;
        return read;
    }

    private Optional<MarkSet> kept(long second) {
        if (second != lastSecond) {
            MarkSet found = bySecond.get(second);
            if (found == null) {
                return Optional.empty();
            }
            lastSecond = second;
            last = found;
        }
        return Optional.of(last);
    }

    /// Takes marks that can be read now.
    void add(Collection<ReplayMark> added) {
        for (ReplayMark mark : added) {
            newest = Math.max(newest, mark.second());
            // One that had to make room is read again, whole, when it is asked for.
            kept(mark.second()).ifPresent(marks -> {
                slots -= marks.slots();
                marks.add(mark);
                slots += marks.slots();
            });
        }
        makeRoom();
    }

    private void makeRoom() {
        if (slots <= slotsMax) {
            return;
        }
        lastSecond = NONE;
        Iterator<MarkSet> eldestFirst = bySecond.values().iterator();
        while (slots > slotsMax && bySecond.size() > 1) {
            slots -= eldestFirst.next().slots();
            eldestFirst.remove();
        }
    }

    /// Marks before a second are gone.
    void forgotten(long newFirstSecond) {
        firstSecond = newFirstSecond;
        lastSecond = NONE;
        bySecond.entrySet().removeIf(entry -> {
            boolean gone = entry.getKey() < firstSecond;
            if (gone) {
                slots -= entry.getValue().slots();
            }
            return gone;
        });
    }
}
