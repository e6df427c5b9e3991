package cardsecure.wallet;

import static cardsecure.wallet.TestWallets.EC;
import static cardsecure.wallet.TestWallets.EC_OTHER;
import static cardsecure.wallet.TestWallets.EXPIRY;
import static cardsecure.wallet.TestWallets.NOW;
import static cardsecure.wallet.TestWallets.PAN;
import static cardsecure.wallet.TestWallets.RANDOM;
import static cardsecure.wallet.TestWallets.RSA;
import static cardsecure.wallet.TestWallets.assertRefusedBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.TestCards;
import cardsecure.card.Pan;
import cardsecure.secret.SecretBytes;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ApplePayTest {
    private static final ApplePaySimulator APPLE = new ApplePaySimulator(RANDOM, NOW);
    private static final ApplePay PAY = pay(APPLE.root());
    private static final SecretBytes PAYLOAD = APPLE.payload(PAN, EXPIRY, 1250, "978");
    private static final SecretBytes HASH = SecretBytes.owning(Texts.sha256(new byte[] {1}));

    private static ApplePay pay(java.security.cert.X509Certificate root) {
        return new ApplePay(root, InstantSource.fixed(NOW), ApplePay.PAST, ApplePay.FUTURE);
    }

    private static ApplePayToken token(ApplePayKey key) {
        return APPLE.token(key, PAYLOAD, NOW, Optional.empty());
    }

    private static ApplePayToken tokenOf(String payload) {
        return APPLE.token(EC, TestWallets.secret(payload), NOW, Optional.empty());
    }

    @TestFactory
    Stream<DynamicTest> whatTheSimulatorMakesOpensInEveryForm() {
        return Stream.of(EC, RSA)
                .flatMap(key -> Stream.of(Optional.<SecretBytes>empty(), Optional.of(HASH))
                        .map(hash -> DynamicTest.dynamicTest(
                                key.pair().algorithm() + (hash.isPresent() ? " with application data" : ""), () -> {
                                    ApplePayToken made = APPLE.token(key, PAYLOAD, NOW, hash);
                                    SecretBytes json = TestWallets.secret(made.json());
                                    SecretBytes wrapped =
                                            TestWallets.secret("{\"paymentData\":" + made.json() + ",\"x\":{}}");
                                    for (ApplePayToken each : List.of(
                                            made,
                                            ApplePayToken.ofJson(json),
                                            ApplePayToken.ofJson(wrapped),
                                            ApplePayToken.of(WalletParameters.ofData(json)),
                                            ApplePayToken.of(
                                                    WalletParameters.parse(TestWallets.secret(made.deviceData()))))) {
                                        assertThat(each).isEqualTo(made);
                                        OpenedWallet opened = PAY.open(each, List.of(EC_OTHER, RSA, EC));
                                        assertThat(opened.payload().pan()).isEqualTo(PAN);
                                        assertThat(opened.payload().expiry()).isEqualTo(EXPIRY);
                                        assertThat(opened.payload().amount()).contains(1250L);
                                        assertThat(opened.once().id()).isEqualTo(Texts.hex(made.transactionId()));
                                    }
                                })));
    }

    @Test
    void withoutAPublicKeyHashTheTagDecides() {
        ApplePayToken token = AppleForge.withoutHash(token(EC));

        assertThat(PAY.open(token, List.of(EC_OTHER, EC)).payload().pan()).isEqualTo(PAN);
        assertThat(PAY.open(token, List.of(EC, EC_OTHER)).payload().pan()).isEqualTo(PAN);
    }

    @Test
    void twoTokensOfOnePayloadAreTwo() {
        WalletOnce one = PAY.open(token(EC), List.of(EC)).once();
        ApplePayToken token = token(EC);
        WalletOnce other = PAY.open(token, List.of(EC)).once();

        assertThat(one.id()).isNotEqualTo(other.id());
        assertThat(one.digest()).isNotEqualTo(other.digest()).hasSize(16);
        assertThat(PAY.open(token, List.of(EC)).once()).isEqualTo(other);
    }

    @Test
    void everyPartIsBoundByTheSignature() {
        ApplePayToken token = APPLE.token(EC, PAYLOAD, NOW, Optional.of(HASH));
        ApplePayToken other = token(EC);

        for (ApplePayToken each : List.of(
                AppleForge.withData(token, other.data()),
                AppleForge.withKey(token, other.key()),
                AppleForge.withTransaction(token, other.transactionId()),
                AppleForge.withApplicationData(token, Optional.empty()),
                AppleForge.withApplicationData(token, Optional.of(SecretBytes.owning(Texts.sha256(new byte[] {2})))),
                AppleForge.withSignature(token, other.signature().reveal()))) {
            assertRefusedBy(WalletStep.APPLE_CONTENT, () -> PAY.open(each, List.of(EC)));
        }
    }

    /// What is signed has no lengths in it: the same bytes as another transaction would be taken twice.
    @Test
    void theEndOfATransactionCannotBeMoved() {
        ApplePayToken token = APPLE.token(EC, PAYLOAD, NOW, Optional.of(HASH));
        String moved = token.deviceData()
                .replace("&echash=" + Texts.hex(HASH), "")
                .replace(Texts.hex(token.transactionId()), Texts.hex(token.transactionId()) + Texts.hex(HASH));
        WalletParameters parameters = WalletParameters.parse(TestWallets.secret(moved));

        assertRefusedBy(WalletStep.BASE64, () -> ApplePayToken.of(parameters));
        assertThatThrownBy(() -> AppleForge.withTransaction(token, SecretBytes.owning(new byte[64])))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSignatureThatIsWrongIsTheSignaturesFault() {
        ApplePayToken token = token(EC);
        byte[] signature = token.signature().reveal();
        byte[] wrong = signature.clone();
        // Behind it are the ends of what has no length.
        wrong[wrong.length - 16] ^= 1;
        ApplePayToken changed = AppleForge.withSignature(token, wrong);

        assertRefusedBy(WalletStep.APPLE_SIGNATURE, () -> PAY.open(changed, List.of(EC)));
    }

    @Test
    void whatIsEncryptedForAnotherIsNotOpened() {
        ApplePayToken token = token(EC);
        ApplePayKey otherMerchant = new ApplePayKey(EC.pair(), HASH);
        ApplePayToken hashed = AppleForge.withHash(token, HASH);

        assertRefusedBy(WalletStep.APPLE_MERCHANT_KEY, () -> PAY.open(token, List.of()));
        assertRefusedBy(WalletStep.APPLE_MERCHANT_KEY, () -> PAY.open(token, List.of(EC_OTHER)));
        assertRefusedBy(WalletStep.APPLE_MERCHANT_KEY, () -> PAY.open(token, List.of(RSA)));
        assertRefusedBy(WalletStep.APPLE_MERCHANT_KEY, () -> PAY.open(hashed, List.of(EC)));
        assertRefusedBy(WalletStep.APPLE_DECRYPTION, () -> PAY.open(token, List.of(otherMerchant)));
        assertRefusedBy(
                WalletStep.APPLE_DECRYPTION, () -> PAY.open(AppleForge.withoutHash(token(RSA)), List.of(rsaOther())));
    }

    private static ApplePayKey rsaOther() {
        return new ApplePayKey(WalletKeyPair.generate(WalletKeyPair.Algorithm.RSA_2048, RANDOM), HASH);
    }

    @Test
    void dataThatAppleSignedAndNobodyEncryptedAreNotOpened() {
        ApplePayToken ec = token(EC);
        byte[] changed = ec.data().reveal().clone();
        changed[0] ^= 1;
        byte[] point = ec.key().reveal().clone();
        point[point.length - 1] ^= 1;

        for (SecretBytes data : List.of(
                SecretBytes.owning(changed), SecretBytes.owning(new byte[0]), SecretBytes.owning(new byte[15]))) {
            ApplePayToken signed = APPLE.sign(AppleForge.withData(ec, data), NOW);
            assertRefusedBy(WalletStep.APPLE_DECRYPTION, () -> PAY.open(signed, List.of(EC)));
        }
        for (SecretBytes key : List.of(
                SecretBytes.owning(point),
                SecretBytes.owning(new byte[91]),
                SecretBytes.owning(new byte[0]),
                SecretBytes.owning(AppleForge.pair("EC", 384).getPublic().getEncoded()),
                SecretBytes.owning(Arrays.copyOf(ec.key().reveal(), 92)))) {
            ApplePayToken signed = APPLE.sign(AppleForge.withKey(ec, key), NOW);
            assertRefusedBy(WalletStep.APPLE_EPHEMERAL_KEY, () -> PAY.open(signed, List.of(EC)));
        }
        ApplePayToken rsa = token(RSA);
        for (int length : new int[] {0, 1, 255, 256, 257}) {
            ApplePayToken signed = APPLE.sign(AppleForge.withKey(rsa, SecretBytes.owning(new byte[length])), NOW);
            assertRefusedBy(WalletStep.APPLE_DECRYPTION, () -> PAY.open(signed, List.of(RSA)));
        }
    }

    @TestFactory
    Stream<DynamicTest> aPayloadThatIsUnlikeApplesInOneThingIsRefused() {
        String good = TestCards.text(PAYLOAD);
        String pan = TestCards.VISA_ONES;
        return Stream.of(
                        List.of("applicationPrimaryAccountNumber", "another", "apple-payload"),
                        List.of("applicationExpirationDate", "another", "apple-payload"),
                        List.of("paymentDataType", "another", "apple-payload"),
                        List.of("\"paymentData\"", "\"another\"", "apple-payload"),
                        List.of("onlinePaymentCryptogram", "another", "apple-payload"),
                        List.of("3DSecure", "Barter", "apple-payload"),
                        List.of("3DSecure", "EMV", "apple-payload"),
                        List.of("301231", "301331", "apple-payload"),
                        List.of("301231", "300231", "apple-payload"),
                        List.of("301231", "3012", "apple-payload"),
                        List.of("301231", "3012311", "apple-payload"),
                        List.of("\"301231\"", "301231", "apple-payload"),
                        List.of("\"978\"", "\"EUR\"", "apple-payload"),
                        List.of("1250", "-1250", "apple-payload"),
                        List.of("1250", "12.50", "apple-payload"),
                        List.of("1250", "1250000000000000", "apple-payload"),
                        List.of("\"7\"", "\"x\"", "apple-payload"),
                        List.of("\"7\"", "\"777\"", "apple-payload"),
                        List.of("\"onlinePaymentCryptogram\":\"", "\"onlinePaymentCryptogram\":\"!", "apple-payload"),
                        List.of("}}", "}}x", "apple-payload"),
                        List.of("}}", "}", "apple-payload"),
                        List.of("currencyCode", "transactionAmount", "apple-payload"),
                        List.of("{", "[", "apple-payload"),
                        List.of(pan, pan.substring(1), "pan"),
                        List.of(pan, pan.replace('1', '2'), "pan"),
                        List.of(pan, "", "pan"),
                        List.of(pan, TestCards.DOCUMENTED_TOKENS.getFirst(), "pan"),
                        List.of(pan, "4".repeat(20), "pan"))
                .map(each -> DynamicTest.dynamicTest(
                        each.get(0) + " is " + each.get(1).length(), () -> {
                            String bad = good.replace(each.get(0), each.get(1));
                            assertThat(bad).isNotEqualTo(good);
                            ApplePayToken token = tokenOf(bad);
                            WalletStep step = each.get(2).equals("pan") ? WalletStep.PAN : WalletStep.APPLE_PAYLOAD;
                            assertRefusedBy(step, () -> PAY.open(token, List.of(EC)));
                        }));
    }

    @Test
    void aPayloadMaySayMoreOrLess() {
        String good = TestCards.text(PAYLOAD);
        String emv = good.replace("3DSecure", "EMV").replace("onlinePaymentCryptogram", "emvData");
        String less = good.replace("transactionAmount", "other").replace("currencyCode", "more");
        String named =
                good.replace("\"currencyCode\"", "\"cardholderName\":\"J\\u00e9\",\"x\":[1,{}],\"currencyCode\"");

        assertThat(PAY.open(tokenOf(emv), List.of(EC)).payload().credential()).isEqualTo(WalletPayload.Credential.EMV);
        assertThat(PAY.open(tokenOf(emv), List.of(EC)).payload().emv()).isPresent();
        assertThat(PAY.open(tokenOf(less), List.of(EC)).payload().amount()).isEmpty();
        assertThat(PAY.open(tokenOf(named), List.of(EC)).payload().cardholder()).contains(TestWallets.secret("Jé"));
    }

    @Test
    void nothingThatIsPrintedShowsANumber() {
        OpenedWallet opened = PAY.open(token(EC), List.of(EC));
        String printed = opened + " " + token(EC) + " " + EC + " "
                + WalletParameters.parse(TestWallets.secret(token(EC).deviceData()));

        assertThat(printed).doesNotContain(TestCards.VISA_ONES).contains("411111******1111");
        assertThat(printed)
                .doesNotContain(TestWallets.text(opened.payload().cryptogram().orElseThrow()));
    }

    @Test
    void aTestCardsOtherNumbersOpenToo() {
        for (String each : List.of(TestCards.AMEX, TestCards.MAESTRO_12, TestCards.MAESTRO_19)) {
            Pan pan = Pan.parse(TestCards.secret(each));
            ApplePayToken token = APPLE.token(EC, APPLE.payload(pan, EXPIRY, 0, "840"), NOW, Optional.empty());
            assertThat(PAY.open(token, List.of(EC)).payload().pan()).isEqualTo(pan);
        }
    }
}
