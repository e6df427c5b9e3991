package cardsecure.crypto;

import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// The settings that say that former values of others may be left that are to be destroyed. They are not sealed:
/// they must be readable whatever the ring is. Safe for threads.
///
/// Each change has a mark of its own as long as it may still come, which nobody else takes away: what another one
/// destroys before the change is not what the change leaves. After it, a common one says that something is left,
/// with another value each time, so that whoever has destroyed what was left earlier does not take it away.
final class RemainMarks {
    /// Something is left. Earlier versions had this mark alone.
    private static final String LEFT = "remains";

    /// How the names of changes' own marks begin.
    private static final String EXPECTED = LEFT + "/";

    private static final SealedData MARK = new SealedData(new byte[1]);

    /// Far longer than any change of keys takes, without what may follow it: a mark that has been there for so long is
    /// of a process that ended.
    private static final long ABANDONED_NANOS = TimeUnit.HOURS.toNanos(1);

    private final TokenStore store;
    private final LongSupplier nanoClock;

    /// Those of this process's changes that may still come.
    private final Set<String> own = ConcurrentHashMap.newKeySet();

    /// Those of this process's changes that are over, or never began, whose marks could not be taken away.
    private final Set<String> over = ConcurrentHashMap.newKeySet();

    /// When those of others were seen first.
    private final Map<String, Long> seen = new ConcurrentHashMap<>();

    /// @param nanoClock tells nanoseconds, from any beginning
    RemainMarks(TokenStore store, LongSupplier nanoClock) {
        this.store = store;
        this.nanoClock = nanoClock;
    }

    static boolean isMark(String name) {
        return name.equals(LEFT) || name.startsWith(EXPECTED);
    }

    /// Sets a mark for a change to come, durably.
    Remains expect() throws StoreException {
        String mark = EXPECTED + UUID.randomUUID();
        own.add(mark);
        boolean set;
        try {
            set = store.setSettingUntold(mark, Optional.empty(), Optional.of(MARK));
        } catch (StoreException | RuntimeException mayBeSet) {
            over.add(mark);
            own.remove(mark);
            throw mayBeSet;
        }
        if (!set) {
            own.remove(mark);
            throw new StoreException("a mark of a random name is there already");
        }
        return new Remains(this, mark);
    }

    /// Takes away the mark of a change that is made, or will not be.
    void settle(String mark, boolean nothingLeft) {
        boolean settled = false;
        try {
            if (!nothingLeft) {
                leave();
            }
            store.setSettingUntold(mark, Optional.of(MARK), Optional.empty());
            settled = true;
        } catch (StoreException settledLate) {
            // The store tells of itself.
        } finally {
            if (!settled) {
                over.add(mark);
            }
            own.remove(mark);
        }
    }

    /// Puts the common mark in the place of those that [#settle] could not take away: nobody else knows that their
    /// changes are over, so they would count after their time only. Without any, the store is not asked.
    void settleLate() throws StoreException {
        Set<String> late = Set.copyOf(over);
        if (late.isEmpty()) {
            return;
        }
        // Only after a write that succeeds does the store show what became of those that failed.
        leave();
        for (String mark : store.settingNames(EXPECTED)) {
            if (late.contains(mark)) {
                store.setSettingUntold(mark, Optional.of(MARK), Optional.empty());
            }
        }
        over.removeAll(late);
    }

    private void leave() throws StoreException {
        UUID other = UUID.randomUUID();
        SealedData value = new SealedData(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(other.getMostSignificantBits())
                .putLong(other.getLeastSignificantBits())
                .array());
        // Another one's may be gone as soon as it is read.
        while (!store.setSettingUntold(LEFT, store.setting(LEFT), Optional.of(value))) {
            Thread.onSpinWait();
        }
    }

    /// Whether something is left, of changes that are over.
    boolean areLeft() throws StoreException {
        return store.setting(LEFT).isPresent();
    }

    /// Destroys what is left, of whatever change that was made before this began.
    ///
    /// @return whether nothing is
    boolean destroyLeft() throws StoreException {
        return destroy(marks(this::isDue));
    }

    /// As [#destroyLeft], if something is left, by the marks there are.
    boolean destroyIfLeft() throws StoreException {
        Map<String, SealedData> due = marks(this::isDue);
        return due.isEmpty() || destroy(due);
    }

    /// As [#destroyIfLeft], at a start: what others expect was left by a process that ended, where a store has
    /// one process at a time. Where it has several, it may be on its way.
    boolean destroyAtStart() throws StoreException {
        Map<String, SealedData> others = marks(mark -> !own.contains(mark));
        boolean ended = store.peers().clock().isEmpty();
        return others.isEmpty() || destroy(ended ? others : marks(this::isDue));
    }

    private boolean destroy(Map<String, SealedData> marks) throws StoreException {
        boolean nothingLeft = store.forgetFormerSettings();
        if (nothingLeft) {
            for (Map.Entry<String, SealedData> mark : marks.entrySet()) {
                // Unless somebody left something meanwhile.
                store.setSettingUntold(mark.getKey(), Optional.of(mark.getValue()), Optional.empty());
            }
        }
        return nothingLeft;
    }

    /// As they stand now, before anything is destroyed.
    private Map<String, SealedData> marks(Predicate<String> which) throws StoreException {
        Map<String, SealedData> marks = new LinkedHashMap<>(store.settings(LEFT));
        seen.keySet().retainAll(marks.keySet());
        marks.keySet().removeIf(name -> !isMark(name) || !which.test(name));
        return marks;
    }

    private boolean isDue(String mark) {
        if (mark.equals(LEFT)) {
            return true;
        }
        long now = nanoClock.getAsLong();
        return !own.contains(mark) && now - seen.computeIfAbsent(mark, _ -> now) >= ABANDONED_NANOS;
    }
}
