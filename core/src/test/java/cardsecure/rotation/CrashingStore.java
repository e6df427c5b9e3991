package cardsecure.rotation;

import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.Outcome;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A store whose process dies at a certain write: before it, or after it with the news of it lost. From then on it
/// does nothing any more. What it kept is in the store behind it.
public final class CrashingStore extends ForwardingTokenStore {
    private int left = Integer.MAX_VALUE;
    private boolean before;
    private boolean dead;

    /// A store in the place of `store`.
    public CrashingStore(TokenStore store) {
        super(store);
    }

    /// Dies at one of the writes to come.
    ///
    /// @param writes how many are made yet
    /// @param beforeTheLast whether the last of them is not made any more
    public synchronized void dieAt(int writes, boolean beforeTheLast) {
        left = writes;
        before = beforeTheLast;
    }

    /// Whether it died.
    public synchronized boolean isDead() {
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
    public void forgetMarks(Instant before) throws StoreException {
        make(() -> {
            super.forgetMarks(before);
            return true;
        });
    }

    @Override
    public void destroyShortLived(Instant now) throws StoreException {
        make(() -> {
            super.destroyShortLived(now);
            return true;
        });
    }

    @Override
    public void destroyTokens(SiteId site) throws StoreException {
        make(() -> {
            super.destroyTokens(site);
            return true;
        });
    }

    @Override
    public boolean forgetFormerSettings() throws StoreException {
        return make(super::forgetFormerSettings);
    }
}
