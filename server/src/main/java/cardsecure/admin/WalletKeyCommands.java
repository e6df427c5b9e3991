package cardsecure.admin;

import cardsecure.audit.AuditLog;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.site.Site;
import cardsecure.store.StoreException;
import cardsecure.wallet.MerchantCertificate;
import cardsecure.wallet.WalletKey;
import cardsecure.wallet.WalletKeyDirectory;
import cardsecure.wallet.WalletKeyPair;
import cardsecure.wallet.WalletKeys;
import cardsecure.wallet.WalletKind;
import cardsecure.wallets.WalletSimulators;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// What administrators can do with the keys of sites for wallets, and the record of what they did. Safe for
/// threads.
final class WalletKeyCommands {
    /// So long before a certificate expires, it is told of.
    private static final Duration EXPIRES_SOON = Duration.ofDays(30);

    private final WalletKeys keys;
    private final AuditLog audit;
    private final InstantSource clock;
    private final SecureRandom random;
    private final WalletSimulation simulation;

    /// @param simulators those that the server believes, if it does
    WalletKeyCommands(
            WalletKeys keys,
            Optional<WalletSimulators> simulators,
            AuditLog audit,
            InstantSource clock,
            SecureRandom random) {
        this.simulation = new WalletSimulation(keys, simulators, audit, clock, random);
        this.keys = keys;
        this.audit = audit;
        this.clock = clock;
        this.random = random;
    }

    AdminReply.Answer answer(Site site, AdminRequest.OfWalletKeys request, String user) throws StoreException {
        return switch (request) {
            case AdminRequest.WalletKeyList(String _, WalletKind wallet) -> list(site, wallet);
            case AdminRequest.WalletKeyNew make -> make(site, make.wallet(), make.algorithm(), user);
            case AdminRequest.WalletKeyRequest(String _, int key) -> requestAgain(site, key);
            case AdminRequest.WalletKeyCertify(String _, String certificate) -> certify(site, certificate, user);
            case AdminRequest.WalletSimulate wanted -> simulation.make(site, wanted, user);
            case AdminRequest.WalletKeyRemove(String _, WalletKind wallet, int key) -> remove(site, wallet, key, user);
        };
    }

    private AdminReply.Answer list(Site site, WalletKind wallet) {
        return new AdminReply.WalletKeys(
                keys.of(wallet).of(site.id()).stream().map(this::view).toList());
    }

    private WalletKeyView view(WalletKey key) {
        return WalletKeyView.of(key, clock.instant());
    }

    private AdminReply.Answer make(Site site, WalletKind wallet, WalletKeyPair.Algorithm algorithm, String user)
            throws StoreException {
        if (wallet == WalletKind.GOOGLE && algorithm != WalletKeyPair.Algorithm.EC_P256) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "Google Pay takes keys of EC alone");
        }
        // Before anything waits for it: one of RSA can take a second.
        WalletKey made = WalletKey.of(
                WalletKeyPair.generate(algorithm, random), clock.instant().truncatedTo(ChronoUnit.SECONDS));
        AuditedChange change = new AuditedChange(audit, wallet.label() + " key", site.name(), user);
        WalletKey added;
        try {
            added = keys.of(wallet).add(site.id(), made);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        change.record("key " + added.number() + ", " + algorithm.label() + ", SHA-256 " + added.sha256());
        return made(site, added, wallet);
    }

    private AdminReply.Answer made(Site site, WalletKey key, WalletKind wallet) {
        List<String> warnings = wallet == WalletKind.GOOGLE && site.wallets().refusesAllOfGoogle()
                ? List.of("warning: " + site.name() + " has a gateway's google-recipient and no google-merchant, so it"
                        + " refuses every payload; `cardsecure site set " + site.name()
                        + " google-merchant=NAME` names it")
                : List.of();
        return new AdminReply.WalletKeyMade(view(key), key.certificateRequest(site.name()), warnings);
    }

    /// The request for a key that is there already, as one can be lost.
    private AdminReply.Answer requestAgain(Site site, int number) {
        return made(
                site,
                keys.of(WalletKind.APPLE).of(site.id()).stream()
                        .filter(key -> key.number() == number)
                        .findFirst()
                        .orElseThrow(() -> new Refusal(
                                ErrorCode.CONFIG_ITEM_BAD,
                                "the site has no key of that number; `cardsecure apple list` shows those it has")),
                WalletKind.APPLE);
    }

    private AdminReply.Answer certify(Site site, String file, String user) throws StoreException {
        MerchantCertificate certificate = MerchantCertificate.parse(decoded(file));
        AuditedChange change = new AuditedChange(audit, "apple import", site.name(), user);
        WalletKeyDirectory apple = keys.of(WalletKind.APPLE);
        WalletKey certified;
        try {
            certified = apple.certify(site.id(), certificate);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        String what = certificate + ", expires " + certificate.expires();
        change.record("key " + certified.number() + ", " + what);
        List<String> lines =
                new ArrayList<>(List.of("key " + certified.number() + " of " + site.name() + " has " + what));
        if (!certificate.namesApple()) {
            lines.add("warning: by its issuer's name the certificate is none of Apple's (Worldwide Developer"
                    + " Relations), and Apple encrypts for its own alone; import apple_pay.cer as Apple's portal"
                    + " gives it");
        }
        apple.expiring(clock.instant(), EXPIRES_SOON)
                .getOrDefault(site.id(), List.of())
                .forEach(key -> lines.add("warning: the certificate of key " + key.number()
                        + " expires or has expired; `cardsecure apple csr` begins its renewal"));
        return new AdminReply.Done(lines);
    }

    private static byte[] decoded(String file) {
        try {
            return Base64.getDecoder().decode(file);
        } catch (IllegalArgumentException _) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "the certificate did not arrive whole");
        }
    }

    private AdminReply.Answer remove(Site site, WalletKind wallet, int number, String user) throws StoreException {
        AuditedChange change = new AuditedChange(audit, wallet.label() + " remove", site.name() + "/" + number, user);
        int left;
        try {
            left = keys.of(wallet).remove(site.id(), number);
        } catch (StoreException e) {
            throw change.unknown(e);
        }
        change.record("removed");
        List<String> lines = new ArrayList<>(List.of("key " + number + " of " + site.name() + " removed"));
        if (left == 0) {
            lines.add("warning: " + site.name() + " has no key for this wallet any more: its payloads get 0024");
        }
        return new AdminReply.Done(lines);
    }
}
