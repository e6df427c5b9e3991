package cardsecure.wallet;

import static cardsecure.wallet.TestWallets.assertRefusedBy;
import static cardsecure.wallet.TestWallets.certificate;
import static cardsecure.wallet.TestWallets.merchantIdHash;
import static cardsecure.wallet.TestWallets.privateKey;
import static cardsecure.wallet.TestWallets.secretVector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import cardsecure.TestCards;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Real tokens that their owners have published: spreedly/gala (MIT), Basis-Theory/apple-pay-js (Apache-2.0).
class ApplePayVectorsTest {
    private static final Instant GALA = Instant.parse("2021-09-01T19:03:06Z");
    private static final Instant BASIS_THEORY = Instant.parse("2023-09-13T13:49:38Z");

    private static ApplePay at(Instant now) {
        return new ApplePay(ApplePay.appleRoot(), InstantSource.fixed(now), ApplePay.PAST, ApplePay.FUTURE);
    }

    private static ApplePayToken gala() {
        return ApplePayToken.ofJson(secretVector("applepay/gala/token.json"));
    }

    private static List<ApplePayKey> galaKey() throws GeneralSecurityException, IOException {
        return List.of(new ApplePayKey(
                privateKey("applepay/gala/private_key.pem"),
                merchantIdHash(certificate("applepay/gala/certificate.pem"))));
    }

    @Test
    void theTokenOfGalaOpens() throws GeneralSecurityException, IOException {
        OpenedWallet opened = at(GALA).open(gala(), galaKey());

        WalletPayload payload = opened.payload();
        assertThat(payload.pan().normalised()).isEqualTo(TestCards.secret(TestCards.APPLE_GALA));
        assertThat(payload.expiry()).isEqualTo(YearMonth.of(2024, 9));
        assertThat(payload.credential()).isEqualTo(WalletPayload.Credential.CRYPTOGRAM_3DS);
        assertThat(payload.cryptogram().map(TestWallets::text)).contains("AMwBRjPWDnAgAA7Rls7mAoABFA==");
        assertThat(payload.eci()).isEmpty();
        assertThat(payload.amount()).contains(100L);
        assertThat(payload.currency()).contains("840");
        assertThat(opened.once().id()).isEqualTo("f7f133694685bab2f44ae3a7b54e2c0d0d39a3bc73fa2e6b14a2baf628d6ce87");
        assertThat(opened.once().time()).isEqualTo(GALA);
    }

    @Test
    void theTokenOfBasisTheoryOpens() throws GeneralSecurityException, IOException {
        X509Certificate certificate = certificate("applepay/basistheory/ec/apple_pay.new.pem");
        ApplePayKey key =
                new ApplePayKey(privateKey("applepay/basistheory/ec/private.new.key"), merchantIdHash(certificate));
        ApplePayToken token = ApplePayToken.ofJson(secretVector("applepay/basistheory/ec/token.new.json"));

        WalletPayload payload =
                at(BASIS_THEORY.plusSeconds(120)).open(token, List.of(key)).payload();

        assertThat(certificate.getPublicKey()).isEqualTo(key.pair().publicKey());
        assertThat(payload.pan().normalised()).isEqualTo(TestCards.secret(TestCards.APPLE_BASIS_THEORY));
        assertThat(payload.expiry()).isEqualTo(YearMonth.of(2029, 2));
        assertThat(payload.eci()).contains("7");
        assertThat(payload.toString()).contains("478400******0075").doesNotContain("/x2gvNsADhptD1JXWRhcMAACAAA=");
    }

    @Test
    void theSameTokenOpensAsParameters() throws GeneralSecurityException, IOException {
        ApplePayToken again = ApplePayToken.of(WalletParameters.parse(TestCards.secret(gala().deviceData())));

        assertThat(again).isEqualTo(gala());
        assertThat(at(GALA).open(again, galaKey()).payload().pan().normalised())
                .isEqualTo(TestCards.secret(TestCards.APPLE_GALA));
    }

