package cardsecure.server;

import cardsecure.admin.KeyBackupView;
import cardsecure.admin.KeyCommands;
import cardsecure.admin.ServerStatus;
import cardsecure.backup.FormerKeystores;
import cardsecure.config.ServerConfig;
import cardsecure.config.StoreLocation;
import cardsecure.error.Refusal;
import cardsecure.keys.DataKey;
import cardsecure.keys.DataKeys;
import cardsecure.keys.KeyId;
import cardsecure.rotation.LiveKeys;
import cardsecure.site.Site;
import cardsecure.site.Storage;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import cardsecure.vault.Gate;
import cardsecure.vault.SiteDirectory;
import cardsecure.vault.Vault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// Says how the server is, whenever it is asked.
final class StatusReport {
    private static final String OK = "ok";

    private final ServerConfig config;
    private final InstantSource clock;
    private final Instant started;
    private final TokenStore store;
    private final LiveKeys keys;
    private final KeyCommands keyCommands;
    private final SiteDirectory sites;
    private final Vault vault;
    private final Listeners listeners;

    StatusReport(
            ServerConfig config,
            InstantSource clock,
            TokenStore store,
            LiveKeys keys,
            KeyCommands keyCommands,
            SiteDirectory sites,
            Vault vault,
            Listeners listeners) {
        this.config = config;
        this.clock = clock;
        this.started = clock.instant();
        this.store = store;
        this.keys = keys;
        this.keyCommands = keyCommands;
        this.sites = sites;
        this.vault = vault;
        this.listeners = listeners;
    }

    ServerStatus now() {
        List<Site> all = sites.all();
        return new ServerStatus(
                Version.text(),
                keys.ring().vault(),
                started,
                Duration.between(started, clock.instant()),
                config.dev(),
                listeners.described(),
                storeStatus(),
                keyCommands.kek(),
                dataKeys(),
                KeyBackupView.of(keys.backups()),
                all.size(),
                all.stream()
                        .filter(site -> site.storage().mayHaveClearRows())
                        .map(StatusReport::clearSite)
                        .toList(),
                all.stream()
                        .filter(site -> site.signing().on()
                                && sites.signingKeys().of(site.id()).isEmpty())
                        .map(Site::name)
                        .toList(),
                formerKeystores(),
                vault.answered(),
                vault.refused(),
                callers());
    }

    private List<String> formerKeystores() {
        try {
            return FormerKeystores.in(config.data()).stream()
                    .map(file -> String.valueOf(file.getFileName()))
                    .toList();
        } catch (IOException _) {
            return List.of("(the data directory cannot be read)");
        }
    }

    private ServerStatus.Callers callers() {
        Gate.Counts counts = vault.gateCounts();
        return new ServerStatus.Callers(
                sites.users().count(),
                counts.inFlight(),
                counts.failedLogins(),
                counts.overRate(),
                counts.overloaded(),
                counts.wrongAddress(),
                vault.failedDecryptions());
    }

    private static String clearSite(Site site) {
        return site.storage() == Storage.CLEAR ? site.name() : site.name() + " (old rows)";
    }

    private ServerStatus.Store storeStatus() {
        return switch (config.store().location()) {
            case StoreLocation.Rocks rocks -> {
                Path path = rocks.directory(config.data()).toAbsolutePath();
                yield new ServerStatus.Store(
                        "rocksdb",
                        path.toString(),
                        health(),
                        store.approximateRows(),
                        OptionalLong.of(path.toFile().getUsableSpace()));
            }
            case StoreLocation.Postgres postgres -> {
                String health = health();
                yield new ServerStatus.Store(
                        "postgresql",
                        postgres.shown(config.data()),
                        health,
                        health.startsWith(OK) ? store.approximateRows() : OptionalLong.empty(),
                        OptionalLong.empty());
            }
        };
    }

    /// The store's health, and what else there is to be said of it. One that fails is not asked for more.
    private String health() {
        String health = store.health();
        if (!health.equals(OK)) {
            return health;
        }
        List<String> warnings = new ArrayList<>();
        try {
            Clocks.read(store.peers(), clock).warning().ifPresent(warnings::add);
            if (keys.settings().haveRemains()) {
                warnings.add("KEYS REMAIN: sealed keys that were removed are still in its files; the log says what is"
                        + " in the way, and docs/postgresql.md what helps");
            }
            if (keys.hasFormerKek()) {
                warnings.add("ANOTHER KEK wraps the vault's keys now: restart this server with its `kek: uri`");
            }
        } catch (StoreException _) {
            // It was well a moment ago, and will say why it no longer is.
        } catch (Refusal refusal) {
            // Its keystore is gone, or none.
            warnings.add(refusal.reason());
        }
        return warnings.isEmpty() ? health : health + ", but " + String.join("; ", warnings);
    }

    private List<String> dataKeys() {
        DataKeys dataKeys = keys.ring().dataKeys();
        Stream<KeyId> others = dataKeys.opening().stream()
                .map(DataKey::id)
                .filter(id -> !id.equals(dataKeys.current().id()));
        return Stream.concat(Stream.of(dataKeys.current().id()), others)
                .map(KeyId::text)
                .toList();
    }
}
