package cardsecure.admin;

import cardsecure.audit.AuditLog;
import cardsecure.card.Pan;
import cardsecure.card.TestCard;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.site.Site;
import cardsecure.store.StoreException;
import cardsecure.wallet.ApplePayKey;
import cardsecure.wallet.WalletKey;
import cardsecure.wallet.WalletKeyPair;
import cardsecure.wallet.WalletKeys;
import cardsecure.wallet.WalletKind;
import cardsecure.wallets.WalletSimulators;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes payloads of wallets for who tries a server out. Safe for threads.
final class WalletSimulation {
    private static final String NOT_HERE =
            "this server believes no simulated wallets; `cardsecure serve --dev` does, on a vault for trying out";

    private final WalletKeys keys;
    private final Optional<WalletSimulators> simulators;
    private final AuditLog audit;
    private final InstantSource clock;
    private final SecureRandom random;

    WalletSimulation(
            WalletKeys keys,
            Optional<WalletSimulators> simulators,
            AuditLog audit,
            InstantSource clock,
            SecureRandom random) {
        this.keys = keys;
        this.simulators = simulators;
        this.audit = audit;
        this.clock = clock;
        this.random = random;
    }

    AdminReply.Answer make(Site site, AdminRequest.WalletSimulate wanted, String user) throws StoreException {
        WalletSimulators simulated = simulators.orElseThrow(() -> new Refusal(ErrorCode.CONFIG_ITEM_BAD, NOT_HERE));
        Pan pan = TestCard.of(wanted.card())
                .orElseThrow(() -> new Refusal(
                        ErrorCode.CONFIG_ITEM_BAD,
                        "published test cards only; `cardsecure simulate --help` names them"))
                .pan();
        if (!wanted.currency().matches("[0-9]{3}") || wanted.amount() < 0) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "no such amount; an amount is 0 or more, a currency its ISO 4217 number, such as 840");
        }
        List<String> lines = new ArrayList<>();
        String deviceData = switch (wanted.wallet()) {
            case APPLE ->
                simulated.applePay(appleKey(site, simulated, user, lines), pan, wanted.amount(), wanted.currency());
            case GOOGLE -> simulated.googlePay(site, googleKey(site, user, lines), pan, wanted.device());
        };
        return new AdminReply.WalletPayload(deviceData, lines);
    }

    private ApplePayKey appleKey(Site site, WalletSimulators simulated, String user, List<String> lines)
            throws StoreException {
        List<ApplePayKey> there = keys.of(WalletKind.APPLE).applePay(site.id());
        if (!there.isEmpty()) {
            return there.getFirst();
        }
        WalletKey made = newKey(site, WalletKind.APPLE, user);
        WalletKey certified = keys.of(WalletKind.APPLE).certify(site.id(), simulated.certificate(site, made.pair()));
        lines.add("site " + site.name() + " had no certified key for Apple Pay: made key " + made.number()
                + ", certified under the simulated authority");
        return certified.applePay().orElseThrow();
    }

    private WalletKeyPair googleKey(Site site, String user, List<String> lines) throws StoreException {
        List<WalletKeyPair> there = keys.of(WalletKind.GOOGLE).googlePay(site.id());
        if (!there.isEmpty()) {
            return there.getFirst();
        }
        WalletKey made = newKey(site, WalletKind.GOOGLE, user);
        lines.add("site " + site.name() + " had no key for Google Pay: made key " + made.number());
        return made.pair();
    }

    private WalletKey newKey(Site site, WalletKind wallet, String user) throws StoreException {
        AuditedChange change = new AuditedChange(audit, wallet.label() + " key", site.name(), user);
        WalletKey made = WalletKey.of(
                WalletKeyPair.generate(WalletKeyPair.Algorithm.EC_P256, random),
                clock.instant().truncatedTo(ChronoUnit.SECONDS));
        try {
            WalletKey added = keys.of(wallet).add(site.id(), made);
            change.record("key " + added.number() + ", EC, SHA-256 " + added.sha256() + ", for a simulated payload");
            return added;
        } catch (StoreException e) {
            throw change.unknown(e);
        }
    }
}
