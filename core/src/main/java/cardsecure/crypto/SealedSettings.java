package cardsecure.crypto;

import cardsecure.error.Refusal;
import cardsecure.keys.KeyRing;
import cardsecure.secret.SecretBytes;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.StampedLock;
import java.util.function.LongSupplier;

/// Settings of the store, sealed there and clear here: sites, users and whatever else is not a row. Safe for
/// threads.
///
/// A change is sealed and written while no ring is exchanged, so that after [#follow] none is on its way that was
/// sealed under an earlier one.
public final class SealedSettings {
    private final TokenStore store;
    private final Barrier barrier;
    private final RemainMarks remains;
    private final StampedLock ring = new StampedLock();

    /// A setting as it stood in the store.
    ///
    /// @param sealed what a change expects to find there still
    public record Entry(SealedData sealed, SecretBytes value) {}

    /// Takes its parts.
    public SealedSettings(TokenStore store, Barrier barrier) {
        this(store, barrier, System::nanoTime);
    }

    /// @param nanoClock tells nanoseconds, from any beginning
    SealedSettings(TokenStore store, Barrier barrier, LongSupplier nanoClock) {
        this.store = store;
        this.barrier = barrier;
        this.remains = new RemainMarks(store, nanoClock);
    }

    /// Whether a setting of this name is not sealed, because it says nothing but that it is there.
    public static boolean isMark(String name) {
        return RemainMarks.isMark(name);
    }

    /// A setting, if it is there.
    ///
    /// @throws Refusal as [Barrier#open]
    public Optional<Entry> read(String name) throws StoreException {
        return store.setting(name).map(kept -> new Entry(kept, barrier.open(new Binding.Setting(name), kept)));
    }

    /// The names of all settings that begin with `prefix`, in their order.
    public List<String> names(String prefix) throws StoreException {
        return store.settingNames(prefix);
    }

    /// All settings whose names begin with `prefix`, as they stand in the store.
    Map<String, SealedData> sealed(String prefix) throws StoreException {
        return store.settings(prefix);
    }

    /// Opens a setting.
    ///
    /// @throws Refusal as [Barrier#open]
    SecretBytes open(String name, SealedData kept) {
        return barrier.open(new Binding.Setting(name), kept);
    }

    /// The values of all settings whose names begin with `prefix`.
    ///
    /// @throws Refusal as [Barrier#open]
    public List<SecretBytes> readAll(String prefix) throws StoreException {
        List<SecretBytes> values = new ArrayList<>();
        sealed(prefix).forEach((name, kept) -> values.add(open(name, kept)));
        return values;
    }

    /// Sets a setting, durably, if it still has the value that is expected (none: it is not there).
    ///
    /// @return whether it had, and so is set
    public boolean write(String name, Optional<Entry> expected, SecretBytes value) throws StoreException {
        return replace(name, expected, Optional.of(value), true, store::setSetting);
    }

    /// As [#write], of a setting that no process keeps in memory: nobody is told.
    public boolean writeUntold(String name, Optional<Entry> expected, SecretBytes value) throws StoreException {
        return replace(name, expected, Optional.of(value), true, store::setSettingUntold);
    }

    /// As [#write], for what keeps count of seals, and so cannot be counted.
    boolean writeUncounted(String name, Optional<Entry> expected, SecretBytes value) throws StoreException {
        return replace(name, expected, Optional.of(value), false, store::setSetting);
    }

    /// Removes a setting, durably, if it still has the value that is expected.
    ///
    /// @return whether it had, and so is removed
    public boolean remove(String name, Entry expected) throws StoreException {
        return replace(name, Optional.of(expected), Optional.empty(), false, store::setSetting);
    }

    /// Destroys a setting that no process keeps in memory, durably, whatever its value is.
    public void destroy(String name) throws StoreException {
        Optional<SealedData> kept = store.setting(name);
        while (kept.isPresent() && !store.setSettingUntold(name, kept, Optional.empty())) {
            // It was sealed anew, or another node was faster.
            kept = store.setting(name);
        }
    }

    /// How a setting is set.
    private interface Setter {
        boolean set(String name, Optional<SealedData> expected, Optional<SealedData> value) throws StoreException;
    }

    private boolean replace(
            String name, Optional<Entry> expected, Optional<SecretBytes> value, boolean counted, Setter setter)
            throws StoreException {
        Optional<Entry> before = expected;
        while (true) {
            // Before the lock, which keeping the count may need itself.
            if (counted) {
                barrier.seals().count();
            }
            long stamp = ring.readLock();
            try {
                Optional<SealedData> sealed =
                        value.map(clear -> barrier.sealUncounted(new Binding.Setting(name), clear));
                if (setter.set(name, before.map(Entry::sealed), sealed)) {
                    return true;
                }
            } finally {
                ring.unlockRead(stamp);
            }
            Optional<Entry> now = read(name);
            if (now.isEmpty() || !now.map(Entry::value).equals(expected.map(Entry::value))) {
                return false;
            }
            // It was sealed anew, and is still what it was.
            before = now;
        }
    }

    /// Seals a setting anew, durably, if it is there and is sealed under another key than the current one.
    public void reseal(String name) throws StoreException {
        boolean done = false;
        while (!done) {
            Optional<SealedData> kept = store.setting(name);
            done = kept.isEmpty() || !barrier.isUnderOtherKey(kept.get()) || reseal(name, kept.get());
        }
    }

    private boolean reseal(String name, SealedData kept) throws StoreException {
        SecretBytes value = barrier.open(new Binding.Setting(name), kept);
        return write(name, Optional.of(new Entry(kept, value)), value);
    }

    /// Says, durably, that values of settings are going to be changed of which nothing is to be left: keys.
    ///
    /// @return who destroys what is left after that, and has to be closed
    public Remains expectRemains() throws StoreException {
        return remains.expect();
    }

    /// Destroys what changes have left of former values, if some did so that could not do it themselves, as far
    /// as the store can reach it. Of a process that ended before its change was settled, after an hour.
    ///
    /// @return whether nothing is left; else it is to be called again
    /// @throws StoreException if that is not known; the same holds
    public boolean destroyRemains() throws StoreException {
        return remains.destroyIfLeft();
    }

    /// Whether keys that were removed are left in the store's files, and could not be destroyed yet, whoever removed
    /// them.
    public boolean haveRemains() throws StoreException {
        return remains.areLeft();
    }

    /// Leaves to all processes what a change of this one left that is over, where the store failed when that was
    /// to be written: until then others wait for the change. To be called now and then, whoever destroys.
    ///
    /// @throws StoreException if that failed again; it is to be called again
    public void settleRemains() throws StoreException {
        remains.settleLate();
    }

    /// As [#destroyRemains], at a start of the process: of processes that ended, too.
    ///
    /// @throws StoreException if nobody knows whether something is left; it is still expected
    public boolean destroyRemainsAtStart() throws StoreException {
        return remains.destroyAtStart();
    }

    /// Exchanges the barrier's ring, when no setting is on its way to the store that was sealed under the one
    /// before.
    public void follow(KeyRing next) {
        long stamp = ring.writeLock();
        try {
            barrier.follow(next);
        } finally {
            ring.unlockWrite(stamp);
        }
    }
}
