package cardsecure.wallet;

import static cardsecure.wallet.TestWallets.EXPIRY;
import static cardsecure.wallet.TestWallets.NOW;
import static cardsecure.wallet.TestWallets.PAN;
import static cardsecure.wallet.TestWallets.RANDOM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.Seeded;
import cardsecure.secret.SecretBytes;
import com.google.crypto.tink.apps.paymentmethodtoken.PaymentMethodTokenRecipient;
import com.google.crypto.tink.apps.paymentmethodtoken.PaymentMethodTokenSender;
import com.google.crypto.tink.apps.paymentmethodtoken.SenderIntermediateCertFactory;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Tink's sender and recipient of payment tokens, by Google: what the one makes opens here, what is made here
/// opens with the other. Tink's recipient takes the machine's clock, so its side runs at the present.
class GooglesOwnLibraryTest {
    private static final String ID = GooglePayRecipient.CARDCONNECT;
    private static final WalletKeyPair ROOT = TestWallets.EC.pair();
    private static final WalletKeyPair INTERMEDIATE = WalletKeyPair.generate(WalletKeyPair.Algorithm.EC_P256, RANDOM);
    private static final WalletKeyPair KEY = TestWallets.EC_OTHER.pair();
    private static final Instant EXPIRES = Instant.parse("2100-01-01T00:00:00Z");

    private static ECPrivateKey privateKey(WalletKeyPair pair) {
        return (ECPrivateKey) pair.privateKey();
    }

    private static String tinks(GooglePayToken.Version version, String message) throws GeneralSecurityException {
        PaymentMethodTokenSender.Builder sender = new PaymentMethodTokenSender.Builder()
                .protocolVersion(version.label())
                .senderId("Google")
                .recipientId(ID)
                .recipientPublicKey((ECPublicKey) KEY.publicKey());
        if (version == GooglePayToken.Version.EC_V1) {
            sender.senderSigningKey(privateKey(ROOT));
        } else {
            sender.senderIntermediateSigningKey(privateKey(INTERMEDIATE))
                    .senderIntermediateCert(new SenderIntermediateCertFactory.Builder()
                            .protocolVersion(version.label())
                            .senderId("Google")
                            .addSenderSigningKey(privateKey(ROOT))
                            .senderIntermediateSigningKey(Texts.encoded(
                                    SecretBytes.owning(INTERMEDIATE.publicKey().getEncoded())))
                            .expiration(EXPIRES.toEpochMilli())
                            .build()
                            .create());
        }
        return sender.build().seal(message);
    }

    private static GooglePayRootKeys roots() {
        String info = Texts.encoded(SecretBytes.owning(ROOT.publicKey().getEncoded()));
        String key = "{\"keyValue\":\"" + info + "\",\"keyExpiration\":\"" + EXPIRES.toEpochMilli()
                + "\",\"protocolVersion\":\"";
        return GooglePayRootKeys.parse(("{\"keys\":[" + key + "ECv1\"}," + key + "ECv2\"}]}")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void whatItsSenderMakesOpensHere() {
        GooglePaySimulator messages = new GooglePaySimulator(RANDOM, NOW);
        GooglePay pay = new GooglePay(roots(), InstantSource.fixed(NOW));
        GooglePayRecipient recipient = new GooglePayRecipient(ID, List.of(ROOT, KEY), Optional.of("m"));
        Seeded.forAll(10, random -> {
            String id = "id-" + random.nextLong() + "ü\"\\&<>";
            SecretBytes message =
                    messages.message(PAN, EXPIRY, random.nextBoolean(), id, NOW.plusSeconds(1), Optional.of("m"));
            for (GooglePayToken.Version version : List.of(GooglePayToken.Version.EC_V1, GooglePayToken.Version.EC_V2)) {
                String token = tinks(version, TestWallets.text(message));

                OpenedWallet opened = pay.open(GooglePayToken.parse(TestWallets.secret(token)), recipient);

                assertThat(opened.payload().pan()).isEqualTo(PAN);
                assertThat(opened.once().id()).isEqualTo(id);
            }
        });
    }

    @Test
    void whatTheSimulatorMakesOpensWithItsRecipient() throws GeneralSecurityException {
        GooglePaySimulator google = new GooglePaySimulator(RANDOM, Instant.now());
        String message = TestWallets.text(
                google.message(PAN, EXPIRY, true, "one", Instant.now().plusSeconds(600), Optional.of("m")));
        for (GooglePayToken.Version version : List.of(GooglePayToken.Version.EC_V1, GooglePayToken.Version.EC_V2)) {
            SecretBytes token = google.token(version, ID, KEY, TestWallets.secret(message));

            assertThat(recipient(google, version, ID).unseal(TestWallets.text(token)))
                    .isEqualTo(message);
            assertThatThrownBy(() -> recipient(google, version, "gateway:other").unseal(TestWallets.text(token)))
                    .isInstanceOf(GeneralSecurityException.class);
        }
    }

    private static PaymentMethodTokenRecipient recipient(
            GooglePaySimulator google, GooglePayToken.Version version, String id) throws GeneralSecurityException {
        return new PaymentMethodTokenRecipient.Builder()
                .protocolVersion(version.label())
                .senderId("Google")
                .senderVerifyingKeys(TestWallets.text(google.rootKeys()))
                .recipientId(id)
                .addRecipientPrivateKey(privateKey(KEY))
                .build();
    }
}
