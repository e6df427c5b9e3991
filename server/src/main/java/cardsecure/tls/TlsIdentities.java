package cardsecure.tls;

import cardsecure.config.ListenerConfig.ClientCertificates;
import cardsecure.config.TlsConfig;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificates that the server shows and the authorities whose clients it trusts, which follow their files: a new
/// certificate counts for connections that begin after it was seen, those that are open live on. Safe for threads.
public final class TlsIdentities implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TlsIdentities.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);
    private static final Duration EXPIRES_SOON = Duration.ofDays(14);
    private static final Duration REMIND_EVERY = Duration.ofDays(1);

    private final TlsConfig config;
    private final TlsFiles files;
    private final InstantSource clock;
    private final ScheduledExecutorService looker;

    private volatile TlsState state;

    // Touched by the thread that looks, and before it starts.
    private Map<Path, ?> loaded;
    private Map<Path, ?> seen;
    private Instant reminded;

    private TlsIdentities(TlsConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.files = TlsFiles.of(config);
        this.loaded = files.stamps();
        this.seen = loaded;
        this.state = TlsState.read(config);
        this.reminded = clock.instant();
        this.looker = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("tls-files").daemon().factory());
    }

    /// Reads the files, and looks every few seconds whether they changed.
    ///
    /// @throws Refusal `0044` with the file and what is wrong with it
    public static TlsIdentities open(TlsConfig config, InstantSource clock) {
        TlsIdentities identities = openStill(config, clock);
        var _ = identities.looker.scheduleWithFixedDelay(
                identities::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return identities;
    }

    /// As [#open], but looks only when [#look] is called.
    static TlsIdentities openStill(TlsConfig config, InstantSource clock) {
        if (config.identities().isEmpty()) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "tls: certificates has nothing to show");
        }
        TlsIdentities identities = new TlsIdentities(config, clock);
        identities.files.secret().forEach(TlsIdentities::warnIfOpen);
        identities.warnOfExpiry();
        return identities;
    }

    /// TLS for a listener.
    public ServerTls forClients(ClientCertificates asked) {
        return new ServerTls(() -> state.context(asked), asked);
    }

    /// Reads the files again if they changed and have come to rest: a certificate and its key are rarely replaced at
    /// the same moment. What does not fit together yet is tried again when one of them changes.
    void look() {
        try {
            Map<Path, ?> now = files.stamps();
            boolean atRest = now.equals(seen);
            seen = now;
            if (atRest && !now.equals(loaded)) {
                loaded = now;
                reload();
            }
            if (clock.instant().isAfter(reminded.plus(REMIND_EVERY))) {
                reminded = clock.instant();
                warnOfExpiry();
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the certificates could not be looked at; the former ones stay");
        }
    }

    private void reload() {
        try {
            state = TlsState.read(config);
            LOG.atInfo().addKeyValue("certificates", state.identities()).log("certificates were read again");
            files.secret().forEach(TlsIdentities::warnIfOpen);
            warnOfExpiry();
        } catch (Refusal e) {
            LOG.atError()
                    .addKeyValue("reason", e.reason())
                    .log("changed certificates cannot be used; the former ones stay");
        }
    }

    private void warnOfExpiry() {
        Instant now = clock.instant();
        for (TlsIdentity identity : state.identities()) {
            Instant from = identity.certificate().getNotBefore().toInstant();
            Instant until = identity.certificate().getNotAfter().toInstant();
            if (now.isAfter(until)) {
                warn(identity, until, "A CERTIFICATE HAS EXPIRED: clients will refuse it");
            } else if (now.isBefore(from)) {
                warn(identity, until, "a certificate is not valid yet: clients will refuse it");
            } else if (now.plus(EXPIRES_SOON).isAfter(until)) {
                warn(identity, until, "a certificate expires soon");
            }
        }
    }

    private static void warn(TlsIdentity identity, Instant until, String what) {
        LOG.atWarn()
                .addKeyValue("names", identity.names())
                .addKeyValue("until", until)
                .log(what);
    }

    private static void warnIfOpen(Path file) {
        try {
            Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(file));
            others.removeAll(PosixFilePermissions.fromString("rwxrw----"));
            if (!others.isEmpty()) {
                LOG.atWarn()
                        .addKeyValue("file", file)
                        .log("a file with a TLS key is open to every user of this machine: chmod 600");
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.atWarn().addKeyValue("file", file).log("who can read a file with a TLS key cannot be told");
        }
    }

    @Override
    public void close() {
        looker.shutdownNow();
    }
}
