package cardsecure.server;

import cardsecure.admin.AdminCommands;
import cardsecure.admin.AdminServer;
import cardsecure.admin.AdminSocket;
import cardsecure.admin.BdkCommands;
import cardsecure.admin.KeyCommands;
import cardsecure.admin.RotationCommands;
import cardsecure.admin.ServerStatus;
import cardsecure.admin.ShortLivedCommands;
import cardsecure.audit.AuditLog;
import cardsecure.audit.ErrorIds;
import cardsecure.config.KekUri;
import cardsecure.config.ServerConfig;
import cardsecure.config.TlsConfig;
import cardsecure.config.WalletsConfig;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.kek.Keks;
import cardsecure.kek.SecretReader;
import cardsecure.keys.KeyRing;
import cardsecure.keys.KeyWrapper;
import cardsecure.keys.Keystore;
import cardsecure.keys.SealedRing;
import cardsecure.rotation.KeyKeeper;
import cardsecure.rotation.KeyProcedures;
import cardsecure.rotation.LiveKeys;
import cardsecure.rsa.RsaWorkers;
import cardsecure.site.Site;
import cardsecure.site.SiteSetting;
import cardsecure.store.GroupCommit;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import cardsecure.stores.CopyMark;
import cardsecure.stores.UnopenedStore;
import cardsecure.tls.DevCertificates;
import cardsecure.tls.TlsIdentities;
import cardsecure.token.TokenGenerator;
import cardsecure.vault.EncryptedData;
import cardsecure.vault.EncryptedSources;
import cardsecure.vault.Gate;
import cardsecure.vault.ShortLivedData;
import cardsecure.vault.SiteDirectory;
import cardsecure.vault.Tokenizer;
import cardsecure.vault.Vault;
import cardsecure.wallets.WalletRoots;
import cardsecure.wallets.WalletSimulators;
import cardsecure.wallets.WalletWatch;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One running server: the parts, put together. What is opened later is closed first.
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final String DEV_SITE = "dev";
    private static final long KEEP_KEYS_SECONDS = 10;
    private static final String SIMULATED_WALLETS = "SIMULATED WALLETS ARE BELIEVED: payloads that `cardsecure"
            + " simulate` makes get tokens; never let this server take real payments";

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Listeners listeners = new Listeners();
    private final List<String> warnings = new ArrayList<>();

    private Server() {}

    /// Opens the vault and serves it.
    ///
    /// @throws cardsecure.error.Refusal `0027` if the keys cannot be had; then nothing was touched
    /// @throws StoreException if the store cannot be opened
    /// @throws IOException if the data directory or the admin channel cannot be had
    public static Server start(ServerConfig config, AuditLog audit) throws StoreException, IOException {
        Server server = new Server();
        try {
            server.compose(config, audit);
        } catch (StoreException | IOException | RuntimeException | Error e) {
            server.close();
            throw e;
        }
        return server;
    }

    private void compose(ServerConfig config, AuditLog audit) throws StoreException, IOException {
        SecureRandom random = new SecureRandom();
        AdminSocket.prepareDirectory(config.data());
        Optional<TlsIdentities> named = openNamedTls(config).map(this::open);
        Optional<WalletSimulators> simulators = simulators(config, random);
        WalletRoots wallets = new WalletRoots(config.wallets(), simulators, InstantSource.system());
        SecretReader secrets = SecretReader.atTerminal();
        Keks keks = new Keks(config.data(), secrets, random);
        UnopenedStore unopened = UnopenedStore.of(config.store(), config.data(), secrets);
        String where = config.store().location().shown(config.data());
        KeyWrapper kek = openKek(config.kek().uri(), unopened, where, keks);
        TokenStore store = open(unopened.open());
        // Before the ring is read, so that no other node overlooks this one.
        store.peers().report(0, "");
        Keystore keystore = new Keystore(store, kek, random, InstantSource.system());
        // Before the ring is read: whoever exchanges it meanwhile knows of this process. Whoever copies does, too.
        store.peers().report(0, "");
        CopyMark.requireNone(store, where);
        KeyRing ring = keystore.openOrCreate();
        store.peers().report(ring.generation(), keystore.kekId());
        GroupCommit commits = open(new GroupCommit(
                store, config.limits().writeQueueMax(), config.limits().writeBatchMax()));
        LiveKeys keys = open(new LiveKeys(store, commits, keystore, ring, SecureRandom::new));
        store.peers().report(ring.generation(), keystore.kekId());
        KeyProcedures.requireKeysOf(store, keys);
        SiteDirectory sites = new SiteDirectory(store, commits, keys.settings());
        forgetReadersOfNoSite(sites);
        makeReadyToTry(config, sites);
        warnOfClearSites(sites);
        Clocks.read(store.peers(), InstantSource.system())
                .warning()
                .ifPresent(text -> warnings.add("CLOCKS DIFFER: " + text));
        open(new WalletWatch(wallets, sites, InstantSource.system()).start());
        ShortLivedKeys shortLivedKeys = new ShortLivedKeys(keys.settings(), SecureRandom::new);
        open(new Sweeper(store, shortLivedKeys, () -> livesOfMarks(sites, config.wallets()), InstantSource.system())
                .start());
        Tokenizer tokenizer =
                new Tokenizer(store, commits, keys.barrier(), keys.fingerprinter(), new TokenGenerator(random));
        Gate gate = Gate.usual(sites.users(), config.limits().requestsInFlightMax(), random);
        EncryptedData encrypted =
                new EncryptedData(sites.rsaKeys(), open(RsaWorkers.usual()), audit, InstantSource.system());
        InstantSource clock = InstantSource.system();
        EncryptedSources sources = EncryptedSources.of(sites, encrypted, wallets, clock, config.dev());
        ShortLivedData shortLived = new ShortLivedData(store, commits, shortLivedKeys, clock);
        ErrorIds errorIds = new ErrorIds(RandomGenerator.of("L64X128MixRandom"));
        Vault vault =
                new Vault(sites, tokenizer, shortLived, sources, keys.callerCipher(), gate, clock, audit, errorIds);
        KeyProcedures procedures = openKeyProcedures(config, store, commits, keys, sites, audit);
        open(new Follower(keys, sites, procedures).start(store.peers()));
        warnOfKeysWithoutBackup(config, keys);
        KeyCommands keyCommands =
                new KeyCommands(keys, keks, config.kek().uri(), audit, InstantSource.system(), random);
        Supplier<ServerStatus> status = new StatusReport(
                config, InstantSource.system(), store, keys, keyCommands, sites, vault, listeners)::now;
        RotationCommands rotation = new RotationCommands(procedures, store, config.data(), audit);
        BdkCommands baseKeys = new BdkCommands(sites, audit, InstantSource.system(), config.dev());
        AdminCommands commands = new AdminCommands(
                sites,
                keyCommands,
                rotation,
                baseKeys,
                new ShortLivedCommands(shortLived, audit),
                simulators,
                audit,
                status);
        open(AdminServer.start(AdminSocket.in(config.data()), commands));
        Optional<TlsIdentities> tls = named.or(() -> openDevTls(config).map(this::open));
        open(listeners).open(config, tls, vault, sites, audit);
        warnings.addAll(listeners.warnings());
    }

    /// Opened after the group commit, so that jobs end before it does.
    private KeyProcedures openKeyProcedures(
            ServerConfig config,
            TokenStore store,
            GroupCommit commits,
            LiveKeys keys,
            SiteDirectory sites,
            AuditLog audit)
            throws StoreException {
        InstantSource clock = InstantSource.system();
        KeyProcedures procedures = open(
                new KeyProcedures(store, commits, keys, audit, sites::mayHaveClearRows, new SecureRandom(), clock));
        procedures.begin();
        KeyKeeper keeper = new KeyKeeper(keys, procedures, audit, config.keys().limits(), clock);
        keeper.tick();
        ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("key-keeper").daemon().factory());
        var _ = schedule.scheduleWithFixedDelay(keeper::tick, KEEP_KEYS_SECONDS, KEEP_KEYS_SECONDS, TimeUnit.SECONDS);
        open(schedule);
        return procedures;
    }

    /// Opened before the store, so that a certificate that cannot be used keeps a start from changing anything.
    private static Optional<TlsIdentities> openNamedTls(ServerConfig config) {
        return config.tls().identities().isEmpty()
                ? Optional.empty()
                : Optional.of(TlsIdentities.open(config.tls(), InstantSource.system()));
    }

    /// Made after the store, as it changes the data directory.
    private static Optional<TlsIdentities> openDevTls(ServerConfig config) {
        if (config.listeners().all().stream()
                .noneMatch(listener -> listener.kind().tls())) {
            return Optional.empty();
        }
        InstantSource clock = InstantSource.system();
        TlsConfig made = DevCertificates.in(config.data().resolve("tls"), clock);
        return Optional.of(
                TlsIdentities.open(new TlsConfig(made.identities(), config.tls().clientCa()), clock));
    }

    /// Proves the KEK before the store is opened for writing, so that a wrong one changes nothing.
    private static KeyWrapper openKek(KekUri uri, UnopenedStore store, String where, Keks keks) throws StoreException {
        if (!store.exists()) {
            return keks.openOrCreate(uri);
        }
        Optional<SealedData> unfinished;
        Optional<SealedData> kept;
        try {
            unfinished = store.peekSetting(CopyMark.SETTING);
            kept = store.peekSetting(Keystore.SETTING);
        } catch (StoreException e) {
            keks.requireThere(uri);
            throw e;
        }
        CopyMark.requireNone(unfinished, where);
        KeyWrapper kek = keks.open(uri, kept.map(SealedRing::kekId));
        kept.ifPresent(ring -> SealedRing.open(ring, kek));
        return kek;
    }

    /// A first site, so that a developer need not make one: it serves every host and takes every kind of data.
    private static void addDevSite(SiteDirectory sites) throws StoreException {
        if (sites.all().isEmpty()) {
            sites.add(DEV_SITE, site -> {
                Site open = SiteSetting.DEFAULT.set(site, "on");
                open = SiteSetting.DOMAINS.set(open, "C,A,P,S");
                // As a gateway's merchant, which Google Pay's payloads must name.
                open = SiteSetting.GOOGLE_MERCHANT.set(open, DEV_SITE);
                return SiteSetting.OPEN.set(open, "tokenize,verify,purge,bin,encrypt");
            });
            LOG.atInfo().addKeyValue("site", DEV_SITE).log("made a site for development; it serves every host");
        }
    }

    private static void forgetReadersOfNoSite(SiteDirectory sites) {
        try {
            sites.readerCounters().removeOrphans(() -> {
                sites.follow();
                return sites.all().stream().map(Site::id).collect(Collectors.toSet());
            });
        } catch (StoreException e) {
            LOG.warn("counters of readers whose site is no more could not be removed; the next start tries again", e);
        }
    }

    private static void warnOfClearSites(SiteDirectory sites) {
        sites.all().stream()
                .filter(site -> site.storage().mayHaveClearRows())
                .forEach(site -> LOG.atWarn()
                        .addKeyValue("site", site.name())
                        .addKeyValue("encryption", SiteSetting.ENCRYPTION.of(site))
                        .log("CLEAR STORAGE: rows of this site are not encrypted, by its own setting"));
    }

    /// After the keys were rotated that were due. Who tries the vault out has nothing to lose.
    private static void warnOfKeysWithoutBackup(ServerConfig config, LiveKeys keys) {
        if (!config.dev()) {
            keys.backups().state().warning().ifPresent(warning -> LOG.atWarn().log("KEYS WITHOUT BACKUP: {}", warning));
        }
    }

    /// After the store was opened: a start that fails says why, and nothing else.
    private void makeReadyToTry(ServerConfig config, SiteDirectory sites) throws StoreException {
        if (config.dev()) {
            addDevSite(sites);
            warnings.add(SIMULATED_WALLETS);
            warnings.addAll(DevBaseKeys.load(sites, DEV_SITE, InstantSource.system()));
        } else {
            warnings.addAll(DevBaseKeys.warnings(sites));
        }
    }

    /// Who tries the vault out has no phone at hand. The roots of the simulated wallets are new ones at each
    /// start.
    private static Optional<WalletSimulators> simulators(ServerConfig config, SecureRandom random) {
        if (!config.dev()) {
            return Optional.empty();
        }
        return Optional.of(new WalletSimulators(InstantSource.system(), random));
    }

    /// How long after its time what was taken once could still be taken: by the windows of signed requests, and by
    /// that of Apple Pay. What Google signs is marked with the moment at which it expires.
    private static List<Duration> livesOfMarks(SiteDirectory sites, WalletsConfig wallets) {
        return Stream.concat(
                        sites.all().stream().map(site -> site.signing().window()),
                        Stream.of(wallets.applePast().multipliedBy(2).plusSeconds(1)))
                .toList();
    }

    private <T extends AutoCloseable> T open(T part) {
        parts.push(part);
        return part;
    }

    /// Each listener as `KIND HOST:PORT`, in the order in which they were opened.
    public List<String> listeners() {
        return listeners.names();
    }

    /// What whoever starts the server should see, a line each: of what was for trying out, of clocks, and of listeners
    /// without TLS.
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /// Takes no more requests, finishes those in flight, makes durable what waits, and closes the store.
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            closeQuietly(parts.pop());
        }
    }

    static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.atError()
                    .addKeyValue("part", part.getClass().getSimpleName())
                    .addKeyValue("cause", e.getClass().getSimpleName())
                    .log("a part did not close cleanly");
        }
    }
}
