package cardsecure.wallets;

import cardsecure.card.Pan;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.site.Site;
import cardsecure.wallet.ApplePayKey;
import cardsecure.wallet.ApplePaySimulator;
import cardsecure.wallet.GooglePayRootKeys;
import cardsecure.wallet.GooglePaySimulator;
import cardsecure.wallet.GooglePayToken;
import cardsecure.wallet.MerchantCertificate;
import cardsecure.wallet.WalletKeyPair;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Optional;

/// What stands in for Apple and Google in a server for trying out. Its roots live as long as the process, in
/// memory alone. Safe for threads.
public final class WalletSimulators {
    private static final int YEARS_VALID = 3;
    private static final int ID_BYTES = 16;

    /// As Google's live.
    private static final Duration MESSAGE_LIFE = Duration.ofDays(7);

    private final ApplePaySimulator apple;
    private final GooglePaySimulator google;
    private final GooglePayRootKeys googleKeys;
    private final InstantSource clock;
    private final SecureRandom random;

    /// Makes all roots, new ones.
    public WalletSimulators(InstantSource clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
        this.apple = new ApplePaySimulator(random, clock.instant());
        this.google = new GooglePaySimulator(random, clock.instant());
        this.googleKeys = GooglePayRootKeys.parse(google.rootKeys().reveal());
    }

    X509Certificate appleRoot() {
        return apple.root();
    }

    GooglePayRootKeys googleKeys() {
        return googleKeys;
    }

    /// A certificate as Apple would issue it for a key of a site.
    public MerchantCertificate certificate(Site site, WalletKeyPair pair) {
        return apple.merchantCertificate(pair, "merchant.simulated." + site.name(), clock.instant());
    }

    /// A payload of Apple Pay, signed now, in the form that a socket's data have.
    ///
    /// @param amount in the currency's smallest unit
    /// @param currency ISO 4217, three digits
    public String applePay(ApplePayKey key, Pan pan, long amount, String currency) {
        return apple.token(key, apple.payload(pan, expiry(), amount, currency), clock.instant(), Optional.empty())
                .deviceData();
    }

    /// A payload of Google Pay for a site, in the form that a socket's data have.
    ///
    /// @param device whether it is a device's number, with a cryptogram; else the card's own
    /// @throws Refusal `0044` for a site that would refuse every payload
    public String googlePay(Site site, WalletKeyPair key, Pan pan, boolean device) {
        String recipient = site.wallets().googleRecipient();
        Optional<String> merchant = site.wallets().googleMerchant();
        if (site.wallets().refusesAllOfGoogle()) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "site " + site.name()
                            + " has a gateway's google-recipient and no google-merchant, so it refuses every"
                            + " payload; `cardsecure site set " + site.name() + " google-merchant=NAME` names it");
        }
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        byte[] token = google.token(
                        GooglePayToken.Version.EC_V2,
                        recipient,
                        key,
                        google.message(
                                pan,
                                expiry(),
                                device,
                                HexFormat.of().formatHex(id),
                                clock.instant().plus(MESSAGE_LIFE),
                                merchant))
                .reveal();
        return new String(token, StandardCharsets.UTF_8) + "&ectype=google";
    }

    private YearMonth expiry() {
        return YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC)).plusYears(YEARS_VALID);
    }
}