    @Test
    void theWindowIsTwoMinutesAndOne() throws GeneralSecurityException, IOException {
        List<ApplePayKey> keys = galaKey();

        assertThatCode(() -> at(GALA.plusSeconds(120)).open(gala(), keys)).doesNotThrowAnyException();
        assertThatCode(() -> at(GALA.minusSeconds(60)).open(gala(), keys)).doesNotThrowAnyException();
        assertRefusedBy(WalletStep.APPLE_WINDOW, () -> at(GALA.plusSeconds(121)).open(gala(), keys));
        assertRefusedBy(WalletStep.APPLE_WINDOW, () -> at(GALA.minusSeconds(61)).open(gala(), keys));
    }

    @Test
    void anotherRootIsNotApples() throws GeneralSecurityException, IOException {
        X509Certificate other = certificate("applepay/payu/root.crt");
        ApplePay pay = new ApplePay(other, InstantSource.fixed(GALA), ApplePay.PAST, ApplePay.FUTURE);
        List<ApplePayKey> keys = galaKey();

        assertRefusedBy(WalletStep.APPLE_CHAIN, () -> pay.open(gala(), keys));
    }

    @Test
    void theChainOfPayuIsAPathAndItsBadLeafIsNot() throws GeneralSecurityException {
        X509Certificate root = certificate("applepay/payu/root.crt");
        X509Certificate intermediate = certificate("applepay/payu/intermediate.crt");
        Instant then = Instant.parse("2024-06-01T00:00:00Z");
        AppleChain good = new AppleChain(certificate("applepay/payu/leaf.crt"), intermediate);
        AppleChain bad = new AppleChain(certificate("applepay/payu/leaf-bad.crt"), intermediate);

        assertThatCode(() -> good.verify(root, then)).doesNotThrowAnyException();
        assertRefusedBy(WalletStep.APPLE_CHAIN, () -> bad.verify(root, then));
        assertRefusedBy(WalletStep.APPLE_CHAIN, () -> bad.verify(root, Instant.parse("2018-01-01T00:00:00Z")));
        assertRefusedBy(WalletStep.APPLE_CHAIN, () -> good.verify(root, Instant.parse("2041-01-01T00:00:00Z")));
        assertRefusedBy(WalletStep.APPLE_CHAIN, () -> good.verify(ApplePay.appleRoot(), then));
    }

    @Test
    void thatLeafOfApplesIsGoodUnderApplesRootWhileItWasValid() throws GeneralSecurityException {
        AppleChain sandbox = new AppleChain(
                certificate("applepay/payu/leaf-bad.crt"), certificate("applepay/roots/AppleAAICAG3.pem"));

        assertThatCode(() -> sandbox.verify(ApplePay.appleRoot(), Instant.parse("2018-01-01T00:00:00Z")))
                .doesNotThrowAnyException();
        assertRefusedBy(
                WalletStep.APPLE_CHAIN,
                () -> sandbox.verify(ApplePay.appleRoot(), Instant.parse("2021-06-03T00:00:00Z")));
    }

    @Test
    void ourCopyOfTheRootIsTheOneThatIsPublished() throws GeneralSecurityException {
        assertThat(ApplePay.appleRoot()).isEqualTo(certificate("applepay/roots/AppleRootCA-G3.cer"));
    }

    @Test
    void anOldTokenWithAnotherKeyIsStillNotOpened() throws GeneralSecurityException, IOException {
        ApplePayKey wrong =
                new ApplePayKey(TestWallets.EC.pair(), galaKey().getFirst().merchantIdHash());
        ApplePayToken unhashed = AppleForge.withoutHash(gala());

        assertRefusedBy(WalletStep.APPLE_MERCHANT_KEY, () -> at(GALA).open(gala(), List.of(wrong)));
        assertRefusedBy(WalletStep.APPLE_DECRYPTION, () -> at(GALA).open(unhashed, List.of(wrong)));
        assertThat(at(GALA).open(unhashed, List.of(wrong, galaKey().getFirst()))
                        .once()
                        .id())
                .hasSize(64);
        assertThat(unhashed.publicKeyHash()).isEqualTo(Optional.empty());
    }
}
