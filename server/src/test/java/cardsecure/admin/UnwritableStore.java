package cardsecure.admin;

import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.Outcome;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A store that can be read, and written until its disk is full.
final class UnwritableStore extends ForwardingTokenStore {
    private boolean full;

    UnwritableStore() {
        super(new MemoryTokenStore());
    }

    void fill() {
        full = true;
    }

    private void requireRoom() throws StoreException {
        if (full) {
            throw new StoreException("no room on the disk");
        }
    }

    @Override
    public List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException {
        requireRoom();
        return super.write(changes, generation);
    }

    @Override
    public void destroyTokens(SiteId site) throws StoreException {
        requireRoom();
        super.destroyTokens(site);
    }

    @Override
    public boolean setSetting(String name, Optional<SealedData> expected, Optional<SealedData> value)
            throws StoreException {
        requireRoom();
        return super.setSetting(name, expected, value);
    }

    @Override
    public void forgetMarks(Instant before) throws StoreException {
        requireRoom();
        super.forgetMarks(before);
    }

    @Override
    public String health() {
        return full ? "full" : super.health();
    }
}
