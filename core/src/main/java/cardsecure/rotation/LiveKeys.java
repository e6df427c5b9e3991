package cardsecure.rotation;

import cardsecure.crypto.Barrier;
import cardsecure.crypto.CallerCipher;
import cardsecure.crypto.Fingerprinter;
import cardsecure.crypto.KeptSeals;
import cardsecure.crypto.SealCount;
import cardsecure.crypto.SealedSettings;
import cardsecure.keys.KeyId;
import cardsecure.keys.KeyRing;
import cardsecure.keys.KeyWrapper;
import cardsecure.keys.Keystore;
import cardsecure.store.GroupCommit;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// The ring that is in use, and all that works with its keys. Exchanges it for a later one while requests go on. Safe
/// for threads.
public final class LiveKeys implements AutoCloseable {
    private final Keystore keystore;
    private final GroupCommit commits;
    private final Barrier barrier;
    private final Fingerprinter fingerprinter;
    private final CallerCipher callerCipher;
    private final SealedSettings settings;
    private final KeptSeals seals;
    private final KeyBackups backups;
    private volatile KeyRing ring;

    /// Puts a ring to use.
    ///
    /// @param commits writes to `store`
    /// @param keystore of `store`
    /// @param ring what the keystore holds
    /// @param random makes generators for nonces, cryptographically strong
    public LiveKeys(
            TokenStore store, GroupCommit commits, Keystore keystore, KeyRing ring, Supplier<SecureRandom> random) {
        this.keystore = keystore;
        this.commits = commits;
        this.ring = ring;
        this.barrier = new Barrier(ring, random, this::reserve);
        this.fingerprinter = new Fingerprinter(ring.fingerprintKeys());
        this.callerCipher = new CallerCipher(ring, random, this::reserve);
        this.settings = new SealedSettings(store, barrier);
        this.seals = new KeptSeals(settings);
        this.backups = new KeyBackups(settings, this::ring);
    }

    /// The counts are kept in settings, which are sealed and counted themselves.
    private long reserve(KeyId key, long number) {
        return seals.take(key, number);
    }

    /// The ring in use.
    public KeyRing ring() {
        return ring;
    }

    /// Seals and opens under the ring in use.
    public Barrier barrier() {
        return barrier;
    }

    /// Fingerprints under the ring in use.
    public Fingerprinter fingerprinter() {
        return fingerprinter;
    }

    /// Encrypts for callers under the ring in use.
    public CallerCipher callerCipher() {
        return callerCipher;
    }

    /// Settings, sealed under the ring in use.
    public SealedSettings settings() {
        return settings;
    }

    /// How often each key has sealed, in all processes.
    public KeptSeals seals() {
        return seals;
    }

    /// Which keys the last backup has.
    public KeyBackups backups() {
        return backups;
    }

    /// What this process has sealed under keys that it has used.
    List<SealCount> sealCounts() {
        List<SealCount> all = new ArrayList<>(callerCipher.allSeals());
        all.addLast(barrier.seals());
        return all;
    }

    /// How often the current data key has sealed, at most.
    long currentSeals() throws StoreException {
        SealCount current = barrier.seals();
        return Math.max(current.sum(), seals.reserved(current.key()) - current.unused());
    }

    /// Changes the ring, first in the store, durably, then in use. When this returns, nothing is on its way to the
    /// store that was made under an earlier one.
    ///
    /// @return the ring in use now
    /// @throws cardsecure.error.Refusal as [Keystore#change]
    /// @throws StoreException if nobody knows whether the ring in the store is changed; the one in use is not, and
    ///         [#follow] finds out
    public synchronized KeyRing change(UnaryOperator<KeyRing> change) throws StoreException {
        use(keystore.change(change));
        return ring;
    }

    /// Puts to use what stands in the store, where another node, or a change of unknown outcome, has put a later
    /// ring.
    ///
    /// @return whether there was one
    public synchronized boolean follow() throws StoreException {
        if (!keystore.changed()) {
            return false;
        }
        KeyRing kept = keystore.read();
        if (kept.generation() <= ring.generation()) {
            return false;
        }
        use(kept);
        return true;
    }

    /// Has another KEK wrap the ring from now on.
    ///
    /// @throws cardsecure.error.Refusal as [Keystore#rewrap]
    /// @throws StoreException as [Keystore#rewrap]
    public synchronized void rewrap(KeyWrapper kek) throws StoreException {
        use(keystore.rewrap(kek));
    }

    /// The id of the KEK that wraps the ring.
    public String kekId() {
        return keystore.kekId();
    }

    /// Gives back the seals that are reserved and were not made. When nothing is sealed any more; if something is all
    /// the same, that costs a reservation, and nothing else.
    @Override
    public void close() {
        sealCounts().forEach(SealCount::giveBack);
    }

    /// The order counts: whoever asks the barrier for its generation first has all keys of that generation or a later
    /// one.
    private void use(KeyRing next) {
        if (next.generation() <= ring.generation()) {
            return;
        }
        fingerprinter.follow(next.fingerprintKeys());
        callerCipher.follow(next);
        settings.follow(next);
        commits.requireGeneration(next.generation());
        // Last: who sees it may rely on that nothing older is on its way.
        ring = next;
    }
}
