package cardsecure.postgres;

import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.Fingerprint;
import cardsecure.store.Outcome;
import cardsecure.store.Page;
import cardsecure.store.Peers;
import cardsecure.store.ReplayMark;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/// Two processes' stores of one database, which are called in turn: what one does the other has to know of.
final class TwoNodesStore implements TokenStore {
    private final List<TokenStore> nodes;
    private final AtomicInteger calls = new AtomicInteger();

    TwoNodesStore(TokenStore one, TokenStore other) {
        this.nodes = List.of(one, other);
    }

    private TokenStore next() {
        return nodes.get(calls.getAndIncrement() & 1);
    }

    @Override
    public List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException {
        return next().write(changes, generation);
    }

    @Override
    public void requireGeneration(long generation) throws StoreException {
        next().requireGeneration(generation);
    }

    @Override
    public long requiredGeneration() throws StoreException {
        return next().requiredGeneration();
    }

    @Override
    public void closeSite(SiteId site) throws StoreException {
        next().closeSite(site);
    }

    @Override
    public void reopenSite(SiteId site) throws StoreException {
        next().reopenSite(site);
    }

    @Override
    public Peers peers() {
        return next().peers();
    }

    @Override
    public Optional<TokenRow> byToken(TokenPlace place) throws StoreException {
        return next().byToken(place);
    }

    @Override
    public Optional<TokenRow> byFingerprint(SiteId site, Fingerprint fingerprint) throws StoreException {
        return next().byFingerprint(site, fingerprint);
    }

    @Override
    public Page<TokenRow> rows(Optional<TokenPlace> after, int max) throws StoreException {
        return next().rows(after, max);
    }

    @Override
    public Optional<Instant> newestForgottenMark() throws StoreException {
        return next().newestForgottenMark();
    }

    @Override
    public List<ReplayMark> marks(long firstSecond, int max) throws StoreException {
        return next().marks(firstSecond, max);
    }

    @Override
    public Optional<ShortLivedRow> shortLived(TokenPlace place) throws StoreException {
        return next().shortLived(place);
    }

    @Override
    public Page<ShortLivedRow> shortLivedRows(Optional<TokenPlace> after, int max) throws StoreException {
        return next().shortLivedRows(after, max);
    }

    @Override
    public void destroyShortLived(Instant now) throws StoreException {
        next().destroyShortLived(now);
    }

    @Override
    public boolean holdsTokens(SiteId site) throws StoreException {
        return next().holdsTokens(site);
    }

    @Override
    public void destroyTokens(SiteId site) throws StoreException {
        next().destroyTokens(site);
    }

    @Override
    public Optional<SealedData> setting(String name) throws StoreException {
        return next().setting(name);
    }

    @Override
    public List<String> settingNames(String prefix) throws StoreException {
        return next().settingNames(prefix);
    }

    @Override
    public boolean setSetting(String name, Optional<SealedData> expected, Optional<SealedData> value)
            throws StoreException {
        return next().setSetting(name, expected, value);
    }

    @Override
    public boolean forgetFormerSettings() throws StoreException {
        return next().forgetFormerSettings();
    }

    @Override
    public void forgetMarks(Instant before) throws StoreException {
        next().forgetMarks(before);
    }

    @Override
    public OptionalLong approximateRows() {
        return next().approximateRows();
    }

    @Override
    public String health() {
        return next().health();
    }

    @Override
    public void close() {
        nodes.forEach(TokenStore::close);
    }
}
