package cardsecure.admin;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import cardsecure.backup.FormerKeystores;
import cardsecure.card.Domain;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.rotation.KeyProcedures;
import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.GroupCommit;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import cardsecure.token.Token;
import cardsecure.vault.ShortLivedData;
import cardsecure.vault.SiteDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/// A server as far as administrators see it: sites in a memory store, and the channel.
public final class AdminFixture implements AutoCloseable {
    private static final Instant STARTED = Instant.parse("2026-11-23T10:00:00Z");

    private final TokenStore store;
    private final GroupCommit commits;
    private final SiteDirectory sites;
    private final KeyProcedures procedures;
    private final List<String> audit = new CopyOnWriteArrayList<>();
    private final AdminServer server;

    private AdminFixture(Path data, TokenStore store, Duration ioTimeout, InstantSource clock, boolean testKeysAllowed)
            throws IOException, StoreException {
        this.store = store;
        this.commits = new GroupCommit(store, 10, 10);
        AuditLog log =
                event -> audit.add(event instanceof AuditEvent.Administered(String what) ? what : event.toString());
        AdminSocket.prepareDirectory(data);
        TestKeys keys = TestKeys.of(store, commits, data, log, InstantSource.fixed(STARTED));
        sites = new SiteDirectory(store, commits, keys.live().settings());
        KeyProcedures.requireKeysOf(store, keys.live());
        procedures = keys.procedures(store, commits, sites, log);
        procedures.begin();
        AdminCommands commands = new AdminCommands(
                sites,
                keys.commands(),
                new RotationCommands(procedures, store, data, log),
                new BdkCommands(sites, log, clock, testKeysAllowed),
                new ShortLivedCommands(
                        new ShortLivedData(
                                store, commits, new ShortLivedKeys(keys.live().settings(), SecureRandom::new), clock),
                        log),
                Optional.empty(),
                log,
                () -> status(data));
        server = AdminServer.start(AdminSocket.in(data), commands, ioTimeout);
    }

    /// A server that runs on a data directory.
    public static AdminFixture on(Path data) throws IOException, StoreException {
        return new AdminFixture(
                data, new MemoryTokenStore(), Duration.ofSeconds(10), InstantSource.fixed(STARTED), false);
    }

    /// A server on a store that there is, for trying out or not.
    public static AdminFixture on(Path data, TokenStore store, boolean testKeysAllowed)
            throws IOException, StoreException {
        return new AdminFixture(data, store, Duration.ofSeconds(10), InstantSource.fixed(STARTED), testKeysAllowed);
    }

    /// A server whose base keys are loaded at other times.
    public static AdminFixture on(Path data, InstantSource clock) throws IOException, StoreException {
        return new AdminFixture(data, new MemoryTokenStore(), Duration.ofSeconds(10), clock, false);
    }

    /// A server that has little patience.
    static AdminFixture impatient(Path data, Duration ioTimeout) throws IOException, StoreException {
        return new AdminFixture(data, new MemoryTokenStore(), ioTimeout, InstantSource.fixed(STARTED), false);
    }

    /// What was recorded, a line each, without who did it.
    public List<String> audit() {
        return audit.stream().map(line -> line.replaceFirst(" by \\S+:", ":")).toList();
    }

    /// Puts a token into a site.
    public void putToken(String site) throws StoreException {
        SiteId id = sites.named(site).orElseThrow().id();
        TokenPlace place = new TokenPlace(id, Domain.CARD, new Token("9444433332221111"));
        store.write(List.of(
                new Change.Insert(new TokenRow(place, Optional.empty(), Optional.of(new SealedData(new byte[] {1}))))));
    }

    private ServerStatus status(Path data) {
        return new ServerStatus(
                "0.1.0",
                "00112233445566778899aabbccddeeff",
                STARTED,
                Duration.ofSeconds(93_784),
                true,
                List.of("http 127.0.0.1:6080"),
                new ServerStatus.Store(
                        "memory", data.getFileName().toString(), "ok", OptionalLong.of(3), OptionalLong.of(5L << 30)),
                new ServerStatus.Kek("0123456789abcdef", "file:kek.key"),
                List.of("001"),
                KeyBackupView.of(procedures.backups()),
                sites.all().size(),
                List.of(),
                List.of(),
                formerKeystores(data),
                7,
                2,
                new ServerStatus.Callers(sites.users().count(), 1, 3, 4, 5, 6, 7));
    }

    private static List<String> formerKeystores(Path data) {
        try {
            return FormerKeystores.in(data).stream()
                    .map(Path::getFileName)
                    .map(String::valueOf)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        procedures.close();
        commits.close();
    }
}
