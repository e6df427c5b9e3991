package cardsecure.wallet;

import static cardsecure.wallet.TestWallets.assertRefusedBy;
import static cardsecure.wallet.TestWallets.pkcs8;
import static cardsecure.wallet.TestWallets.vector;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A token of Google's test environment that spreedly/r2d2 publishes (MIT), and tokens that Google's own
/// library made.
class GooglePayVectorsTest {
    private static final Instant R2D2 = Instant.ofEpochMilli(1509713963000L);
    private static final String R2D2_RECIPIENT = "merchant:12345678901234567890";

    private static GooglePay r2d2(Instant now, String keys) {
        return new GooglePay(GooglePayRootKeys.parse(vector(keys)), InstantSource.fixed(now));
    }

    private static GooglePayRecipient r2d2Recipient(String id) throws IOException {
        return new GooglePayRecipient(
                id, List.of(TestWallets.privateKey("googlepay/r2d2/ec_v1/private_key.pem")), Optional.empty());
    }

    private static GooglePayToken r2d2Token() {
        return GooglePayToken.parse(TestWallets.secretVector("googlepay/r2d2/ec_v1/card.json"));
    }

    @Test
    void theTokenOfR2d2Opens() throws IOException {
        for (String keys :
                List.of("googlepay/r2d2/ec_v1/google_verification_key_test.json", "googlepay/roots/test-keys.json")) {
            OpenedWallet opened = r2d2(R2D2, keys).open(r2d2Token(), r2d2Recipient(R2D2_RECIPIENT));

            assertThat(opened.payload().pan().normalised()).isEqualTo(TestCards.secret(TestCards.VISA_ONES));
            assertThat(opened.payload().expiry()).isEqualTo(YearMonth.of(2022, 12));
            assertThat(opened.payload().credential()).isEqualTo(WalletPayload.Credential.PAN_ONLY);
            assertThat(opened.once().id()).startsWith("AH2EjtcMeg5mOCD9kUXWn6quP6AF6jOJeirO0EW40tPVzMMy");
            assertThat(opened.once().time()).isEqualTo(Instant.ofEpochMilli(1510319499834L));
        }
    }

    @Test
    void itExpiresAndIsForNobodyElse() throws IOException {
        String keys = "googlepay/roots/test-keys.json";
        GooglePayRecipient own = r2d2Recipient(R2D2_RECIPIENT);
        GooglePayRecipient other = r2d2Recipient("merchant:12345678901234567891");
        Instant expires = Instant.ofEpochMilli(1510319499834L);

        assertThat(r2d2(expires.minusMillis(1), keys).open(r2d2Token(), own)).isNotNull();
        assertRefusedBy(WalletStep.GOOGLE_EXPIRATION, () -> r2d2(expires, keys).open(r2d2Token(), own));
        assertRefusedBy(WalletStep.GOOGLE_SIGNATURE, () -> r2d2(R2D2, keys).open(r2d2Token(), other));
    }

    @TestFactory
    Stream<DynamicTest> whatGooglesLibraryMadeOpens() {
        JsonNode vectors = JsonMapper.shared().readTree(vector("googlepay/tink/vectors.json"));
        GooglePayRootKeys roots = GooglePayRootKeys.parse(
                vectors.get("rootKeys").toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        GooglePay pay = new GooglePay(roots, InstantSource.fixed(TestWallets.NOW));
        List<WalletKeyPair> keys =
                List.of(pkcs8(vectors.get("recipientPrivateKeyPkcs8").asString()));
        return StreamSupport.stream(vectors.get("tokens").spliterator(), false)
                .map(each -> DynamicTest.dynamicTest(each.get("name").asString(), () -> {
                    SecretBytes json = TestWallets.secret(each.get("token").asString());
                    if (each.get("name").asString().endsWith("SigningOnly")) {
                        assertRefusedBy(WalletStep.GOOGLE_SIGNING_ONLY, () -> GooglePayToken.parse(json));
                        return;
                    }
                    GooglePayToken token = GooglePayToken.parse(json);
                    GooglePayRecipient recipient = new GooglePayRecipient(
                            each.get("recipientId").asString(), keys, Optional.of("496160873888"));
                    String plaintext = each.get("plaintext").asString();
                    SecretBytes clear =
                            GoogleCipher.of(token).decrypt(keys).orElseThrow().clear();
                    assertThat(TestWallets.text(clear)).isEqualTo(plaintext);
                    if (plaintext.startsWith("{")) {
                        OpenedWallet opened = pay.open(token, recipient);
                        assertThat(opened.payload().pan().normalised())
                                .isEqualTo(TestCards.secret(TestCards.VISA_ONES));
                        assertThat(opened.payload().expiry()).isEqualTo(YearMonth.of(2030, 12));
                        assertThat(opened.payload().credential()).isEqualTo(WalletPayload.Credential.CRYPTOGRAM_3DS);
                        assertThat(opened.payload().eci()).contains("07");
                        assertThat(opened.once().id()).startsWith("test-message-id-ECv");
                    } else {
                        assertRefusedBy(WalletStep.GOOGLE_MESSAGE, () -> pay.open(token, recipient));
                    }
                }));
    }

    @Test
    void theKeysOfGooglesTestsAreRead() {
        GooglePayRootKeys keys = GooglePayRootKeys.parse(vector("googlepay/roots/test-keys.json"));

        assertThat(keys.size()).isEqualTo(3);
        assertThat(keys.firstExpiry()).contains(Instant.ofEpochMilli(2154841200000L));
        assertThat(keys.valid(GooglePayToken.Version.EC_V1, Instant.MAX)).hasSize(1);
        assertThat(keys.valid(GooglePayToken.Version.EC_V2, Instant.ofEpochMilli(2154841199999L)))
                .hasSize(1);
        assertThat(keys.valid(GooglePayToken.Version.EC_V2, Instant.ofEpochMilli(2154841200000L)))
                .isEmpty();
    }
}
