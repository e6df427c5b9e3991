package cardsecure.socket;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.ErrorIds;
import cardsecure.config.LimitsConfig;
import cardsecure.config.Listen;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.ClientCertificates;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.ProxyHeader;
import cardsecure.config.ListenerConfig.WhenFull;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.CallerCipher;
import cardsecure.crypto.Fingerprinter;
import cardsecure.crypto.SealedSettings;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.keys.KeyRing;
import cardsecure.rsa.RsaWorkers;
import cardsecure.site.AddressRange;
import cardsecure.site.Site;
import cardsecure.site.SiteSetting;
import cardsecure.store.GroupCommit;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.StoreException;
import cardsecure.token.TokenGenerator;
import cardsecure.vault.EncryptedData;
import cardsecure.vault.EncryptedSources;
import cardsecure.vault.Gate;
import cardsecure.vault.ShortLivedData;
import cardsecure.vault.SiteDirectory;
import cardsecure.vault.Tokenizer;
import cardsecure.vault.Vault;
import cardsecure.wallet.WalletTrust;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A vault in memory and listeners for sockets on it. The usual one has no name of a site; the site `dev` is the
/// default and may do everything.
final class SocketFixture implements AutoCloseable {
    /// So long that no test waits for it.
    static final Duration LONG = Duration.ofSeconds(60);

    private final MemoryTokenStore store = new MemoryTokenStore();
    private final GroupCommit commits = new GroupCommit(store, 1000, 100);
    private final List<AuditEvent> audit = new CopyOnWriteArrayList<>();
    private final List<SocketFront> fronts = new ArrayList<>();
    private final SiteDirectory sites;
    private final Vault vault;
    private volatile Consumer<AuditEvent> listener = _ -> {};

    SocketFixture() throws StoreException {
        KeyRing ring = KeyRing.create(new Random(1), Instant.EPOCH);
        Barrier barrier = new Barrier(ring, SecureRandom::new);
        SealedSettings settings = new SealedSettings(store, barrier);
        this.sites = new SiteDirectory(store, commits, settings);
        Tokenizer tokenizer = new Tokenizer(
                store,
                commits,
                barrier,
                new Fingerprinter(ring.fingerprintKeys()),
                new TokenGenerator(new SecureRandom()));
        Gate gate = Gate.usual(sites.users(), 1000, new SecureRandom());
        CallerCipher cipher = new CallerCipher(ring, SecureRandom::new);
        EncryptedData encrypted =
                new EncryptedData(sites.rsaKeys(), RsaWorkers.usual(), this::record, InstantSource.system());
        this.vault = new Vault(
                sites,
                tokenizer,
                new ShortLivedData(
                        store, commits, new ShortLivedKeys(settings, SecureRandom::new), InstantSource.system()),
                EncryptedSources.of(sites, encrypted, WalletTrust::nobody, InstantSource.system(), true),
                cipher,
                gate,
                InstantSource.system(),
                this::record,
                new ErrorIds(new Random(1)));
        addSite(
                "dev",
                Map.of(
                        SiteSetting.DEFAULT,
                        "on",
                        SiteSetting.DOMAINS,
                        "C,A,P,S",
                        SiteSetting.OPEN,
                        "tokenize,verify,purge,bin,encrypt,decrypt"));
    }

    private void record(AuditEvent event) {
        listener.accept(event);
        audit.add(event);
    }

    /// Has somebody hear of each event before the request goes on.
    void onEvent(Consumer<AuditEvent> newListener) {
        listener = newListener;
    }

    void addSite(String name, Map<SiteSetting, String> settings) throws StoreException {
        sites.add(name, site -> {
            Site changed = site;
            for (Map.Entry<SiteSetting, String> setting : settings.entrySet()) {
                changed = setting.getKey().set(changed, setting.getValue());
            }
            return changed;
        });
    }

    /// Starts a listener.
    SocketFront start(ListenerConfig config, SocketTimes times, Optional<SocketTls> tls) {
        LimitsConfig usual = LimitsConfig.defaults();
        LimitsConfig limits = new LimitsConfig(
                usual.requestTargetMax(),
                usual.headersMax(),
                usual.bodyMax(),
                usual.frameMax(),
                usual.connectionsMax(),
                usual.requestsInFlightMax(),
                usual.writeQueueMax(),
                usual.writeBatchMax(),
                usual.idleTimeout(),
                LONG);
        SocketFront front = new SocketFront(config, limits, times, tls, vault, this::record);
        fronts.add(front);
        return front;
    }

    /// Starts a listener whose connections have all the time they want.
    SocketFront start(ListenerConfig config) {
        return start(config, patient(), Optional.empty());
    }

    /// Starts the usual listener.
    SocketFront start() {
        return start(config(Kind.SOCKET, 100, WhenFull.WAIT));
    }

    static SocketTimes patient() {
        return new SocketTimes(LONG, LONG, LONG, LONG, LONG, Duration.ofMillis(5));
    }

    static ListenerConfig config(Kind kind, int connectionsMax, WhenFull whenFull) {
        return config(kind, connectionsMax, whenFull, Optional.empty(), List.of(), List.of());
    }

    static ListenerConfig config(
            Kind kind,
            int connectionsMax,
            WhenFull whenFull,
            Optional<String> site,
            List<AddressRange> addresses,
            List<AddressRange> proxies) {
        return new ListenerConfig(
                kind,
                new Listen.At(Listen.LOOPBACK, 0),
                site,
                addresses,
                connectionsMax,
                whenFull,
                LONG,
                ClientCertificates.OFF,
                proxies.isEmpty() ? ProxyHeader.NONE : ProxyHeader.PROXY_PROTOCOL,
                proxies);
    }

    /// What was recorded so far.
    List<AuditEvent> audit() {
        return List.copyOf(audit);
    }

    @Override
    public void close() throws IOException {
        fronts.forEach(SocketFront::close);
        commits.close();
        store.close();
    }
}
