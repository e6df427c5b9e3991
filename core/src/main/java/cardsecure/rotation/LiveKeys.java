package cardsecure.rotation;

import cardsecure.crypto.Barrier;
import cardsecure.crypto.CallerCipher;
import cardsecure.crypto.Fingerprinter;
import cardsecure.crypto.KeptSeals;
import cardsecure.crypto.SealCount;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KekName;
import cardsecure.keys.KeyId;
import cardsecure.keys.KeyRing;
import cardsecure.keys.KeyWrapper;
import cardsecure.keys.Keystore;
import cardsecure.store.GroupCommit;
import cardsecure.store.Peers;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// The ring that is in use, and all that works with its keys. Exchanges it for a later one while requests go on.
/// Safe for threads.
public final class LiveKeys implements AutoCloseable {
    /// How long nodes have to follow; they look every second.
    private static final Duration PEERS_MAX = Duration.ofSeconds(30);

    /// How long a look for a later ring that was in vain counts.
    private static final Duration LOOK_PAUSE = Duration.ofMillis(200);

    private static final Duration PEERS_PAUSE = Duration.ofMillis(50);

    private final Keystore keystore;
    private final GroupCommit commits;
    private final Barrier barrier;
    private final Fingerprinter fingerprinter;
    private final CallerCipher callerCipher;
    private final SealedSettings settings;
    private final KeptSeals seals;
    private final Peers peers;
    private final KeyBackups backups;
    private volatile KeyRing ring;
    private volatile long lookedInVain = System.nanoTime() - LOOK_PAUSE.toNanos();

    /// Whether a ring was to be put to use, and is not altogether.
    private boolean unsettled;

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
        this.peers = store.peers();
        commits.whenSuperseded(this::followPast);
        barrier.whenKeyIsMissing(this::followIfPossible);
        callerCipher.whenKeyIsMissing(this::followIfPossible);
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

    /// The processes that share the store.
    Peers peers() {
        return peers;
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
    /// @throws Refusal as [Keystore#change]; `0044` with the names of processes that have another KEK, and could
    ///         not read what comes of it: nothing is changed then
    /// @throws StoreException if nobody knows whether the ring in the store is changed, or whether other processes
    ///         may still write what they made under an earlier one; [#follow] finds out, and goes on
    public synchronized KeyRing change(UnaryOperator<KeyRing> change) throws StoreException {
        requireOneKek();
        use(keystore.change(change));
        return ring;
    }

    /// From the next ring on, nothing is written under an earlier one: whoever could not read it would refuse all that
    /// is new.
    private void requireOneKek() throws StoreException {
        if (keystore.isWrappedByOther()) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "another KEK wraps the vault's keys now: restart this server with its `kek: uri`, or ask one that"
                            + " has it");
        }
        List<String> others = peersWithOtherKek();
        if (!others.isEmpty()) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "the vault's keys are wrapped by KEK " + KekName.of(kekId()) + ", and not every server has it: "
                            + String.join(", ", others)
                            + "; restart these with that `kek: uri`, as no key can be changed before (of one that has"
                            + " just ended nobody knows that for 10 s)");
        }
    }

    /// The processes that are alive and have another KEK than the one that wraps the ring.
    ///
    /// @return their names
    public List<String> peersWithOtherKek() throws StoreException {
        return peers.withOtherKek(kekId());
    }

    /// Puts to use what stands in the store, where another node, or a change of unknown outcome, has put a later
    /// ring.
    ///
    /// @return whether there was one
    public synchronized boolean follow() throws StoreException {
        if (!unsettled && !keystore.changed()) {
            return false;
        }
        KeyRing kept = keystore.read();
        if (kept.generation() <= ring.generation()) {
            report();
            return false;
        }
        use(kept);
        return true;
    }

    /// For data that a ring in use somewhere else may open. Where the store cannot be asked, they are not opened.
    private boolean followIfPossible() {
        // Whoever asks for keys that nobody has is not to keep everybody else waiting.
        if (System.nanoTime() - lookedInVain < LOOK_PAUSE.toNanos()) {
            return false;
        }
        try {
            boolean later = follow();
            if (!later) {
                lookedInVain = System.nanoTime();
            }
            return later;
        } catch (StoreException | Refusal e) {
            lookedInVain = System.nanoTime();
            return false;
        }
    }

    /// Waits until every node that is alive uses the ring that this one does, or a later one.
    ///
    /// @throws Refusal `0044` with the names of those that do not in time
    void awaitPeers() throws StoreException {
        long generation = ring.generation();
        long deadline = System.nanoTime() + PEERS_MAX.toNanos();
        List<String> lagging = peers.lagging(generation);
        while (!lagging.isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                throw new Refusal(
                        ErrorCode.CONFIG_ITEM_BAD,
                        "not every node knows the new key yet: " + String.join(", ", lagging)
                                + "; it is not in use, and the same command goes on with it");
            }
            LockSupport.parkNanos(PEERS_PAUSE.toNanos());
            lagging = peers.lagging(generation);
        }
    }

    /// For who was told that a later ring is required than the one of `generation`.
    private void followPast(long generation) throws StoreException {
        if (ring.generation() <= generation) {
            follow();
        }
        if (ring.generation() <= generation) {
            throw new StoreException("the store requires later keys than its keystore has: was an old one put back?");
        }
    }

    /// Has another KEK wrap the ring from now on.
    ///
    /// @throws Refusal as [Keystore#rewrap]
    /// @throws StoreException as [Keystore#rewrap]
    public synchronized void rewrap(KeyWrapper kek) throws StoreException {
        use(keystore.rewrap(kek));
        report();
    }

    /// The id of the KEK that wraps the ring.
    public String kekId() {
        return keystore.kekId();
    }

    /// Whether another process has had a KEK wrap the ring that this one does not have: what is done to keys from then
    /// on it cannot read.
    public boolean hasFormerKek() throws StoreException {
        return keystore.isWrappedByOther();
    }

    /// Gives back the seals that are reserved and were not made. When nothing is sealed any more; if something is all
    /// the same, that costs a reservation, and nothing else.
    @Override
    public void close() {
        sealCounts().forEach(SealCount::giveBack);
    }

    /// The order counts: whoever asks the barrier for its generation first has all keys of that generation or a
    /// later one.
    private void use(KeyRing next) throws StoreException {
        if (next.generation() <= ring.generation()) {
            return;
        }
        unsettled = true;
        fingerprinter.follow(next.fingerprintKeys());
        callerCipher.follow(next);
        settings.follow(next);
        commits.requireGeneration(next.generation());
        // Last: who sees it may rely on that nothing older is on its way.
        ring = next;
        unsettled = false;
        report();
    }

    private void report() {
        try {
            peers.report(ring.generation(), kekId());
        } catch (StoreException saidAgainByItself) {
            // Until it is, others wait for this node.
        }
    }
}
