package cardsecure.wallet;

import static cardsecure.wallet.TestWallets.EXPIRY;
import static cardsecure.wallet.TestWallets.NOW;
import static cardsecure.wallet.TestWallets.PAN;
import static cardsecure.wallet.TestWallets.RANDOM;
import static cardsecure.wallet.TestWallets.assertRefusedBy;
import static cardsecure.wallet.TestWallets.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.error.ErrorCode;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GooglePayTest {
    private static final GooglePayToken.Version V1 = GooglePayToken.Version.EC_V1;
    private static final GooglePayToken.Version V2 = GooglePayToken.Version.EC_V2;
    private static final String ID = GooglePayRecipient.CARDCONNECT;
    private static final String MERCHANT = "496160873888";

    private static final GooglePaySimulator GOOGLE = new GooglePaySimulator(RANDOM, NOW);
    private static final WalletKeyPair KEY = TestWallets.EC.pair();
    private static final WalletKeyPair OTHER = TestWallets.EC_OTHER.pair();
    private static final GooglePayRecipient RECIPIENT = recipient(ID, Optional.of(MERCHANT), KEY);
    private static final GooglePayRootKeys ROOTS =
            GooglePayRootKeys.parse(GOOGLE.rootKeys().reveal());
    private static final GooglePay PAY = new GooglePay(ROOTS, InstantSource.fixed(NOW));
    private static final SecretBytes MESSAGE =
            GOOGLE.message(PAN, EXPIRY, true, "message-1", NOW.plusSeconds(60), Optional.of(MERCHANT));

    private static GooglePayRecipient recipient(String id, Optional<String> merchant, WalletKeyPair... keys) {
        return new GooglePayRecipient(id, List.of(keys), merchant);
    }

    private static GooglePayToken token(GooglePayToken.Version version, SecretBytes message) {
        return GooglePayToken.parse(GOOGLE.token(version, ID, KEY, message));
    }

    @Test
    void whatTheSimulatorMakesOpens() {
        for (GooglePayToken.Version version : List.of(V1, V2)) {
            GooglePayToken token = token(version, MESSAGE);
            OpenedWallet opened = PAY.open(token, recipient(ID, Optional.of(MERCHANT), OTHER, KEY));

            assertThat(opened.payload().pan()).isEqualTo(PAN);
            assertThat(opened.payload().expiry()).isEqualTo(EXPIRY);
            assertThat(opened.payload().credential()).isEqualTo(WalletPayload.Credential.CRYPTOGRAM_3DS);
            assertThat(opened.payload().cryptogram()).isPresent();
            assertThat(opened.once().id()).isEqualTo("message-1");
            assertThat(opened.once().time()).isEqualTo(NOW.plusSeconds(60));
            assertThat(PAY.open(token, RECIPIENT).once().digest())
                    .isEqualTo(opened.once().digest());
            assertThat(opened + " " + token + RECIPIENT)
                    .doesNotContain(TestCards.VISA_ONES)
                    .contains("411111******1111");
        }
    }

    @Test
    void aMerchantOfItsOwnNeedsNoGatewaysId() {
        String id = "merchant:1234";
        SecretBytes message = GOOGLE.message(PAN, EXPIRY, false, "m", NOW.plusSeconds(1), Optional.empty());
        GooglePayToken token = GooglePayToken.parse(GOOGLE.token(V2, id, KEY, message));

        assertThat(PAY.open(token, recipient(id, Optional.empty(), KEY))
                        .payload()
                        .credential())
                .isEqualTo(WalletPayload.Credential.PAN_ONLY);
        assertRefusedBy(WalletStep.GOOGLE_MERCHANT, () -> PAY.open(token, recipient(id, Optional.of(MERCHANT), KEY)));
    }

    @Test
    void aGatewaysMessageIsForOneMerchantAlone() {
        GooglePayToken token = token(V2, MESSAGE);

        assertRefusedBy(WalletStep.GOOGLE_MERCHANT, () -> PAY.open(token, recipient(ID, Optional.empty(), KEY)));
        assertRefusedBy(WalletStep.GOOGLE_MERCHANT, () -> PAY.open(token, recipient(ID, Optional.of("49"), KEY)));
    }

    @Test
    void anotherRecipientIsNotSignedFor() {
        for (GooglePayToken.Version version : List.of(V1, V2)) {
            GooglePayToken token = token(version, MESSAGE);
            for (String id : List.of("gateway:another", "", "gateway:cardconnec", "merchant:1")) {
                assertRefusedBy(
                        WalletStep.GOOGLE_SIGNATURE, () -> PAY.open(token, recipient(id, Optional.of(MERCHANT), KEY)));
            }
        }
    }

    @Test
    void otherRootsDidNotSign() {
        GooglePaySimulator stranger = new GooglePaySimulator(RANDOM, NOW);
        GooglePay other =
                new GooglePay(GooglePayRootKeys.parse(stranger.rootKeys().reveal()), InstantSource.fixed(NOW));
        GooglePay later = new GooglePay(ROOTS, InstantSource.fixed(NOW.plusSeconds(3650L * 86_400)));

        assertRefusedBy(WalletStep.GOOGLE_SIGNATURE, () -> other.open(token(V1, MESSAGE), RECIPIENT));
        assertRefusedBy(WalletStep.GOOGLE_INTERMEDIATE_SIGNATURE, () -> other.open(token(V2, MESSAGE), RECIPIENT));
        assertRefusedBy(WalletStep.GOOGLE_ROOT_KEY, () -> later.open(token(V1, MESSAGE), RECIPIENT));
        assertRefusedBy(WalletStep.GOOGLE_ROOT_KEY, () -> later.open(token(V2, MESSAGE), RECIPIENT));
    }

    @Test
    void aKeyOfOneVersionIsNoneOfAnother() {
        GooglePayRootKeys first = GooglePayRootKeys.parse(
                TestWallets.text(GOOGLE.rootKeys()).replace("ECv2", "ECv3").getBytes(StandardCharsets.UTF_8));
        GooglePay pay = new GooglePay(first, InstantSource.fixed(NOW));

        assertThat(first.size()).isEqualTo(1);
        assertThat(pay.open(token(V1, MESSAGE), RECIPIENT)).isNotNull();
        assertRefusedBy(WalletStep.GOOGLE_ROOT_KEY, () -> pay.open(token(V2, MESSAGE), RECIPIENT));
    }

    @Test
    void theIntermediateKeyMustBeSignedAndMustNotHaveExpired() {
        String message = GOOGLE.encrypted(V2, KEY, MESSAGE);
        GooglePayToken.Intermediate good = GOOGLE.intermediate(V2, NOW.plusMillis(1));
        GooglePayToken.Intermediate expired = GOOGLE.intermediate(V2, NOW);
        GooglePayToken.Intermediate ofOtherVersion = GOOGLE.intermediate(V1, NOW.plusSeconds(9));
        GooglePayToken.Intermediate prolonged = new GooglePayToken.Intermediate(good.signedKey(), expired.signatures());
        GooglePayToken.Intermediate several = new GooglePayToken.Intermediate(
                good.signedKey(), List.of(secret("none"), good.signatures().getFirst()));

        assertThat(PAY.open(intermediate(message, good), RECIPIENT)).isNotNull();
        assertThat(PAY.open(intermediate(message, several), RECIPIENT)).isNotNull();
        assertRefusedBy(WalletStep.GOOGLE_INTERMEDIATE_KEY, () -> PAY.open(intermediate(message, expired), RECIPIENT));
        assertRefusedBy(
                WalletStep.GOOGLE_INTERMEDIATE_SIGNATURE,
                () -> PAY.open(intermediate(message, ofOtherVersion), RECIPIENT));
        assertRefusedBy(
                WalletStep.GOOGLE_INTERMEDIATE_SIGNATURE, () -> PAY.open(intermediate(message, prolonged), RECIPIENT));
        for (String bad : List.of(
                good.signedKey().replace("keyExpiration", "other"),
                good.signedKey().replace("keyValue", "other"),
                good.signedKey().replace("MFkw", "MFkx"),
                good.signedKey().replace("MFkw", "!!!!"),
                good.signedKey().replace("{", "{\"keyExpiration\":\"4102444800000\","),
                good.signedKey().replaceAll("(\"keyExpiration\":)\"[0-9]+\"", "$1null"),
                good.signedKey().replaceAll("(\"keyExpiration\":)\"[0-9]+\"", "$14102444800000.5"),
                good.signedKey().replaceAll("(\"keyExpiration\":\")([0-9]+)", "$1$2.5"),
                good.signedKey().replaceAll("(\"keyExpiration\":\")([0-9]+)", "$1-$2"),
                "{}",
                "no JSON")) {
            assertThat(bad).isNotEqualTo(good.signedKey());
            assertRefusedBy(
                    WalletStep.GOOGLE_INTERMEDIATE_KEY, () -> PAY.open(intermediate(message, signed(bad)), RECIPIENT));
        }
    }

    private static GooglePayToken.Intermediate signed(String key) {
        return new GooglePayToken.Intermediate(
                key,
                List.of(GooglePaySimulator.sign(
                        GOOGLE.root(), GoogleSignatures.lengthsAndValues("Google", V2.label(), key))));
    }

    private static GooglePayToken intermediate(String message, GooglePayToken.Intermediate key) {
        return GooglePayToken.parse(GOOGLE.signed(V2, ID, message, GOOGLE.intermediate(), Optional.of(key)));
    }

    @Test
    void theRootKeyDoesNotSignMessagesOfTheSecondVersion() {
        String message = GOOGLE.encrypted(V2, KEY, MESSAGE);
        GooglePayToken token = GooglePayToken.parse(GOOGLE.signed(
                V2, ID, message, GOOGLE.root(), Optional.of(GOOGLE.intermediate(V2, NOW.plusSeconds(9)))));

        assertRefusedBy(WalletStep.GOOGLE_SIGNATURE, () -> PAY.open(token, RECIPIENT));
    }

    /// The first version has none: whoever steals one of the second must not sign for it.
    @Test
    void anIntermediateKeySignsNothingOfTheFirstVersion() {
        String message = GOOGLE.encrypted(V1, KEY, MESSAGE);
        GooglePayToken token = GooglePayToken.parse(GOOGLE.signed(
                V1, ID, message, GOOGLE.intermediate(), Optional.of(GOOGLE.intermediate(V1, NOW.plusSeconds(9)))));

        assertRefusedBy(WalletStep.GOOGLE_SIGNATURE, () -> PAY.open(token, RECIPIENT));
    }

    @Test
    void anySignatureButTheRightOneIsRefused() {
        GooglePayToken token = token(V1, MESSAGE);
        byte[] changed = token.signature().reveal().clone();
        changed[changed.length - 1] ^= 1;
        for (SecretBytes bad : List.of(
                SecretBytes.owning(changed),
                SecretBytes.owning(new byte[0]),
                SecretBytes.owning(new byte[64]),
                token(V1, MESSAGE).signature())) {
            GooglePayToken other = new GooglePayToken(V1, bad, token.signedMessage(), token.intermediate());
            assertRefusedBy(WalletStep.GOOGLE_SIGNATURE, () -> PAY.open(other, RECIPIENT));
        }
        GooglePayToken spaced =
                new GooglePayToken(V1, token.signature(), token.signedMessage() + " ", token.intermediate());
        assertRefusedBy(WalletStep.GOOGLE_SIGNATURE, () -> PAY.open(spaced, RECIPIENT));
    }

    @TestFactory
    Stream<DynamicTest> aSignedMessageThatIsNoneIsRefused() {
        String good = GOOGLE.encrypted(V1, KEY, MESSAGE);
        String other = GOOGLE.encrypted(V1, KEY, MESSAGE);
        String tag = field(good, "tag");
        String point = field(good, "ephemeralPublicKey");
        String encrypted = field(good, "encryptedMessage");
        return Stream.of(
                        List.of("no JSON", "no JSON", "google-signed-message"),
                        List.of("no tag", good.replace("tag", "gat"), "google-signed-message"),
                        List.of("no key", good.replace("ephemeral", ""), "google-signed-message"),
                        List.of("no message", good.replace("encrypted", ""), "google-signed-message"),
                        List.of("no Base64", good.replace(tag, "!!"), "google-signed-message"),
                        List.of("two tags", good.replace("}", ",\"tag\":\"\"}"), "google-signed-message"),
                        List.of("another tag", good.replace(tag, field(other, "tag")), "google-mac"),
                        List.of("no bytes of a tag", good.replace(tag, ""), "google-mac"),
                        List.of("half a tag", good.replace(tag, tag.substring(0, 20)), "google-mac"),
                        List.of(
                                "another message",
                                good.replace(encrypted, field(other, "encryptedMessage")),
                                "google-mac"),
                        List.of("an empty message", good.replace(encrypted, ""), "google-mac"),
                        List.of("another key", good.replace(point, field(other, "ephemeralPublicKey")), "google-mac"),
                        List.of("no point", good.replace(point, tag), "google-ephemeral-key"),
                        List.of("no key at all", good.replace(point, ""), "google-ephemeral-key"),
                        List.of("a point beside the curve", good.replace(point, beside(point)), "google-ephemeral-key"),
                        List.of("encrypted for another", GOOGLE.encrypted(V1, OTHER, MESSAGE), "google-mac"),
                        List.of("as the other version has it", GOOGLE.encrypted(V2, KEY, MESSAGE), "google-mac"))
                .map(each -> DynamicTest.dynamicTest(each.get(0), () -> {
                    GooglePayToken token =
                            GooglePayToken.parse(GOOGLE.signed(V1, ID, each.get(1), GOOGLE.root(), Optional.empty()));
                    WalletStep step = Stream.of(WalletStep.values())
                            .filter(one -> one.label().equals(each.get(2)))
                            .findFirst()
                            .orElseThrow();
                    assertRefusedBy(step, () -> PAY.open(token, RECIPIENT));
                }));
    }

    private static String field(String json, String name) {
        return JsonObject.parse(secret(json), WalletStep.JSON).text(name).orElseThrow();
    }

    private static String beside(String point) {
        byte[] bytes = Texts.base64(point, "").reveal().clone();
        bytes[64] ^= 1;
        return Texts.encoded(SecretBytes.owning(bytes));
    }

    @Test
    void aSiteWithoutAKeyOpensNothing() {
        assertRefusedBy(
                WalletStep.GOOGLE_RECIPIENT_KEY,
                () -> PAY.open(token(V2, MESSAGE), recipient(ID, Optional.of(MERCHANT))));
        assertRefusedBy(
                WalletStep.GOOGLE_MAC, () -> PAY.open(token(V2, MESSAGE), recipient(ID, Optional.of(MERCHANT), OTHER)));
    }

    @TestFactory
    Stream<DynamicTest> aMessageThatIsUnlikeGooglesInOneThingIsRefused() {
        String good = TestCards.text(MESSAGE);
        String pan = TestCards.VISA_ONES;
        String expires = Long.toString(NOW.plusSeconds(60).toEpochMilli());
        return Stream.of(
                        List.of("messageExpiration", "other", "google-message"),
                        List.of("messageId", "other", "google-message"),
                        List.of("message-1", "", "google-message"),
                        List.of("message-1", "m".repeat(513), "google-message"),
                        List.of("\"message-1\"", "7", "google-message"),
                        List.of("paymentMethod\"", "other\"", "google-message"),
                        List.of("\"CARD\"", "\"BANK\"", "google-message"),
                        List.of("paymentMethodDetails", "other", "google-message"),
                        List.of("\"pan\"", "\"nap\"", "google-message"),
                        List.of("expirationMonth", "other", "google-message"),
                        List.of("expirationYear", "other", "google-message"),
                        List.of("Month\":12", "Month\":13", "google-message"),
                        List.of("Month\":12", "Month\":0", "google-message"),
                        List.of("Month\":12", "Month\":1e1", "google-message"),
                        List.of("2030", "30", "google-message"),
                        List.of("2030", "999999999999", "google-message"),
                        List.of("CRYPTOGRAM_3DS", "MAGIC", "google-message"),
                        List.of("\"cryptogram\"", "\"other\"", "google-message"),
                        List.of("\"cryptogram\":\"", "\"cryptogram\":\"<", "google-message"),
                        List.of("\"07\"", "\"x7\"", "google-message"),
                        List.of("}}", "}}{}", "google-message"),
                        List.of("}}", "}", "google-message"),
                        List.of("\"messageId\"", "\"messageExpiration\"", "google-message"),
                        List.of(expires, "soon", "google-message"),
                        List.of(expires, Long.toString(NOW.toEpochMilli()), "google-expiration"),
                        List.of(expires, "0", "google-expiration"),
                        List.of("gatewayMerchantId", "other", "google-merchant"),
                        List.of(MERCHANT, MERCHANT + "1", "google-merchant"),
                        List.of(pan, pan.substring(1), "pan"),
                        List.of(pan, pan.replace('1', '2'), "pan"),
                        List.of(pan, TestCards.DOCUMENTED_TOKENS.getFirst(), "pan"))
                .map(each ->
                        DynamicTest.dynamicTest(each.get(0) + ", " + each.get(1).length(), () -> {
                            String bad = good.replace(each.get(0), each.get(1));
                            assertThat(bad).isNotEqualTo(good);
                            WalletStep step = Stream.of(WalletStep.values())
                                    .filter(one -> one.label().equals(each.get(2)))
                                    .findFirst()
                                    .orElseThrow();
                            for (GooglePayToken.Version version : List.of(V1, V2)) {
                                assertRefusedBy(step, () -> PAY.open(token(version, secret(bad)), RECIPIENT));
                            }
                        }));
    }

    /// The names are those of r2d2's documentation of ECv1.
    @Test
    void theOldFormOfADevicesNumberIsRead() {
        String good = TestCards.text(MESSAGE);
        String old = good.replace("\"CARD\"", "\"TOKENIZED_CARD\"")
                .replace("\"pan\"", "\"dpan\"")
                .replace("CRYPTOGRAM_3DS", "3DS")
                .replace("\"cryptogram\"", "\"3dsCryptogram\"")
                .replace("\"eciIndicator\"", "\"3dsEciIndicator\"");

        WalletPayload payload = PAY.open(token(V1, secret(old)), RECIPIENT).payload();

        assertThat(payload.pan()).isEqualTo(PAN);
        assertThat(payload.credential()).isEqualTo(WalletPayload.Credential.CRYPTOGRAM_3DS);
        assertThat(payload.eci()).contains("07");
    }

    @Test
    void whatIsSignedOnlyCarriesNoCard() {
        GooglePayToken.Version version = GooglePayToken.Version.EC_V2_SIGNING_ONLY;
        GooglePayToken second = token(V2, MESSAGE);
        GooglePayToken renamed =
                new GooglePayToken(version, second.signature(), second.signedMessage(), second.intermediate());

        assertRefusedBy(WalletStep.GOOGLE_SIGNING_ONLY, () -> token(version, MESSAGE));
        assertRefusedBy(WalletStep.GOOGLE_SIGNING_ONLY, () -> PAY.open(renamed, RECIPIENT));
    }

    @Test
    void rootKeysThatCannotBeReadAreAMistakeInTheConfiguration() {
        String good = TestWallets.text(GOOGLE.rootKeys());
        for (String bad : List.of(
                "",
                "{}",
                "{\"keys\":[]}",
                "{\"keys\":{}}",
                "{\"keys\":[7]}",
                good.replace("keyValue", "other"),
                good.replace("protocolVersion", "other"),
                good.replace("MFkw", "MFkx"),
                good.replace("keyExpiration", "other"),
                good.replace("keyExpiration\":\"", "keyExpiration\":\"x"),
                good.substring(1))) {
            assertThat(Refusals.codeOf(() -> GooglePayRootKeys.parse(bad.getBytes(StandardCharsets.UTF_8))))
                    .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        }
    }
}
