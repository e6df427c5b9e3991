package cardsecure.store;

import cardsecure.site.SiteId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A store that another one does all the work of: for those of tests that differ in one thing.
public abstract class ForwardingTokenStore implements TokenStore {
    private final TokenStore store;

    /// A store in the place of `store`.
    protected ForwardingTokenStore(TokenStore store) {
        this.store = store;
    }

    @Override
    public List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException {
        return store.write(changes, generation);
    }

    @Override
    public void requireGeneration(long generation) throws StoreException {
        store.requireGeneration(generation);
    }

    @Override
    public long requiredGeneration() throws StoreException {
        return store.requiredGeneration();
    }

    @Override
    public void closeSite(SiteId site) throws StoreException {
        store.closeSite(site);
    }

    @Override
    public void reopenSite(SiteId site) throws StoreException {
        store.reopenSite(site);
    }

    @Override
    public Peers peers() {
        return store.peers();
    }

    @Override
    public OptionalLong mark() {
        return store.mark();
    }

    @Override
    public Optional<TokenRow> byToken(TokenPlace place) throws StoreException {
        return store.byToken(place);
    }

    @Override
    public Optional<TokenRow> byFingerprint(SiteId site, Fingerprint fingerprint) throws StoreException {
        return store.byFingerprint(site, fingerprint);
    }

    @Override
    public Page<TokenRow> rows(Optional<TokenPlace> after, int max) throws StoreException {
        return store.rows(after, max);
    }

    @Override
    public Page<IndexEntry> index(Optional<IndexEntry> after, int max) throws StoreException {
        return store.index(after, max);
    }

    @Override
    public Optional<Instant> newestForgottenMark() throws StoreException {
        return store.newestForgottenMark();
    }

    @Override
    public List<ReplayMark> marks(long firstSecond, int max) throws StoreException {
        return store.marks(firstSecond, max);
    }

    @Override
    public Optional<ShortLivedRow> shortLived(TokenPlace place) throws StoreException {
        return store.shortLived(place);
    }

    @Override
    public Page<ShortLivedRow> shortLivedRows(Optional<TokenPlace> after, int max) throws StoreException {
        return store.shortLivedRows(after, max);
    }

    @Override
    public void destroyShortLived(Instant now) throws StoreException {
        store.destroyShortLived(now);
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
    public boolean forgetFormerSettings() throws StoreException {
        return store.forgetFormerSettings();
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
        return store.health();
    }

    @Override
    public void close() {
        store.close();
    }
}
