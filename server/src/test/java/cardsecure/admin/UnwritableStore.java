package cardsecure.admin;

import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.Fingerprint;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.Outcome;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A store that can be read, and written until its disk is full.
final class UnwritableStore implements TokenStore {
    private final MemoryTokenStore store = new MemoryTokenStore();
    private boolean full;

    void fill() {
        full = true;
    }

    private void requireRoom() throws StoreException {
        if (full) {
            throw new StoreException("no room on the disk");
        }
    }

    @Override
    public List<Outcome> write(List<Change> changes) throws StoreException {
        requireRoom();
        return store.write(changes);
    }

    @Override
    public Optional<TokenRow> byToken(TokenPlace place) {
        return store.byToken(place);
    }

    @Override
    public Optional<TokenRow> byFingerprint(SiteId site, Fingerprint fingerprint) {
        return store.byFingerprint(site, fingerprint);
    }

    @Override
    public boolean holdsTokens(SiteId site) {
        return store.holdsTokens(site);
    }

    @Override
    public void destroyTokens(SiteId site) throws StoreException {
        requireRoom();
        store.destroyTokens(site);
    }

    @Override
    public Optional<SealedData> setting(String name) {
        return store.setting(name);
    }

    @Override
    public List<String> settingNames(String prefix) {
        return store.settingNames(prefix);
    }

    @Override
    public boolean setSetting(String name, Optional<SealedData> expected, Optional<SealedData> value)
            throws StoreException {
        requireRoom();
        return store.setSetting(name, expected, value);
    }

    @Override
    public void forgetMarks(Instant before) throws StoreException {
        requireRoom();
        store.forgetMarks(before);
    }

    @Override
    public OptionalLong approximateRows() {
        return store.approximateRows();
    }

    @Override
    public String health() {
        return full ? "full" : store.health();
    }

    @Override
    public void close() {
        store.close();
    }
}
