package cardsecure.vault;

import static cardsecure.TestCards.secret;
import static cardsecure.rsa.TestRsa.OAEP_KEY;
import static cardsecure.rsa.TestRsa.PKCS1;
import static cardsecure.rsa.TestRsa.PKCS1_LONG;
import static cardsecure.rsa.TestRsa.PKCS1_OTHER;
import static cardsecure.rsa.TestRsa.encoded;
import static cardsecure.rsa.TestRsa.encrypted;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.audit.AuditEvent;
import cardsecure.rsa.RsaKey;
import cardsecure.rsa.RsaPadding;
import cardsecure.rsa.TestRsa;
import cardsecure.site.SiteId;
import cardsecure.site.SiteSetting;
import cardsecure.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `CR AR PR SR` and `KG`.
class EncryptedDataTest {
    private static final String FAILED = "0024::Decryption failure";
    private static final String NOT_FOUND = "0049::Data not found";
    private static final List<String> ACTIONS = List.of("CR", "AR", "PR", "SR");

    private TestVault vault;

    @BeforeEach
    void open() throws StoreException {
        vault = new TestVault();
        vault.addRsaKey(TestVault.SITE, PKCS1);
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @Test
    void encryptedDataHaveTheTokenThatTheClearOnesHave() {
        record Datum(String letter, String data) {}
        List<Datum> all = new ArrayList<>(List.of(
                new Datum("C", TestCards.BANK_ACCOUNT),
                new Datum("A", "0012345678"),
                new Datum("P", TestCards.PERSON),
                new Datum("P", "Zoë 𝄞"),
                new Datum("S", TestCards.SSN)));
        TestCards.CARDS.forEach(card -> all.add(new Datum("C", card)));

        for (Datum datum : all) {
            String token = vault.answer(datum.letter() + "R", encrypted(PKCS1, datum.data()));
            assertThat(token).isEqualTo(vault.answer(datum.letter() + "E", datum.data()));
            assertThat(vault.answer(datum.letter() + "D", token))
                    .isEqualTo(datum.letter().equals("S") ? "078051120" : datum.data());
        }
    }

    /// Whoever has caught a ciphertext chooses the action that it is sent with.
    @Test
    void noActionShowsMostOfWhatWasEncryptedForAnother() throws StoreException {
        String ofAPerson = encrypted(PKCS1, "078051120");

        assertThat(vault.answer("AR", ofAPerson)).isEqualTo(FAILED);
        assertThat(vault.answer("AR", encrypted(PKCS1, "123456"))).isEqualTo(FAILED);
        assertThat(vault.answer("AR", encrypted(PKCS1, "1234567890")))
                .startsWith("912")
                .endsWith("7890");
        assertThat(vault.answer("SR", ofAPerson)).hasSize(8);
        vault.set(SiteSetting.FORMAT_S, "numeric");
        assertThat(vault.answer("SR", ofAPerson)).isEqualTo(FAILED);
        vault.set(SiteSetting.FORMAT_S, "hyphenated");
        vault.set(SiteSetting.DOMAINS, "S,P");
        assertThat(vault.answer("SR", ofAPerson)).isEqualTo(FAILED);
        vault.set(SiteSetting.DOMAINS, "C,S");
        assertThat(vault.answer("SR", encrypted(PKCS1, "219099999"))).endsWith("9999");
        vault.set(SiteSetting.FORMAT_S, "alphanumeric");
        vault.set(SiteSetting.DOMAINS, "C,A");
        assertThat(vault.answer("AR", encrypted(PKCS1, "12345678")))
                .startsWith("912")
                .endsWith("5678");
        assertThat(vault.answer("AR", encrypted(PKCS1, "123456"))).isEqualTo(FAILED);
        vault.set(SiteSetting.DOMAINS, "C,A,P,S");
        vault.set(SiteSetting.FORMAT_A, "alphanumeric");
        assertThat(vault.answer("AR", ofAPerson)).hasSize(8);
        assertThat(vault.answer("AR", encrypted(PKCS1, "123456"))).hasSize(8);
    }

    @Test
    void tracksAreKeptForNobody() {
        for (String track : List.of(
                "%B4444333322221111^DOE/JANE^30121010?",
                "%4444333322221111^DOE/JANE^3012101?",
                ";4444333322221111=30121010?",
                " ;4444333322221111=3012101\r\n")) {
            assertThat(vault.answer("PR", encrypted(PKCS1, track))).as(track).isEqualTo(FAILED);
        }
        for (String text : List.of("100% ^^ sure", ";-) x=1?", "%B4444^x^y?", ";", "%")) {
            assertThat(vault.answer("PR", encrypted(PKCS1, text))).as(text).hasSize(8);
        }
    }

    @Test
    void uniqueMakesATokenOfItsOwn() {
        String shared = vault.answer("CR", encrypted(PKCS1, TestCards.VISA));

        assertThat(vault.answerUnique("CR", encrypted(PKCS1, TestCards.VISA))).isNotEqualTo(shared);
        assertThat(vault.answer("CR", encrypted(PKCS1, TestCards.VISA))).isEqualTo(shared);
    }

    @Test
    void whileAKeyIsRenewedBothAreGood() throws StoreException {
        String token = vault.answer("CE", TestCards.VISA);
        SiteId site = vault.sites.named(TestVault.SITE).orElseThrow().id();
        for (RsaKey next : List.of(PKCS1_OTHER, PKCS1_LONG, OAEP_KEY)) {
            vault.addRsaKey(TestVault.SITE, next);
            assertThat(vault.answer("KG", "")).isEqualTo(next.publicKeyText());
            assertThat(vault.answer("CR", encrypted(next, TestCards.VISA))).isEqualTo(token);
            assertThat(vault.answer("CR", encrypted(PKCS1, TestCards.VISA))).isEqualTo(token);
        }
        vault.sites.rsaKeys().remove(site, 1);

        assertThat(vault.answer("CR", encrypted(PKCS1, TestCards.VISA))).isEqualTo(FAILED);
        assertThat(vault.answer("CR", encrypted(PKCS1_OTHER, TestCards.VISA))).isEqualTo(token);
    }

    @Test
    void theKeyIsGivenToEverybodyWithDataOrWithout() throws StoreException {
        vault.set(SiteSetting.OPEN, "");
        for (Optional<String> data : List.of(Optional.<String>empty(), Optional.of(""), Optional.of("x"))) {
            Reply reply = vault.handle(
                    TestVault.CALLER, new Call.Decoded(Optional.of("KG"), data.map(TestCards::secret), false));
            assertThat(reply).isEqualTo(new Reply.Told(Action.KG, PKCS1.publicKeyText()));
        }
        Parameters wallet = Parameters.none().withEncryptionHandler(Optional.of("EC_ANDROID_PAY"));
        Reply reply = vault.handle(TestVault.CALLER, new Call.Decoded(Optional.of("KG"), Optional.empty(), wallet));
        assertThat(TestVault.shown(reply)).isEqualTo(NOT_FOUND);
        assertThat(vault.answer(TestVault.OTHER, "KG", "")).isEqualTo(NOT_FOUND);
        assertThat(reasons())
                .allMatch(reason -> reason.matches("the site has no key for Google Pay.*|the site has no RSA key.*"));
    }

    @Test
    void theKeysGoWithTheSite() throws StoreException {
        vault.addRsaKey(TestVault.OTHER, PKCS1_OTHER);
        vault.sites.remove(TestVault.SITE, false);

        assertThat(vault.answer("KG", "")).isEqualTo("0055::Missing or unknown site name");
        assertThat(vault.store.settingNames("rsa-keys/")).containsExactly("rsa-keys/0000000002");
        assertThat(vault.answer(TestVault.OTHER, "KG", "")).isEqualTo(PKCS1_OTHER.publicKeyText());
    }

    @Test
    void whatIsNoCiphertextAnswersBeforeAnyKeyIsUsed() throws StoreException {
        String good = encrypted(PKCS1, TestCards.VISA);
        byte[] bytes = Base64.getDecoder().decode(good);
        for (String action : ACTIONS) {
            assertThat(vault.answer(action, "")).isEqualTo("0014::Data empty");
            assertThat(vault.answer(action, "%" + good)).isEqualTo("0019::Base 64 decode failure");
            assertThat(vault.answer(action, TestCards.VISA)).isEqualTo("0020::Crypto data wrong length");
            for (int length : List.of(1, 255, 257, 384)) {
                String other = Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, length));
                assertThat(vault.answer(action, other)).isEqualTo("0020::Crypto data wrong length");
            }
            assertThat(vault.answer(TestVault.OTHER, action, good)).isEqualTo(NOT_FOUND);
        }
        assertThat(vault.encrypted.failures()).isZero();
    }

    @Test
    void cutAnywhereItIsRefusedBeforeAnyKeyIsUsed() {
        String good = encrypted(PKCS1, TestCards.VISA);
        String bare = good.replace("=", "");
        for (int length = 1; length < bare.length(); length++) {
            assertThat(vault.answer("CR", bare.substring(0, length)))
                    .isIn("0019::Base 64 decode failure", "0020::Crypto data wrong length");
        }
        assertThat(vault.answer("CR", bare)).startsWith("944");
    }

    @Test
    void allThatIsWrongAfterThatIsOneAnswerAndOneReason() throws StoreException {
        vault.set(SiteSetting.ROUTING_CHECK, "on");
        String token = vault.answer("CE", TestCards.VISA);
        List<String> cards = new ArrayList<>();
        // What CE has seven answers for.
        for (String wrong : List.of(
                "",
                "frisbee",
                "4",
                "4".repeat(32),
                "4444333322221112",
                token,
                TestCards.DOCUMENTED_TOKENS.getFirst(),
                TestCards.cardOf("9", 16),
                TestCards.BANK_ACCOUNT,
                "123456789/1",
                " " + TestCards.VISA,
                TestCards.VISA + "\n",
                ";" + TestCards.VISA + "=301210100000?",
                "%B" + TestCards.VISA + "^SAMPLE/JANE^3012101?")) {
            cards.add(encrypted(PKCS1, wrong));
        }
        byte[] bytes = Base64.getDecoder().decode(encrypted(PKCS1, TestCards.VISA));
        for (int i = 0; i < bytes.length; i += 51) {
            byte[] flipped = bytes.clone();
            flipped[i] ^= 1;
            cards.add(base64(flipped));
        }
        byte[] noPadding = encoded(PKCS1, TestCards.VISA);
        noPadding[1] = 1;
        cards.add(base64(TestRsa.encryptRaw(PKCS1, noPadding)));
        cards.add(base64(
                TestRsa.encrypt(PKCS1, RsaPadding.OAEP_SHA256, TestCards.VISA.getBytes(StandardCharsets.UTF_8))));
        cards.add(base64(TestRsa.modulus(PKCS1)));
        cards.add(encrypted(PKCS1_OTHER, TestCards.VISA));

        cards.forEach(each -> assertThat(vault.answer("CR", each)).isEqualTo(FAILED));
        assertThat(vault.answer("AR", encrypted(PKCS1, "123"))).isEqualTo(FAILED);
        assertThat(vault.answer("SR", encrypted(PKCS1, "078-05-112"))).isEqualTo(FAILED);
        assertThat(vault.answer("PR", encrypted(PKCS1, "two\nlines"))).isEqualTo(FAILED);
        assertThat(vault.answer("PR", base64(TestRsa.encrypt(PKCS1, new byte[] {'a', (byte) 0xc3}))))
                .isEqualTo(FAILED);
        assertThat(reasons()).containsExactly("RSA-encrypted data that do not decrypt to what the action takes");
        assertThat(vault.encrypted.failures()).isEqualTo(cards.size() + 4);
        assertThat(vault.store.approximateRows()).hasValue(1);
    }

    @Test
    void anOaepKeySaysNoMore() throws StoreException {
        vault.addRsaKey(TestVault.OTHER, OAEP_KEY);
        byte[] bytes = TestRsa.encrypt(OAEP_KEY, TestCards.VISA.getBytes(StandardCharsets.UTF_8));
        List<byte[]> wrong = new ArrayList<>();
        for (int i = 0; i < bytes.length; i += 5) {
            byte[] flipped = bytes.clone();
            flipped[i] ^= (byte) 0x80;
            wrong.add(flipped);
        }
        wrong.add(TestRsa.encrypt(OAEP_KEY, RsaPadding.PKCS1, TestCards.VISA.getBytes(StandardCharsets.UTF_8)));
        wrong.add(TestRsa.encryptRaw(OAEP_KEY, new byte[256]));
        wrong.add(TestRsa.modulus(OAEP_KEY));
        wrong.add(TestRsa.encrypt(OAEP_KEY, new byte[0]));
        wrong.add(TestRsa.encrypt(OAEP_KEY, "4444333322221112".getBytes(StandardCharsets.UTF_8)));

        assertThat(vault.answer(TestVault.OTHER, "CR", base64(bytes))).startsWith("944");
        for (byte[] each : wrong) {
            assertThat(vault.answer(TestVault.OTHER, "CR", base64(each))).isEqualTo(FAILED);
            assertThat(vault.answer(TestVault.OTHER, "PR", base64(each))).isNotEqualTo(TestCards.VISA);
        }
        assertThat(reasons()).hasSize(1);
    }

    /// `CE` would give it back clear; whoever has caught a ciphertext must not have it decrypted so.
    @Test
    void aGiftCardGetsATokenAndIsNotShown() throws StoreException {
        String gift = TestCards.cardOf("600649", 16);
        vault.set(SiteSetting.GIFT_CARDS, "600649-600651");

        assertThat(vault.answer("CE", gift)).isEqualTo(gift);
        String token = vault.answer("CR", encrypted(PKCS1, gift));
        assertThat(token).startsWith("960");
        assertThat(vault.answer("CD", token)).isEqualTo(gift);
    }

    @Test
    void whoFindsNoRoomIsTurnedAway() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Boolean>>> busy = new ArrayList<>();
            // One works, four wait: when the rest have been turned away, there is no room.
            for (int i = 0; i < 8; i++) {
                busy.add(callers.submit(() -> vault.workers.run(new SiteId(1), () -> awaited(goOn))));
            }
            while (busy.stream().filter(Future::isDone).count() < 3) {
                Thread.onSpinWait();
            }
            assertThat(vault.answer("CR", encrypted(PKCS1, TestCards.VISA))).isEqualTo("overloaded");
            assertThat(vault.answer("CE", TestCards.VISA)).startsWith("944");
            goOn.countDown();
        }

        assertThat(vault.gate.counts().overloaded()).isEqualTo(1);
        assertThat(vault.answer("CR", encrypted(PKCS1, TestCards.VISA))).startsWith("944");
        assertThat(vault.encrypted.failures()).isZero();
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRunOfFailuresIsToldOfWithoutData() {
        for (int i = 0; i < 25; i++) {
            vault.answer("CR", encrypted(PKCS1, "4444333322221112"));
        }
        vault.answer("CR", encrypted(PKCS1, TestCards.VISA));
        for (int i = 0; i < 9; i++) {
            vault.answer("AR", encrypted(PKCS1, "x"));
        }

        assertThat(vault.events)
                .filteredOn(AuditEvent.DecryptionsFail.class::isInstance)
                .containsExactly(
                        new AuditEvent.DecryptionsFail(TestVault.SITE, 10, Instant.EPOCH),
                        new AuditEvent.DecryptionsFail(TestVault.SITE, 20, Instant.EPOCH));
    }

    @Test
    void noEventHoldsWhatWasEncrypted() {
        for (String datum : List.of(TestCards.VISA, "4444333322221112", TestCards.PERSON, TestCards.SSN)) {
            for (String action : ACTIONS) {
                vault.answer(action, encrypted(PKCS1, datum));
                vault.answer(action, datum);
            }
        }

        assertThat(vault.events).hasSizeGreaterThan(15);
        assertThat(vault.events.toString())
                .doesNotContain(TestCards.VISA, "4444333322221112", TestCards.PERSON, TestCards.SSN);
        assertThat(new Request.TokenizeEncrypted(Action.CR, secret(TestCards.VISA), false).toString())
                .doesNotContain(TestCards.VISA);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private Set<String> reasons() {
        Set<String> reasons = new LinkedHashSet<>();
        for (AuditEvent event : vault.events) {
            if (event instanceof AuditEvent.Refused refused) {
                reasons.add(refused.reason());
            }
        }
        return reasons;
    }
}
