package cardsecure.vault;

import static cardsecure.TestCards.AMEX;
import static cardsecure.TestCards.VISA;
import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.site.SiteSetting;
import cardsecure.store.StoreException;
import cardsecure.wallet.WalletTrust;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// `CR` with wallets' payloads and `TD`, on a whole vault.
class WalletActionsTest extends WalletFixture {
    @Test
    void aPayloadGetsTheTokenOfTheSameNumberByHand() {
        String token = vault.answer("CE", VISA);

        assertThat(answer(apple(VISA))).isEqualTo(token);
        assertThat(answer(google(VISA, true))).isEqualTo(token);
        assertThat(answer(google(VISA, true) + "&ectype=google")).isEqualTo(token);
        assertThat(answer(vault, "CR", apple(VISA), true)).startsWith("9").isNotEqualTo(token);
        assertThat(vault.answer("CD", token)).isEqualTo(VISA);
    }

    @Test
    void applesJsonIsTakenAsWell() {
        String json = APPLE.token(appleKey(), payload(VISA, 1, "840"), NOW, Optional.empty())
                .json();

        assertThat(answer(json + "&ectype=apple")).isEqualTo(vault.answer("CE", VISA));
        // Without a type, JSON is Google's.
        assertThat(answer(json)).isEqualTo("0074::Missing required parameter");
    }

    @Test
    void whatApplePayBroughtIsGivenOutOnce() {
        String token = answer(apple(VISA));

        assertThat(vault.answer("TD", token))
                .matches("\\{\"source\":\"apple\",\"id\":\"[0-9a-f]{64}\",\"expiry\":\"0319\","
                        + "\"credential\":\"3DSecure\",\"cryptogram\":\"[A-Za-z0-9+/]{27}=\","
                        + "\"eci\":\"7\",\"amount\":1000,\"currency\":\"840\"}");
        assertThat(vault.answer("TD", token)).isEqualTo("0049::Data not found");
        assertThat(vault.answer("CV", token)).isEqualTo("Token Found");
    }

    @Test
    void whatGooglePayBroughtIsGivenOutOnce() {
        String token = answer(google(VISA, true));

        assertThat(vault.answer("TD", token))
                .matches(
                        "\\{\"source\":\"google\",\"id\":\"message-1\",\"expiry\":\"0319\",\"credential\":\"3DSecure\","
                                + "\"cryptogram\":\"[A-Za-z0-9+/]{27}=\",\"eci\":\"07\"}");
        assertThat(vault.answer("TD", token)).isEqualTo("0049::Data not found");
        answer(google(AMEX, false));
        assertThat(vault.answer("TD", vault.answer("CE", AMEX)))
                .isEqualTo(
                        "{\"source\":\"google\",\"id\":\"message-2\",\"expiry\":\"0319\",\"credential\":\"PAN_ONLY\"}");
    }

    @Test
    void refusalsComeAtOneTimeWhateverFailed() {
        String payload = google(VISA, true);
        String damaged = google(VISA, true).replaceFirst("\"signature\":\"....", "\"signature\":\"AAAA");
        assertThat(answer(payload)).startsWith("9");
        for (String refused : List.of(payload, damaged)) {
            long began = System.nanoTime();
            assertThat(answer(refused)).isEqualTo("0024::Decryption failure");
            assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(25_000_000);
        }
    }

    /// Whoever asks sees which payment it is of: the number has one token, and the later payment's is kept.
    @Test
    void whatIsKeptSaysOfWhichPaymentItIs() {
        String token = answer(google(VISA, true));
        assertThat(answer(google(VISA, true))).isEqualTo(token);
        assertThat(vault.answer("TD", token)).contains("\"id\":\"message-2\"");
        assertThat(vault.answer("TD", token)).isEqualTo("0049::Data not found");

        String third = answer(vault, "CR", google(VISA, true), true);
        String fourth = answer(vault, "CR", google(VISA, true), true);
        assertThat(vault.answer("TD", fourth)).contains("\"id\":\"message-4\"");
        assertThat(vault.answer("TD", third)).contains("\"id\":\"message-3\"");
    }

    @Test
    void chipDataAreKeptAsTheyCame() {
        String chip = "{\"applicationPrimaryAccountNumber\":\"" + VISA + "\",\"applicationExpirationDate\":\"190331\","
                + "\"currencyCode\":\"840\",\"transactionAmount\":1000,\"paymentDataType\":\"EMV\","
                + "\"cardholderName\":\"J\",\"paymentData\":{\"emvData\":\"nyYI\",\"encryptedPINData\":\"AAAA\"}}";

        String token = answer(apple(APPLE, secret(chip)));

        assertThat(vault.answer("TD", token))
                .matches("\\{\"source\":\"apple\",\"id\":\"[0-9a-f]{64}\",\"expiry\":\"0319\",\"credential\":\"EMV\","
                        + "\"emv\":\"nyYI\","
                        + "\"encryptedPin\":\"AAAA\",\"amount\":1000,\"currency\":\"840\"\\}");
        String long4k = chip.replace("nyYI", "nyYI".repeat(1024));
        assertRefused("content", apple(APPLE, secret(long4k)));
    }

