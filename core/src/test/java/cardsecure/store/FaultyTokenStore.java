package cardsecure.store;

import cardsecure.site.SiteId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/// A store that fails as real ones do, now and then and by a seed: before it did anything, or after it did all
/// and the news of it was lost.
public final class FaultyTokenStore extends ForwardingTokenStore {
    private final Random random;
    private final int failuresInHundred;

    /// A store that keeps in `store` what it keeps.
    public FaultyTokenStore(TokenStore store, long seed, int failuresInHundred) {
        super(store);
        this.random = new Random(seed);
        this.failuresInHundred = failuresInHundred;
    }

    @Override
    public List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException {
        failNow();
        List<Outcome> outcomes = super.write(changes, generation);
        failNow();
        return outcomes;
    }

    @Override
    public Optional<TokenRow> byToken(TokenPlace place) throws StoreException {
        failNow();
        return super.byToken(place);
    }

    @Override
    public Optional<TokenRow> byFingerprint(SiteId site, Fingerprint fingerprint) throws StoreException {
        failNow();
        return super.byFingerprint(site, fingerprint);
    }

    private synchronized void failNow() throws StoreException {
        if (random.nextInt(100) < failuresInHundred) {
            throw new StoreException("the disk is full, or the network down");
        }
    }

    @Override
    public String health() {
        return "faulty";
    }
}
