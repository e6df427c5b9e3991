package cardsecure.rotation;

import cardsecure.store.Change;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.Outcome;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A store whose process dies at a certain write: before it, or after it with the news of it lost. From then on
/// it does nothing any more. What it kept is in the store behind it.
final class CrashingStore extends ForwardingTokenStore {
    private int left = Integer.MAX_VALUE;
    private boolean before;
    private boolean dead;

    CrashingStore(TokenStore store) {
        super(store);
    }

    /// @param writes how many are made yet
    /// @param beforeTheLast whether the last of them is not made any more
    synchronized void dieAt(int writes, boolean beforeTheLast) {
        left = writes;
        before = beforeTheLast;
    }

    synchronized boolean isDead() {
        return dead;
    }

    private interface Write<T> {
        T make() throws StoreException;
    }

    private synchronized <T> T make(Write<T> write) throws StoreException {
        left--;
        boolean last = left == 0;
        if (dead || (last && before)) {
            dead = true;
            throw new StoreException("the process is dead");
        }
        T made = write.make();
        if (last) {
            dead = true;
            throw new StoreException("the process died before it could say so");
        }
        return made;
    }

    @Override
    public List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException {
        return make(() -> super.write(changes, generation));
    }

    @Override
    public boolean setSetting(String name, Optional<SealedData> expected, Optional<SealedData> value)
            throws StoreException {
        return make(() -> super.setSetting(name, expected, value));
    }

    @Override
    public void forgetFormerSettings() throws StoreException {
        make(() -> {
            super.forgetFormerSettings();
            return true;
        });
    }
}
