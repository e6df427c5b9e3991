package cardsecure.store;

import cardsecure.site.SiteId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Keeps rows and settings. `TokenStoreContract`, in the tests, is the law for every store.
///
/// Reads may come from any number of threads, virtual ones too. [#write(List, OptionalLong)] is called by one
/// platform thread at a time, that of [GroupCommit]. What a read sees, a restart sees: a change is visible only
/// when it is durable, or becomes durable before anybody is told of it.
public interface TokenStore extends AutoCloseable {

    /// Decides and makes the changes, in their order, as if one after another, and durably, before it returns.
    ///
    /// A store that several processes share keeps, durably, which generation of the ring is required. If a later
    /// one than `generation` is, each change is [Outcome.Superseded]; if an earlier one is, it is raised first,
    /// as by [#requireGeneration]. A store of one process leaves this to [GroupCommit].
    ///
    /// @param generation of the ring under which the changes were made; none if no key had a part in any
    /// @return an outcome for each, in their order
    /// @throws StoreException if nothing is known of any of them
    List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException;

    /// Writes changes that no key had a part in.
    ///
    /// @return as [#write(List, OptionalLong)]
    /// @throws StoreException if nothing is known of any of them
    default List<Outcome> write(List<Change> changes) throws StoreException {
        return write(changes, OptionalLong.empty());
    }

    /// Requires a generation of the ring of all processes that share the store, durably. When this returns, each
    /// change that an earlier one made is decided, or will be [Outcome.Superseded], whichever process it comes
    /// from. It is never lowered. Nothing is done where one process has the store: [GroupCommit] sees to it.
    ///
    /// @throws StoreException if nobody knows whether it is required
    default void requireGeneration(long generation) throws StoreException {}

    /// The generation that is required; 0 if none ever was, or one process has the store.
    default long requiredGeneration() throws StoreException {
        return 0;
    }

    /// Lets no row of a site grow any more, in any of the processes that share the store, durably. When this
    /// returns, each insert of the site, and each replacement of data that are purged, is decided, or will be
    /// [Outcome.SiteClosed]. Nothing is done where one process has the store: [GroupCommit] sees to it.
    ///
    /// @throws StoreException if nobody knows whether the site is closed
    default void closeSite(SiteId site) throws StoreException {}

    /// Lets the rows of a site grow again, durably.
    ///
    /// @throws StoreException if nobody knows whether the site is still closed
    default void reopenSite(SiteId site) throws StoreException {}

    /// The processes that share the store.
    default Peers peers() {
        return Peers.none();
    }

    /// How far the store's writes have come, for [Change.Insert]: each read that begins later sees them all. Good
    /// as long as the store is open. None if the store has no use for it, as one whose look-ups cost about what its
    /// inserts do: then a datum that is likely to be new need not be looked for before it is inserted.
    default OptionalLong mark() {
        return OptionalLong.empty();
    }

    /// The row at a place.
    Optional<TokenRow> byToken(TokenPlace place) throws StoreException;

    /// The row of a site with a fingerprint.
    Optional<TokenRow> byFingerprint(SiteId site, Fingerprint fingerprint) throws StoreException;

    /// Rows in an order that never changes: by site, domain's letter and token's bytes. Those that come after a
    /// place, or the first.
    ///
    /// Asked again and again, each time after the last row of the answer before, until that is empty, it gives
    /// each row once that is there from the first call to the last; one that is inserted or destroyed meanwhile
    /// at most once. What stands among them and cannot be read, it tells once, and passes over: the last page,
    /// which has no row, may tell of some, too.
    ///
    /// @param max at least 1
    /// @throws StoreException if the store cannot be read; not for an entry that is damaged
    Page<TokenRow> rows(Optional<TokenPlace> after, int max) throws StoreException;

    /// Entries of the index by fingerprint, where the store keeps one of its own beside the rows, in an order
    /// that never changes; as [#rows]. Nothing where a database keeps it.
    ///
    /// @param max at least 1
    default Page<IndexEntry> index(Optional<IndexEntry> after, int max) throws StoreException {
        return Page.of(List.of());
    }

    /// Whether the site has any row, purged ones too.
    boolean holdsTokens(SiteId site) throws StoreException;

    /// The short-lived row at a place, also if its deadline is past. Who is to get the data takes it
    /// ([Change.Take]).
    Optional<ShortLivedRow> shortLived(TokenPlace place) throws StoreException;

    /// Short-lived rows in the order of their places, also those whose deadline is past; as [#rows].
    ///
    /// @param max at least 1
    Page<ShortLivedRow> shortLivedRows(Optional<TokenPlace> after, int max) throws StoreException;

    /// Destroys all short-lived rows whose deadline is not after a moment, durably.
    void destroyShortLived(Instant now) throws StoreException;

    /// Destroys all rows of a site, short-lived ones too, durably.
    void destroyTokens(SiteId site) throws StoreException;

    /// The value of a setting.
    ///
    /// @param name 1 to 100 ASCII characters
    Optional<SealedData> setting(String name) throws StoreException;

    /// The names of all settings that begin with `prefix`, in their order.
    List<String> settingNames(String prefix) throws StoreException;

    /// All settings whose names begin with `prefix`, in their order. One that is changed meanwhile may be there as it
    /// was or as it is.
    default Map<String, SealedData> settings(String prefix) throws StoreException {
        Map<String, SealedData> settings = new LinkedHashMap<>();
        for (String name : settingNames(prefix)) {
            setting(name).ifPresent(value -> settings.put(name, value));
        }
        return settings;
    }

    /// Sets a setting, durably, if its value still is `expected` (none: it is not there).
    ///
    /// @param value the new value; none removes the setting
    /// @return whether it was as expected, and so is set
    boolean setSetting(String name, Optional<SealedData> expected, Optional<SealedData> value) throws StoreException;

    /// As [#setSetting], of a setting that no process keeps in memory: whoever needs it reads it. So nobody
    /// need be told, as [Peers#onChange] does.
    default boolean setSettingUntold(String name, Optional<SealedData> expected, Optional<SealedData> value)
            throws StoreException {
        return setSetting(name, expected, value);
    }

    /// Destroys what is left on the disk of settings' former values, as far as the store can reach it.
    ///
    /// @return whether nothing is left; false if the store may not do it, or not yet. It has told the log why,
    ///         and is to be asked again
    boolean forgetFormerSettings() throws StoreException;

    /// Forgets the marks of requests made before a moment, durably. From then on a mark counts as seen if it is
    /// older than one that was forgotten: what is forgotten cannot come again, whatever becomes of clocks and
    /// settings.
    void forgetMarks(Instant before) throws StoreException;

    /// The moment, in full seconds, up to which requests count as seen because their marks are forgotten; none if
    /// no mark was.
    Optional<Instant> newestForgottenMark() throws StoreException;

    /// The marks that are remembered from a second on, in the order of their seconds: as many as asked for, unless
    /// there are fewer, and of the last second all.
    ///
    /// @param firstSecond since 1970
    /// @param max at least 1
    List<ReplayMark> marks(long firstSecond, int max) throws StoreException;

    /// About how many rows there are, if the store can tell cheaply.
    OptionalLong approximateRows();

    /// What an operator should know of the store's state, in a few words: `ok`, or what is wrong.
    String health();

    @Override
    void close();
}
