package cardsecure.wallet;

import static cardsecure.wallet.TestWallets.assertRefusedBy;
import static cardsecure.wallet.TestWallets.secret;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class WalletParametersTest {
    private static final String SPKI = Texts.encoded(cardsecure.secret.SecretBytes.owning(
            TestWallets.EC.pair().publicKey().getEncoded()));

    private static final String ID = "0A0b".repeat(16);

    @Test
    void dataComeFirstAndTheOthersInAnyOrder() {
        WalletParameters one = WalletParameters.parse(
                secret("a+/b==&ectype=apple&eckey=k+/=&ecsig=s&ectid=0a&echash=&ecpublickeyhash=h="));
        WalletParameters other =
                WalletParameters.parse(secret("a+/b==&ecpublickeyhash=h=&ectid=0a&ecsig=s&eckey=k+/=&ectype=apple"));

        assertThat(one).isEqualTo(other);
        assertThat(one.data()).isEqualTo(secret("a+/b=="));
        assertThat(one.ectype()).contains("apple");
        assertThat(one.eckey()).contains("k+/=");
        assertThat(one.ecpublickeyhash()).contains("h=");
        assertThat(one.echash()).isEmpty();
    }

    @Test
    void ofTwoTheFirstCountsAndUnknownOnesAreIgnored() {
        WalletParameters both = WalletParameters.parse(secret("d&ectype=apple&x=1&ectype=google&&=&ecsig"));

        assertThat(both.ectype()).contains("apple");
        assertThat(both.ecsig()).isEmpty();
        assertThat(both.data()).isEqualTo(secret("d"));
    }

    @Test
    void jsonKeepsWhatLooksLikeASeparator() {
        WalletParameters google = WalletParameters.parse(secret("{\"a\":\"b&c=d\"}&ectype=google"));

        assertThat(google.data()).isEqualTo(secret("{\"a\":\"b&c=d\"}"));
        assertThat(google.wallet()).contains(WalletKind.GOOGLE);
    }

    @Test
    void theWalletIsNamedOrIsGooglesJson() {
        assertThat(WalletParameters.ofData(secret(" \n{}")).wallet()).contains(WalletKind.GOOGLE);
        assertThat(WalletParameters.ofData(secret("AAAA")).wallet()).isEmpty();
        assertThat(WalletParameters.ofData(secret("")).wallet()).isEmpty();
        assertThat(WalletParameters.parse(secret("{}&ectype=apple")).wallet()).contains(WalletKind.APPLE);
        for (String unknown : List.of("samsung", "Apple", "apple ", "ap%70le")) {
            assertRefusedBy(
                    WalletStep.KIND,
                    () -> WalletParameters.parse(secret("d&ectype=" + unknown)).wallet());
        }
    }

    @Test
    void moreThanAnyPayloadNeedsIsRefused() {
        assertThat(WalletParameters.parse(secret("a".repeat(32_768))).data().length())
                .isEqualTo(32_768);
        assertRefusedBy(WalletStep.SIZE, () -> WalletParameters.parse(secret("a".repeat(32_769))));
    }

    @TestFactory
    Stream<DynamicTest> apples() {
        String good = "AAAA&ectype=apple&eckey=" + SPKI + "&ecsig=AAAA&ectid=" + ID;
        String hash = "ab".repeat(32);
        return Stream.of(
                        List.of(good.replace("&eckey", "&x"), "field"),
                        List.of(good.replace("&ecsig", "&x"), "field"),
                        List.of(good.replace("&ectid", "&x"), "field"),
                        List.of(good.replace(ID, ""), "field"),
                        List.of(good.replace("eckey=M", "eckey=!"), "base64"),
                        List.of(good.replace("ecsig=A", "ecsig=!"), "base64"),
                        List.of("!" + good, "base64"),
                        List.of(good.replace(ID, ID.substring(1)), "base64"),
                        List.of(good.replace(ID, "0x" + ID.substring(2)), "base64"),
                        List.of(good.replace(ID, ID + ID), "base64"),
                        List.of(good + "&echash=0a0b", "base64"),
                        List.of(good + "&echash=" + hash + "00", "base64"),
                        List.of(good + "&ecpublickeyhash=AAAA", "base64"))
                .map(each -> DynamicTest.dynamicTest(
                        each.get(1) + " " + each.get(0).length(),
                        () -> assertRefusedBy(
                                each.get(1).equals("field") ? WalletStep.FIELD : WalletStep.BASE64,
                                () -> ApplePayToken.of(WalletParameters.parse(secret(each.get(0)))))));
    }

    @Test
    void aHashIsHexFirstThenBase64() {
        String good = "AAAA&ectype=apple&eckey=" + SPKI + "&ecsig=AAAA&ectid=" + ID + "&echash=";
        byte[] hash = Texts.sha256(new byte[0]);
        cardsecure.secret.SecretBytes secret = cardsecure.secret.SecretBytes.owning(hash);

        for (String written : List.of(
                Texts.hex(secret),
                Texts.hex(secret).toUpperCase(java.util.Locale.ROOT),
                Texts.encoded(secret),
                Texts.encoded(secret).replace("=", "").replace('+', ' ').replace('/', '_'))) {
            assertThat(ApplePayToken.of(WalletParameters.parse(secret(good + written)))
                            .applicationData())
                    .contains(secret);
        }
        assertThat(ApplePayToken.of(WalletParameters.parse(secret(good))).transactionId())
                .isEqualTo(cardsecure.secret.SecretBytes.owning(
                        java.util.HexFormat.of().parseHex(ID)));
    }

    @Test
    void aWrappedKeyIsToldByItsLength() {
        String wrapped = Texts.encoded(cardsecure.secret.SecretBytes.owning(new byte[256]));

        assertThat(ApplePayToken.of(WalletParameters.parse(
                                secret("AAAA&ectype=apple&eckey=" + wrapped + "&ecsig=AAAA&ectid=" + ID)))
                        .version())
                .isEqualTo(ApplePayToken.Version.RSA_V1);
    }

    @TestFactory
    Stream<DynamicTest> tokensInJson() {
        String apple = "{\"version\":\"EC_v1\",\"data\":\"AAAA\",\"signature\":\"AAAA\",\"header\":"
                + "{\"ephemeralPublicKey\":\"AAAA\",\"transactionId\":\"" + ID + "\"}}";
        return Stream.of(
                        List.of("", "json"),
                        List.of("[]", "json"),
                        List.of("7", "json"),
                        List.of(apple + "x", "json"),
                        List.of(apple.substring(1), "json"),
                        List.of(apple.replace("\"AAAA\",\"signature\"", "7,\"signature\""), "json"),
                        List.of(apple.replace("\"data\"", "\"version\""), "json"),
                        List.of("{\"paymentData\":[]}", "json"),
                        List.of("{'version':'EC_v1'}", "json"),
                        List.of("{\"version\":\"\\ud800\"}", "json"),
                        List.of("{\"x\":" + "[".repeat(9) + "]".repeat(9) + "}", "json"),
                        List.of("{\"" + "x".repeat(200) + "\":1}", "json"),
                        List.of("{\"x\":" + "1".repeat(100) + "}", "json"),
                        List.of("{}", "field"),
                        List.of(apple.replace("version", "other"), "field"),
                        List.of(apple.replace("\"data\"", "\"other\""), "field"),
                        List.of(apple.replace("signature", "other"), "field"),
                        List.of(apple.replace("header", "other"), "field"),
                        List.of(apple.replace("ephemeralPublicKey", "wrappedKey"), "field"),
                        List.of(apple.replace("transactionId", "other"), "field"),
                        List.of(apple.replace("\"" + ID + "\"", "null"), "field"),
                        List.of(apple.replace("EC_v1", "EC_v2"), "version"),
                        List.of(apple.replace("EC_v1", "RSA_v2"), "version"),
                        List.of(apple.replace("\"data\":\"AAAA", "\"data\":\"!"), "base64"),
                        List.of(apple.replace(ID, ID + ID), "base64"))
                .map(each ->
                        DynamicTest.dynamicTest(each.get(1) + " " + each.get(0).length(), () -> {
                            WalletStep step = switch (each.get(1)) {
                                case "json" -> WalletStep.JSON;
                                case "field" -> WalletStep.FIELD;
                                case "version" -> WalletStep.VERSION;
                                default -> WalletStep.BASE64;
                            };
                            assertRefusedBy(step, () -> ApplePayToken.ofJson(secret(each.get(0))));
                        }));
    }

    @TestFactory
    Stream<DynamicTest> googlesTokensInJson() {
        String google = "{\"protocolVersion\":\"ECv2\",\"signature\":\"AAAA\",\"signedMessage\":\"{}\","
                + "\"intermediateSigningKey\":{\"signedKey\":\"{}\",\"signatures\":[\"AAAA\"]}}";
        return Stream.of(
                        List.of("{", "json"),
                        List.of(google.replace("[\"AAAA\"]", "\"AAAA\""), "json"),
                        List.of(google.replace("[\"AAAA\"]", "[7]"), "json"),
                        List.of(google.replace("[\"AAAA\"]", "[" + "\"AAAA\",".repeat(8) + "\"AAAA\"]"), "json"),
                        List.of(google.replace("protocolVersion", "other"), "field"),
                        List.of(google.replace("\"signature\"", "\"other\""), "field"),
                        List.of(google.replace("signedMessage", "other"), "field"),
                        List.of(google.replace("intermediateSigningKey", "other"), "field"),
                        List.of(google.replace("signedKey", "other"), "field"),
                        List.of(google.replace("signatures", "other"), "field"),
                        List.of(google.replace("[\"AAAA\"]", "[]"), "field"),
                        List.of(google.replace("ECv2", "ECv3"), "version"),
                        List.of(google.replace("[\"AAAA\"]", "[\"!\"]"), "base64"),
                        List.of(google.replace("\"signature\":\"AAAA\"", "\"signature\":\"!\""), "base64"))
                .map(each ->
                        DynamicTest.dynamicTest(each.get(1) + " " + each.get(0).length(), () -> {
                            WalletStep step = switch (each.get(1)) {
                                case "json" -> WalletStep.JSON;
                                case "field" -> WalletStep.FIELD;
                                case "version" -> WalletStep.VERSION;
                                default -> WalletStep.BASE64;
                            };
                            assertRefusedBy(step, () -> GooglePayToken.parse(secret(each.get(0))));
                        }));
    }

    @Test
    void anEchashBesideATokenMustBeTheTokens() {
        String hash = "ab".repeat(32);
        String apple = "{\"version\":\"EC_v1\",\"data\":\"AAAA\",\"signature\":\"AAAA\","
                + "\"header\":{\"ephemeralPublicKey\":\"AAAA\",\"transactionId\":\"" + ID + "\",\"applicationData\":\""
                + hash + "\"}}&ectype=apple&echash=";

        assertThat(ApplePayToken.of(WalletParameters.parse(secret(apple + hash)))
                        .applicationData())
                .isPresent();
        assertRefusedBy(
                WalletStep.APPLE_APPLICATION_DATA,
                () -> ApplePayToken.of(WalletParameters.parse(secret(apple + "cd".repeat(32)))));
    }

    @Test
    void whatIsPrintedSaysNothing() {
        assertThat(WalletParameters.parse(secret("geheim&ectype=apple&eckey=geheim"))
                        .toString())
                .doesNotContain("geheim")
                .contains("eckey=true");
    }
}
