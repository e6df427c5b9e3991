package cardsecure.store;

import cardsecure.site.SiteId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/// A store that fails as real ones do, now and then and by a seed: before it did anything, or after it did all and
/// the news of it was lost.
public final class FaultyTokenStore implements TokenStore {
    private final TokenStore store;
    private final Random random;
    private final int failuresInHundred;

    /// A store that keeps in `store` what it keeps.
    public FaultyTokenStore(TokenStore store, long seed, int failuresInHundred) {
        this.store = store;
        this.random = new Random(seed);
        this.failuresInHundred = failuresInHundred;
    }

    @Override
    public List<Outcome> write(List<Change> changes) throws StoreException {
        failNow();
        List<Outcome> outcomes = store.write(changes);
        failNow();
        return outcomes;
    }

    @Override
    public OptionalLong mark() {
        return store.mark();
    }

    @Override
    public Optional<TokenRow> byToken(TokenPlace place) throws StoreException {
        failNow();
        return store.byToken(place);
    }

    @Override
    public Optional<TokenRow> byFingerprint(SiteId site, Fingerprint fingerprint) throws StoreException {
        failNow();
        return store.byFingerprint(site, fingerprint);
    }

    private synchronized void failNow() throws StoreException {
        if (random.nextInt(100) < failuresInHundred) {
            throw new StoreException("the disk is full, or the network down");
        }
    }

    @Override
    public boolean holdsTokens(SiteId site) throws StoreException {
        return store.holdsTokens(site);
    }

    @Override
    public void destroyTokens(SiteId site) throws StoreException {
        store.destroyTokens(site);
    }

    @Override
    public Optional<SealedData> setting(String name) throws StoreException {
        return store.setting(name);
    }

    @Override
    public List<String> settingNames(String prefix) throws StoreException {
        return store.settingNames(prefix);
    }

    @Override
    public boolean setSetting(String name, Optional<SealedData> expected, Optional<SealedData> value)
            throws StoreException {
        return store.setSetting(name, expected, value);
    }

    @Override
    public void forgetMarks(Instant before) throws StoreException {
        store.forgetMarks(before);
    }

    @Override
    public OptionalLong approximateRows() {
        return store.approximateRows();
    }

    @Override
    public String health() {
        return "faulty";
    }

    @Override
    public void close() {
        store.close();
    }
}
