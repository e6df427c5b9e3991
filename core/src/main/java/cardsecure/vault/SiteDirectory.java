package cardsecure.vault;

import cardsecure.crypto.SealedSettings;
import cardsecure.dukpt.BaseKeys;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.rsa.RsaKeyDirectory;
import cardsecure.secret.SecretBytes;
import cardsecure.signing.SigningKeys;
import cardsecure.site.Site;
import cardsecure.site.SiteCodec;
import cardsecure.site.SiteId;
import cardsecure.store.GroupCommit;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import cardsecure.user.UserDirectory;
import cardsecure.wallet.WalletKeys;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// The sites: looked up for every request, kept sealed in the store, changed by administrators. Safe for threads;
/// look-ups never wait for a change.
public final class SiteDirectory {
    /// How the names of sites' settings begin; what each holds, [SiteCodec] reads.
    public static final String PREFIX = "site/";

    private static final String COUNTER = "site-counter";

    private final SealedSettings settings;
    private final UserDirectory users;
    private final RsaKeyDirectory rsaKeys;
    private final SigningKeys signingKeys;
    private final BaseKeys baseKeys;
    private final ReaderCounters readerCounters;
    private final WalletKeys walletKeys;

    private final SiteRemoval removal;

    private volatile Snapshot snapshot;

    /// Reads all sites, and finishes the removals that a crash cut short.
    ///
    /// @param commits writes to `store`
    public SiteDirectory(TokenStore store, GroupCommit commits, SealedSettings settings) throws StoreException {
        this.settings = settings;
        this.users = new UserDirectory(settings);
        this.rsaKeys = new RsaKeyDirectory(settings);
        this.signingKeys = new SigningKeys(settings);
        this.baseKeys = new BaseKeys(settings);
        this.readerCounters = new ReaderCounters(settings);
        this.walletKeys = new WalletKeys(settings);
        this.removal = new SiteRemoval(
                store,
                commits,
                settings,
                List.of(
                        _ -> followSites(),
                        users::removeAll,
                        rsaKeys::removeAll,
                        signingKeys::removeAll,
                        baseKeys::removeAll,
                        readerCounters::removeAll,
                        walletKeys::removeAll));
        this.snapshot = Snapshot.of(List.of());
        removal.finish();
        followSites();
    }

    /// Takes what stands in the store, where another node has changed sites, or what belongs to them.
    public void follow() throws StoreException {
        // Before a site is known, what its callers need is.
        users.follow();
        rsaKeys.follow();
        signingKeys.follow();
        baseKeys.follow();
        walletKeys.follow();
        followSites();
    }

    private synchronized void followSites() throws StoreException {
        snapshot = Snapshot.of(readAll());
    }

    /// The sites' users, who go with their site.
    public UserDirectory users() {
        return users;
    }

    /// The sites' RSA keys, which go with their site.
    public RsaKeyDirectory rsaKeys() {
        return rsaKeys;
    }

    /// The keys that sites sign with, which go with their site, too.
    public SigningKeys signingKeys() {
        return signingKeys;
    }

    /// The base keys of sites' readers, which go with their site.
    public BaseKeys baseKeys() {
        return baseKeys;
    }

    /// How far sites' readers have counted, which goes with their site, too.
    public ReaderCounters readerCounters() {
        return readerCounters;
    }

    /// The sites' keys for wallets, which go with their site as well.
    public WalletKeys walletKeys() {
        return walletKeys;
    }

    /// The site that a request is for.
    public Optional<Site> find(SiteSelector selector) {
        return switch (selector) {
            case SiteSelector.Host(String host) -> snapshot.byHost(host);
            case SiteSelector.Named(String name) -> named(name);
            case SiteSelector.Default _ -> snapshot.fallback();
        };
    }

    /// The site of a name.
    public Optional<Site> named(String name) {
        return Optional.ofNullable(snapshot.byName.get(name));
    }

    /// All sites, by name.
    public List<Site> all() {
        return snapshot.byName.values().stream()
                .sorted(Comparator.comparing(Site::name))
                .toList();
    }

    /// Whether a site may have rows whose data are in clear.
    public boolean mayHaveClearRows(SiteId id) {
        return snapshot.withClearRows.contains(id);
    }

