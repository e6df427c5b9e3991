package cardsecure.vault;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.audit.AuditEvent;
import cardsecure.card.Pan;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.site.SiteSetting;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.StoreException;
import cardsecure.wallet.ApplePay;
import cardsecure.wallet.ApplePayKey;
import cardsecure.wallet.ApplePaySimulator;
import cardsecure.wallet.GooglePay;
import cardsecure.wallet.GooglePayRootKeys;
import cardsecure.wallet.GooglePaySimulator;
import cardsecure.wallet.GooglePayToken;
import cardsecure.wallet.WalletKey;
import cardsecure.wallet.WalletKeyPair;
import cardsecure.wallet.WalletKind;
import cardsecure.wallet.WalletParameters;
import cardsecure.wallet.WalletTrust;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A whole vault with keys for wallets, and who signs and encrypts for them.
abstract class WalletFixture {
    static final String FAILURE = "0024::Decryption failure";
    static final String MERCHANT = "496160873888";
    static final YearMonth EXPIRY = YearMonth.of(2019, 3);
    static final SecureRandom RANDOM = new SecureRandom();
    static final Instant NOW = Instant.parse("2014-01-01T00:00:01Z");
    static final ApplePaySimulator APPLE = new ApplePaySimulator(RANDOM, NOW);
    static final ApplePaySimulator OTHER_APPLE = new ApplePaySimulator(RANDOM, NOW);
    static final GooglePaySimulator GOOGLE = new GooglePaySimulator(RANDOM, NOW);
    static final GooglePaySimulator OTHER_GOOGLE = new GooglePaySimulator(RANDOM, NOW);
    static final WalletKeyPair PAIR = WalletKeyPair.generate(WalletKeyPair.Algorithm.EC_P256, RANDOM);

    final MemoryTokenStore store = new MemoryTokenStore();
    final TestVault vault = newVault();
    private int messages;

    TestVault newVault() {
        return newVault(new ForwardingTokenStore(store) {
            @Override
            public void close() {
                // Another vault may have it still.
            }
        });
    }

    static TestVault newVault(ForwardingTokenStore on) {
        return newVault(on, new LooksNowAndThen());
    }

    static TestVault newVault(ForwardingTokenStore on, KnownShare knownShare) {
        try {
            TestVault made = new TestVault(on, new Random(7), 1000, knownShare);
            made.trust = trust(made, List.of(APPLE), List.of(GOOGLE));
            return made;
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    static WalletTrust trust(TestVault vault, List<ApplePaySimulator> apple, List<GooglePaySimulator> google) {
        return new WalletTrust(
                apple.stream()
                        .map(each -> new ApplePay(each.root(), vault.time::get, ApplePay.PAST, ApplePay.FUTURE))
                        .toList(),
                google.stream()
                        .map(each -> new GooglePay(
                                GooglePayRootKeys.parse(each.rootKeys().reveal()), vault.time::get))
                        .toList(),
                List.of());
    }

    @BeforeEach
    void addKeys() throws StoreException {
        vault.sites.walletKeys().of(WalletKind.APPLE).add(site(), WalletKey.of(PAIR, NOW));
        vault.sites
                .walletKeys()
                .of(WalletKind.APPLE)
                .certify(site(), APPLE.merchantCertificate(PAIR, "merchant.example.shop", NOW));
        vault.sites.walletKeys().of(WalletKind.GOOGLE).add(site(), WalletKey.of(PAIR, NOW));
        vault.set(SiteSetting.GOOGLE_MERCHANT, MERCHANT);
    }

    @AfterEach
    void close() {
        vault.close();
        store.close();
    }

    SiteId site() {
        return vault.sites.named(TestVault.SITE).orElseThrow().id();
    }

    ApplePayKey appleKey() {
        return vault.sites.walletKeys().of(WalletKind.APPLE).applePay(site()).getFirst();
    }

    static Pan pan(String digits) {
        return Pan.parse(secret(digits));
    }

    static SecretBytes payload(String pan, long amount, String currency) {
        return APPLE.payload(pan(pan), EXPIRY, amount, currency);
    }

    String apple(String pan) {
        return apple(APPLE, payload(pan, 1000, "840"));
    }

    String apple(ApplePaySimulator by, SecretBytes payload) {
        return by.token(appleKey(), payload, vault.time.get(), Optional.empty()).deviceData();
    }

    String google(String pan, boolean device) {
        return google(GOOGLE, pan, device, Duration.ofDays(7));
    }

    String google(GooglePaySimulator by, String pan, boolean device, Duration life) {
        messages++;
        SecretBytes message = by.message(
                pan(pan),
                EXPIRY,
                device,
                "message-" + messages,
                vault.time.get().plus(life),
                Optional.of(MERCHANT));
        return TestCards.text(by.token(GooglePayToken.Version.EC_V2, "gateway:cardconnect", PAIR, message));
    }

    String answer(String deviceData) {
        return answer(vault, "CR", deviceData, false);
    }

    static String answer(TestVault by, String action, String deviceData, boolean unique) {
        return answer(by, TestVault.SITE, action, deviceData, unique);
    }

    static String answer(TestVault by, String site, String action, String deviceData, boolean unique) {
        byte[] bytes = secret(deviceData).reveal();
        int end = WalletParameters.endOfData(bytes, bytes.length);
        String others = end == bytes.length ? "" : deviceData.substring(end + 1);
        Parameters parameters = Parameters.none().withUnique(unique).withWallet(WalletParameters.named(others));
        Caller caller =
                new Caller(TestVault.CALLER.address(), true, new SiteSelector.Named(site), new Credentials.None());
        return TestVault.shown(by.handle(
                caller,
                new Call.Decoded(Optional.of(action), Optional.of(SecretBytes.copyOf(bytes, 0, end)), parameters)));
    }

    String reason() {
        return vault.events.stream()
                .filter(AuditEvent.Refused.class::isInstance)
                .map(AuditEvent.Refused.class::cast)
                .reduce((_, last) -> last)
                .orElseThrow()
                .reason();
    }

    void assertRefused(String step, String deviceData) {
        assertThat(answer(deviceData)).isEqualTo(FAILURE);
        assertThat(reason()).startsWith(step + ": ");
        for (String card : TestCards.CARDS) {
            assertThat(reason()).doesNotContain(card);
        }
    }
}
