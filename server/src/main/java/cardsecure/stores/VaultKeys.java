package cardsecure.stores;

import cardsecure.crypto.Barrier;
import cardsecure.crypto.Fingerprinter;
import cardsecure.keys.KeyRing;
import cardsecure.keys.Keystore;
import cardsecure.store.StoreException;
import java.security.SecureRandom;

/// A vault's keys, for reading alone. Safe for threads.
public final class VaultKeys {
    private final Keystore keystore;
    private final Barrier barrier;
    private final Fingerprinter fingerprinter;
    private volatile KeyRing ring;

    /// Opens the ring.
    ///
    /// @throws cardsecure.error.Refusal `0027` if the KEK is not the one that wrapped it, or there is none
    public VaultKeys(Keystore keystore) throws StoreException {
        this.ring = keystore.read();
        this.keystore = keystore;
        this.barrier = new Barrier(ring, SecureRandom::new);
        this.fingerprinter = new Fingerprinter(ring.fingerprintKeys());
    }

    Barrier barrier() {
        return barrier;
    }

    Fingerprinter fingerprinter() {
        return fingerprinter;
    }

    /// The ring that is followed.
    KeyRing ring() {
        return ring;
    }

    /// Goes on with a later ring, if a server has put one in the store.
    void follow() throws StoreException {
        if (keystore.changed()) {
            KeyRing next = keystore.read();
            barrier.follow(next);
            fingerprinter.follow(next.fingerprintKeys());
            ring = next;
        }
    }
}