    /// Adds a site, durably.
    ///
    /// @param settings makes the site's settings of the usual ones
    /// @throws Refusal `0044` if the name or a host is taken, or a second site would be the default
    /// @throws IllegalArgumentException for a name or a setting that cannot be
    public synchronized Site add(String name, UnaryOperator<Site> settings) throws StoreException {
        Site.requireName(name);
        snapshot = Snapshot.of(readAll());
        if (named(name).isPresent()) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "there is a site " + name + " already");
        }
        // The order lets nobody get a number twice: a crash in between wastes one.
        Site site = settings.apply(Site.named(nextId(), name));
        requireNoClash(site);
        write(site, Optional.empty());
        return site;
    }

    /// Changes a site, durably.
    ///
    /// @throws Refusal `0055` if there is none of that name, `0044` as [#add]
    /// @throws IllegalArgumentException for a setting that cannot be
    public synchronized Site change(String name, UnaryOperator<Site> change) throws StoreException {
        // Another node may have changed it, too: what stands in the store counts, not what this node saw last.
        snapshot = Snapshot.of(readAll());
        String setting = settingName(require(name).id());
        Optional<SealedSettings.Entry> kept = settings.read(setting);
        Site changed = change.apply(decode(kept.orElseThrow(SiteDirectory::changedElsewhere)));
        requireNoClash(changed);
        write(changed, kept);
        return changed;
    }

    /// Removes a site, durably. It is found no more as soon as that is decided; to destroy its tokens can take long,
    /// and holds nothing else up. After a [StoreException] the site may be closed until the removal is
    /// called again; one that was decided is finished by another call, or when a server starts.
    ///
    /// @param destroyTokens whether its tokens may be destroyed with it
    /// @throws Refusal `0055` if there is none of that name, `0044` if it holds tokens that may not be destroyed,
    ///         or another node is about to remove one
    public void remove(String name, boolean destroyTokens) throws StoreException {
        Optional<SiteId> id = named(name).map(Site::id);
        if (id.isEmpty()) {
            // It may be one whose tokens could not be destroyed before.
            removal.finish();
            throw unknown();
        }
        removal.decide(id.get(), name, destroyTokens);
        removal.finish(id.get());
    }

    private Site require(String name) {
        return named(name).orElseThrow(SiteDirectory::unknown);
    }

    private static Refusal unknown() {
        return new Refusal(ErrorCode.UNKNOWN_SITE, "there is no site of that name; site list shows those there are");
    }

    private void requireNoClash(Site site) {
        for (Site other : snapshot.byName.values()) {
            if (other.id().equals(site.id())) {
                continue;
            }
            if (other.fallback() && site.fallback()) {
                throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "site " + other.name() + " is the default already");
            }
            if (claims(site, other) || claims(other, site)) {
                throw new Refusal(
                        ErrorCode.CONFIG_ITEM_BAD,
                        "site " + other.name() + " and this one would both have a host that is one's name");
            }
            for (String host : site.hosts()) {
                if (other.hosts().contains(host)) {
                    throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "site " + other.name() + " has the host already");
                }
            }
        }
    }

    /// Whether one site lists the other's bare name as a host. A longer host that begins with it is a choice.
    private static boolean claims(Site one, Site other) {
        return one.hosts().contains(other.name());
    }

    private SiteId nextId() throws StoreException {
        while (true) {
            Optional<SealedSettings.Entry> kept = settings.read(COUNTER);
            int last = kept.map(entry -> ByteBuffer.wrap(entry.value().reveal()).getInt())
                    .orElse(0);
            byte[] next = ByteBuffer.allocate(Integer.BYTES).putInt(last + 1).array();
            if (settings.write(COUNTER, kept, SecretBytes.owning(next))) {
                return new SiteId(last + 1);
            }
        }
    }

    private void write(Site site, Optional<SealedSettings.Entry> expected) throws StoreException {
        requireUnchanged(settings.write(settingName(site.id()), expected, SecretBytes.owning(SiteCodec.encode(site))));
        snapshot = Snapshot.of(readAll());
    }

    private static void requireUnchanged(boolean unchanged) {
        if (!unchanged) {
            throw changedElsewhere();
        }
    }

    private static Refusal changedElsewhere() {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, "another node changed the site at the same time; try again");
    }

    private List<Site> readAll() throws StoreException {
        return settings.readAll(PREFIX).stream()
                .map(bytes -> SiteCodec.decode(bytes.reveal()))
                .toList();
    }

    private static Site decode(SealedSettings.Entry kept) {
        return SiteCodec.decode(kept.value().reveal());
    }

    /// The site that a setting is, or whose removal it decides; none of any other setting.
    public static Optional<SiteId> siteOfSetting(String name) {
        return Stream.of(PREFIX, SiteRemoval.PREFIX)
                .filter(name::startsWith)
                .map(prefix -> name.substring(prefix.length()))
                .filter(number -> number.matches("[0-9]{10}"))
                .map(Long::parseLong)
                .filter(number -> number > 0 && number <= Integer.MAX_VALUE)
                .map(number -> new SiteId(number.intValue()))
                .findFirst();
    }

    static String settingName(SiteId id) {
        return PREFIX + number(id);
    }

    static String number(SiteId id) {
        return String.format(Locale.ROOT, "%010d", id.number());
    }

    /// All sites at one moment.
    private record Snapshot(
            Map<String, Site> byName, Map<String, Site> byHost, Optional<Site> fallback, Set<SiteId> withClearRows) {
        static Snapshot of(List<Site> sites) {
            Map<String, Site> byName = new HashMap<>();
            Map<String, Site> byHost = new HashMap<>();
            Set<SiteId> withClearRows = new HashSet<>();
            Optional<Site> fallback = Optional.empty();
            for (Site site : sites) {
                if (site.storage().mayHaveClearRows()) {
                    withClearRows.add(site.id());
                }
                byName.put(site.name(), site);
                site.hosts().forEach(host -> byHost.put(host, site));
                fallback = site.fallback() ? Optional.of(site) : fallback;
            }
            return new Snapshot(byName, byHost, fallback, withClearRows);
        }

        Optional<Site> byHost(String hostAndPort) {
            String host = HostName.bare(hostAndPort);
            Site listed = byHost.get(host);
            if (listed != null) {
                return Optional.of(listed);
            }
            Site labelled = byName.get(HostName.firstLabel(host));
            return labelled != null ? Optional.of(labelled) : fallback;
        }
    }
}
