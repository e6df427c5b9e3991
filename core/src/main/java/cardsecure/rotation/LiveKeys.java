package cardsecure.rotation;

import cardsecure.crypto.Barrier;
import cardsecure.crypto.CallerCipher;
import cardsecure.crypto.Fingerprinter;
import cardsecure.crypto.SealedSettings;
import cardsecure.keys.KeyRing;
import cardsecure.keys.KeyWrapper;
import cardsecure.keys.Keystore;
import cardsecure.store.GroupCommit;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.security.SecureRandom;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// The ring that is in use, and all that works with its keys. Exchanges it for a later one while requests go on.
/// Safe for threads.
public final class LiveKeys {
    private final Keystore keystore;
    private final GroupCommit commits;
    private final Barrier barrier;
    private final Fingerprinter fingerprinter;
    private final CallerCipher callerCipher;
    private final SealedSettings settings;
    private volatile KeyRing ring;

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
        this.barrier = new Barrier(ring, random);
        this.fingerprinter = new Fingerprinter(ring.fingerprintKeys());
        this.callerCipher = new CallerCipher(ring, random);
        this.settings = new SealedSettings(store, barrier);
        commits.whenSuperseded(this::followPast);
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

    /// Changes the ring, first in the store, durably, then in use. When this returns, nothing is on its way to
    /// the store that was made under an earlier one.
    ///
    /// @return the ring in use now
    /// @throws cardsecure.error.Refusal as [Keystore#change]
    /// @throws StoreException if nobody knows whether the ring in the store is changed, or whether other
    ///         processes may still write what they made under an earlier one; [#follow] finds out, and goes on
    public synchronized KeyRing change(UnaryOperator<KeyRing> change) throws StoreException {
        use(keystore.change(change));
        return ring;
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
            return false;
        }
        use(kept);
        return true;
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
    /// @throws cardsecure.error.Refusal as [Keystore#rewrap]
    /// @throws StoreException as [Keystore#rewrap]
    public synchronized void rewrap(KeyWrapper kek) throws StoreException {
        keystore.rewrap(kek);
    }

    /// The id of the KEK that wraps the ring.
    public String kekId() {
        return keystore.kekId();
    }

    /// The order counts: whoever asks the barrier for its generation first has all keys of that generation or a
    /// later one.
    private void use(KeyRing next) throws StoreException {
        if (next.generation() == ring.generation()) {
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
    }
}