    @Test
    void itIsKeptAsLongAsTheSiteSays() throws StoreException {
        vault.set(SiteSetting.RETENTION, "2h");
        String token = answer(google(VISA, true));
        vault.time.updateAndGet(now -> now.plus(Duration.ofHours(2)));
        assertThat(vault.answer("TD", token)).isEqualTo("0049::Data not found");

        vault.set(SiteSetting.RETENTION, "off");
        assertThat(answer(google(VISA, true))).isEqualTo(token);
        assertThat(vault.answer("TD", token)).isEqualTo("0049::Data not found");
    }

    @Test
    void theAmountAndTheCurrencyAreTheSites() throws StoreException {
        vault.set(SiteSetting.WALLET_AMOUNT_MAX, "1000");
        vault.set(SiteSetting.WALLET_CURRENCIES, "840,978");

        assertThat(answer(apple(APPLE, payload(VISA, 1000, "978")))).startsWith("9");
        String tooMuch = apple(APPLE, payload(VISA, 1001, "840"));
        assertRefused("amount", tooMuch);
        assertRefused("apple-payload", apple(APPLE, payload(VISA, -1, "840")));
        assertRefused("currency", apple(APPLE, payload(VISA, 1000, "826")));
        String silent =
                "{\"applicationPrimaryAccountNumber\":\"" + VISA + "\",\"applicationExpirationDate\":\"190331\","
                        + "\"paymentDataType\":\"3DSecure\",\"paymentData\":{\"onlinePaymentCryptogram\":\"AAAA\"}}";
        assertRefused("amount", apple(APPLE, secret(silent)));
        vault.set(SiteSetting.WALLET_AMOUNT_MAX, "");
        assertRefused("currency", apple(APPLE, secret(silent)));
        // Google's say neither.
        assertThat(answer(google(VISA, true))).startsWith("9");
        // What was refused for its amount was not taken.
        assertThat(answer(tooMuch)).startsWith("9");
    }

    @Test
    void aCardOfAGiftCardRangeGetsATokenToo() throws StoreException {
        vault.set(SiteSetting.GIFT_CARDS, VISA.substring(0, 6));

        assertThat(answer(apple(VISA))).startsWith("9");
    }

    @Test
    void aPayloadOfSomebodyElseIsRefused() throws StoreException {
        assertRefused("apple-chain", apple(OTHER_APPLE, payload(VISA, 1, "840")));
        assertRefused("google-intermediate-signature", google(OTHER_GOOGLE, VISA, true, Duration.ofDays(1)));
        vault.set(SiteSetting.GOOGLE_TEST, "on");
        assertRefused("google-root-key", google(VISA, true));
        assertThat(reason()).contains("google-test-keys");
        vault.set(SiteSetting.GOOGLE_TEST, "off");
        vault.set(SiteSetting.GOOGLE_MERCHANT, "other");
        assertRefused("google-merchant", google(VISA, true));
        vault.set(SiteSetting.GOOGLE_RECIPIENT, "merchant:1234");
        assertRefused("google-signature", google(VISA, true));
        vault.trust = WalletTrust.nobody();
        assertRefused("apple-chain", apple(VISA));
    }

    @Test
    void aSiteWithoutKeysTakesNone() {
        String apple = apple(VISA);
        String google = google(VISA, true);
        for (String payload : List.of(apple, google)) {
            assertThat(answer(vault, TestVault.OTHER, "CR", payload, false)).isEqualTo(FAILURE);
        }
        assertThat(reason()).startsWith("google-recipient-key");
    }

    @Test
    void ofSeveralWhoAreBelievedEachMayHaveSigned() {
        vault.trust = trust(vault, List.of(OTHER_APPLE, APPLE), List.of(OTHER_GOOGLE, GOOGLE));

        assertThat(answer(apple(VISA))).startsWith("9");
        assertThat(answer(apple(OTHER_APPLE, payload(VISA, 1, "840")))).startsWith("9");
        assertThat(answer(google(VISA, true))).startsWith("9");
        assertThat(answer(google(OTHER_GOOGLE, VISA, true, Duration.ofDays(1)))).startsWith("9");
        String old = apple(VISA);
        vault.time.updateAndGet(now -> now.plus(Duration.ofMinutes(3)));
        assertRefused("apple-window", old);
        assertRefused("google-expiration", google(GOOGLE, VISA, true, Duration.ofSeconds(-1)));
    }

    @Test
    void whatIsNoPayloadSaysWhatAnybodyCanSee() {
        String good = apple(VISA);

        assertThat(answer(good.replace("ectype=apple", "ectype=samsung")))
                .isEqualTo("0075::Invalid elliptic curve type parameter");
        assertThat(answer(good.replace("&ectid=", "&x="))).isEqualTo("0074::Missing required parameter");
        assertThat(answer("!" + good)).isEqualTo("0019::Base 64 decode failure");
        assertThat(answer("{\"protocolVersion\":")).isEqualTo("0077::JSON deserialization error");
        assertThat(answer("{}")).isEqualTo("0074::Missing required parameter");
        assertThat(answer("A".repeat(40_000) + "&ectype=apple")).isEqualTo("0013::Data too long");
    }

    @Test
    void otherActionsKnowNoWallets() {
        for (String action : List.of("AR", "PR", "SR")) {
            assertThat(answer(vault, action, google(VISA, true), false)).isEqualTo("0019::Base 64 decode failure");
        }
        // And data that are no wallet's are RSA's.
        assertThat(answer("AAAA")).isEqualTo("0049::Data not found");
        assertThat(answer("AAAA&eckey=AAAA")).isEqualTo("0049::Data not found");
    }
}
