package cardsecure.wallets;

import cardsecure.site.Site;
import cardsecure.vault.SiteDirectory;
import cardsecure.wallet.GooglePayRootKeys;
import cardsecure.wallet.MerchantCertificate;
import cardsecure.wallet.WalletKey;
import cardsecure.wallet.WalletKeyDirectory;
import cardsecure.wallet.WalletKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks whether the files of roots changed, and warns, at a start, after a change and daily, of what lets no
/// payload through, now or soon (a root key or a merchant's certificate that expires, a site whose payloads
/// nobody is there to verify), and of what lets too many through. Safe for threads.
public final class WalletWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WalletWatch.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
    private static final Duration EXPIRES_SOON = Duration.ofDays(14);
    private static final Duration REMIND_EVERY = Duration.ofDays(1);

    private final WalletRoots roots;
    private final SiteDirectory sites;
    private final InstantSource clock;
    private final ScheduledExecutorService looker;

    /// Touched by the thread that looks, and before it starts.
    private Instant reminded;

    /// Takes its parts.
    ///
    /// @param sites whose keys are for wallets
    public WalletWatch(WalletRoots roots, SiteDirectory sites, InstantSource clock) {
        this.roots = roots;
        this.sites = sites;
        this.clock = clock;
        this.reminded = clock.instant();
        this.looker = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("wallet-roots").daemon().factory());
    }

    /// Warns, and looks every few seconds until it is closed.
    public WalletWatch start() {
        warn();
        var _ = looker.scheduleWithFixedDelay(
                this::look, LOOK_EVERY.toMillis(), LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    /// Looks once.
    void look() {
        try {
            boolean changed = roots.look();
            if (changed || clock.instant().isAfter(reminded.plus(REMIND_EVERY))) {
                reminded = clock.instant();
                warn();
            }
        } catch (RuntimeException e) {
            // Thrown on, it would end the schedule.
            LOG.atError().setCause(e).log("the roots for wallets could not be looked at; the former ones stay");
        }
    }

    private void warn() {
        warnings().forEach(warning -> LOG.atWarn().log("WALLETS: {}", warning));
    }

    /// What there is to warn of, a line each.
    List<String> warnings() {
        Instant now = clock.instant();
        List<String> warnings = new ArrayList<>();
        roots.appleFile()
                .ifPresent(file -> file.value()
                        .map(root -> root.getNotAfter().toInstant())
                        .filter(expires -> isSoon(expires, now))
                        .ifPresent(expires -> warnings.add(
                                "Apple's root in " + file.file() + when(expires, now) + ": see docs/wallets.md")));
        for (WatchedFile<GooglePayRootKeys> file : roots.googleFiles()) {
            ofGoogle(file, now, warnings);
        }
        for (Site site : sites.all()) {
            ofSite(site, now, warnings);
        }
        return warnings;
    }

    private static void ofGoogle(WatchedFile<GooglePayRootKeys> file, Instant now, List<String> warnings) {
        file.complaint()
                .ifPresent(complaint -> warnings.add(complaint
                        + (file.value().isPresent()
                                ? "; the keys that it held before are in force"
                                : "; nobody is believed in Google's name for it, and each such payload is refused")));
        if (file.value().isEmpty()) {
            return;
        }
        GooglePayRootKeys keys = file.value().get();
        Optional<Instant> expires = keys.firstExpiry().filter(soon -> isSoon(soon, now));
        if (expires.isPresent()) {
            warnings.add("a root key of Google's in " + file.file() + when(expires.get(), now)
                    + ": refresh the file, see docs/wallets.md");
        } else if (!keys.verifiesPayments(now)) {
            warnings.add("no root key in " + file.file() + " verifies payments of ECv2: fetch Google's file, see"
                    + " docs/wallets.md");
        }
    }

    private void ofSite(Site site, Instant now, List<String> warnings) {
        boolean test = site.wallets().googleTest();
        boolean google = !sites.walletKeys().of(WalletKind.GOOGLE).of(site.id()).isEmpty();
        if (google && !roots.believesGoogle(test)) {
            warnings.add(
                    "site " + site.name() + " has keys for Google Pay, and there is no file of Google's root keys: "
                            + "wallets: " + (test ? "google-test-keys" : "google-keys")
                            + " names none that can be used, so every payload is refused");
        }
        if (google && site.wallets().refusesAllOfGoogle()) {
            warnings.add("site " + site.name() + " has keys for Google Pay, a gateway's google-recipient and no"
                    + " google-merchant, so every payload is refused: `cardsecure site set` names it");
        }
        if (test) {
            warnings.add("site " + site.name() + " believes Google's keys for tests (google-test=on): anybody who has"
                    + " a test account can make up payments for it");
        }
        ofApple(site, now, warnings);
    }

    private void ofApple(Site site, Instant now, List<String> warnings) {
        WalletKeyDirectory apple = sites.walletKeys().of(WalletKind.APPLE);
        List<WalletKey> expiring = apple.expiring(now, EXPIRES_SOON).getOrDefault(site.id(), List.of());
        for (WalletKey key : expiring) {
            Instant expires = key.certificate().orElseThrow().expires();
            warnings.add("the certificate of key " + key.number() + " of site " + site.name() + " for Apple Pay"
                    + when(expires, now) + ": `cardsecure apple csr` begins its renewal");
        }
        if (!roots.simulates()) {
            apple.of(site.id()).stream()
                    .filter(key -> key.certificate()
                            .filter(MerchantCertificate::isSimulated)
                            .isPresent())
                    .forEach(key -> warnings.add("the certificate of key " + key.number() + " of site " + site.name()
                            + " for Apple Pay is a simulated one, for which Apple encrypts nothing:"
                            + " `cardsecure apple remove` removes it"));
        }
    }

    private static String when(Instant expires, Instant now) {
        return (isPast(expires, now) ? " has expired, on " : " expires ") + expires;
    }

    private static boolean isSoon(Instant expires, Instant now) {
        return expires.isBefore(now.plus(EXPIRES_SOON));
    }

    private static boolean isPast(Instant expires, Instant now) {
        return !now.isBefore(expires);
    }

    @Override
    public void close() {
        looker.shutdownNow();
    }
}
