package cardsecure.vault;

import static cardsecure.TestCards.AMEX;
import static cardsecure.TestCards.MASTERCARD;
import static cardsecure.TestCards.VISA;
import static cardsecure.TestCards.secret;
import static cardsecure.TestCards.text;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.audit.AuditEvent;
import cardsecure.card.Expiry;
import cardsecure.card.Pan;
import cardsecure.card.TrackData;
import cardsecure.dukpt.BaseKey;
import cardsecure.dukpt.BaseKeyAlgorithm;
import cardsecure.dukpt.KeySetId;
import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import cardsecure.dukpt.SiteBaseKey;
import cardsecure.secret.SecretBytes;
import cardsecure.signing.RequestSigner;
import cardsecure.signing.SigningText;
import cardsecure.site.SigningForm;
import cardsecure.site.SiteId;
import cardsecure.site.SiteSetting;
import cardsecure.store.StoreException;
import cardsecure.swipe.SwipeCipher;
import cardsecure.swipe.SwipeFormat;
import cardsecure.swipe.SwipeMaker;
import cardsecure.swipe.SwipePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `CZ` and `TD`, on a whole vault.
class SwipeActionsTest {
    private static final BaseKey KEY = new BaseKey(
            BaseKeyAlgorithm.TDES, SecretBytes.owning(HexFormat.of().parseHex("0123456789ABCDEFFEDCBA9876543210")));
    private static final String DEVICE = "FFFF9876543210E";
    private static final String SERIAL = "520T8202";

    private final TestVault vault = newVault();

    private static TestVault newVault() {
        try {
            return new TestVault();
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void loadKey() throws StoreException {
        vault.sites
                .baseKeys()
                .add(site(), new SiteBaseKey(new KeySetId("FFFF987654"), KeyVariant.DATA_ONE_WAY, KEY, Instant.EPOCH));
    }

    @AfterEach
    void close() {
        vault.close();
    }

    private SiteId site() {
        return vault.sites.named(TestVault.SITE).orElseThrow().id();
    }

    private static String swipe(String pan, int counter) {
        return swipe(SwipeFormat.IDTECH_KEYBOARD, pan, counter);
    }

    private static String swipe(SwipeFormat format, String pan, int counter) {
        return text(SwipeMaker.make(plan(format, pan, counter, SERIAL)));
    }

    private static SwipePlan plan(SwipeFormat format, String pan, int counter, String serial) {
        return new SwipePlan(
                format,
                Pan.parse(secret(pan)),
                "DOE/JANE",
                new Expiry(2018, 12),
                "201",
                KEY,
                Ksn.parseHex(DEVICE + String.format("%05X", counter)),
                KeyVariant.DATA_ONE_WAY,
                SwipeCipher.TDES,
                SwipePlan.Hashes.SHA1,
                EnumSet.allOf(TrackData.Kind.class),
                serial);
    }

    @Test
    void aSwipeGetsTheTokenOfTheSameCardByHand() {
        String byHand = vault.answer("CE", VISA);

        assertThat(vault.answer("CZ", swipe(VISA, 1))).isEqualTo(byHand);
        assertThat(vault.answer("CZ", swipe(SwipeFormat.KSN_AND_HEX, VISA, 2))).isEqualTo(byHand);
        assertThat(vault.answer("CE", AMEX)).isEqualTo(vault.answer("CZ", swipe(AMEX, 3)));
    }

    @Test
    void whatASwipeBroughtIsGivenOutOnce() {
        String token = vault.answer("CZ", swipe(VISA, 1));

        String taken = vault.answer("TD", token);

        assertThat(taken)
                .isEqualTo("{\"source\":\"reader\",\"entry\":\"swiped\",\"expiry\":\"1218\",\"track1\":\"%B" + VISA
                        + "^DOE/JANE^1812201" + track1Rest(taken) + "?\",\"track2\":\";" + VISA + "=1812201"
                        + track2Rest(taken) + "?\",\"ksn\":\"" + DEVICE + "00001\",\"serial\":\"" + SERIAL + "\"}");
        assertThat(vault.answer("TD", token)).isEqualTo("0049::Data not found");
        assertThat(vault.answer("CV", token)).isEqualTo("Token Found");
    }

    private static String track1Rest(String json) {
        int from = json.indexOf("^1812201") + "^1812201".length();
        return json.substring(from, json.indexOf('?', from));
    }

    private static String track2Rest(String json) {
        int from = json.indexOf("=1812201") + "=1812201".length();
        return json.substring(from, json.indexOf('?', from));
    }

    @Test
    void whoeverTakesItIsAudited() {
        String token = vault.answer("CZ", swipe(VISA, 1));

        vault.answer("TD", token);

        assertThat(vault.events)
                .anySatisfy(event -> assertThat(event).isInstanceOfSatisfying(AuditEvent.Revealed.class, revealed -> {
                    assertThat(revealed.action()).isEqualTo("TD");
                    assertThat(revealed.token()).isEqualTo(token);
                }));
    }

    @Test
    void ofAllWhoTakeItAtOnceOneGetsIt() throws Exception {
        String token = vault.answer("CZ", swipe(VISA, 1));
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = IntStream.range(0, 50)
                    .mapToObj(_ -> callers.submit(() -> {
                        start.await();
                        return vault.answer("TD", token);
                    }))
                    .toList();
            start.countDown();
            int taken = 0;
            for (Future<String> answer : answers) {
                taken += answer.get().startsWith("{") ? 1 : 0;
            }

            assertThat(taken).isOne();
        }
    }

    @Test
    void afterTheSitesRetentionThereIsNothing() throws StoreException {
        vault.set(SiteSetting.RETENTION, "2h");
        String token = vault.answer("CZ", swipe(VISA, 1));
        String other = vault.answer("CZ", swipe(AMEX, 2));
        vault.time.updateAndGet(now -> now.plus(Duration.ofHours(2)).minusSeconds(61));

        assertThat(vault.answer("TD", other)).startsWith("{");
        vault.time.updateAndGet(now -> now.plusSeconds(61));
        assertThat(vault.answer("TD", token)).isEqualTo("0049::Data not found");
    }

    @Test
    void aSiteThatKeepsNothingGivesATokenAllTheSame() throws StoreException {
        vault.set(SiteSetting.RETENTION, "off");

        String token = vault.answer("CZ", swipe(VISA, 1));

        assertThat(token).isEqualTo(vault.answer("CE", VISA));
        assertThat(vault.answer("TD", token)).isEqualTo("0049::Data not found");
    }

    @Test
    void aLaterSwipeTakesThePlaceOfTheOneBefore() {
        String token = vault.answer("CZ", swipe(VISA, 1));
        vault.answer("CZ", swipe(VISA, 2));

        assertThat(vault.answer("TD", token)).contains("\"ksn\":\"" + DEVICE + "00002\"");
        assertThat(vault.answer("TD", token)).isEqualTo("0049::Data not found");
    }

    @Test
    void aPurgeDestroysIt() {
        String token = vault.answer("CZ", swipe(VISA, 1));

        vault.answer("CP", token);

        assertThat(vault.answer("TD", token)).isEqualTo("0049::Data not found");
    }

    @Test
    void aTokenOfAnotherSiteOrNoneHasNothing() {
        String token = vault.answer("CZ", swipe(VISA, 1));

        assertThat(vault.answer(TestVault.OTHER, "TD", token)).isEqualTo("0049::Data not found");
        assertThat(vault.answer("TD", "9441149619831111")).isEqualTo("0049::Data not found");
        assertThat(vault.answer("TD", "RE0smitS")).isEqualTo("0056::Token format bad");
        assertThat(vault.answer("TD", "")).isEqualTo("0014::Data empty");
    }

    @Test
    void whoMayNotDecryptTakesNothing() throws StoreException {
        String token = vault.answer("CZ", swipe(VISA, 1));
        vault.set(SiteSetting.OPEN, "tokenize,verify,purge,bin,encrypt");

        assertThat(vault.answer("TD", token)).isEqualTo("0071::Unauthorized decrypt");
        vault.set(SiteSetting.OPEN, "decrypt");
        assertThat(vault.answer("TD", token)).startsWith("{");
    }

    @Test
    void anotherSiteWithoutTheKeyCannotReadIt() {
        assertThat(vault.answer(TestVault.OTHER, "CZ", swipe(VISA, 1))).isEqualTo("0078::Invalid swipe data");
        assertThat(reason()).contains("key set").contains("FFFF987654");
    }

    private String reason() {
        return vault.events.stream()
                .filter(AuditEvent.Refused.class::isInstance)
                .map(AuditEvent.Refused.class::cast)
                .reduce((_, last) -> last)
                .orElseThrow()
                .reason();
    }

    @Test
    void aSiteTakesTheReadersThatItListsAndNoOthers() throws StoreException {
        vault.set(SiteSetting.TERMINALS, "OTHER1," + SERIAL);
        assertThat(vault.answer("CZ", swipe(VISA, 1))).startsWith("9");
        vault.set(SiteSetting.TERMINALS, "OTHER1");
        assertThat(vault.answer("CZ", swipe(VISA, 2))).isEqualTo("0066::Unauthorized terminal");
        assertThat(vault.answer("CZ", swipe(SwipeFormat.KSN_AND_HEX, VISA, 3)))
                .isEqualTo("0066::Unauthorized terminal");
        vault.set(SiteSetting.TERMINALS, "");
        vault.set(SiteSetting.KEY_SETS, "FFFF987655");
        assertThat(vault.answer("CZ", swipe(VISA, 4))).isEqualTo("0066::Unauthorized terminal");
        vault.set(SiteSetting.KEY_SETS, "FFFF987654");
        assertThat(vault.answer("CZ", swipe(VISA, 5))).startsWith("9");
    }

    @Test
    void aSiteSaysHowItsReadersAreSetUp() throws StoreException {
        String tlv = HexFormat.of()
                .withUpperCase()
                .formatHex(SwipeMaker.make(plan(SwipeFormat.GENERIC_TLV, VISA, 1, SERIAL))
                        .reveal());
        String others = tlv.replace("DFAE02", "DF8102").replace("DFAE03", "9F01");
        assertThat(vault.answer("CZ", tlv)).startsWith("9");
        assertThat(vault.answer("CZ", others)).isEqualTo("0078::Invalid swipe data");
        vault.set(SiteSetting.GENERIC_TAGS, "df8102,9f01,dfae57");
        assertThat(vault.answer("CZ", others)).startsWith("9");
        assertThat(vault.answer("CZ", tlv)).isEqualTo("0078::Invalid swipe data");
    }

    @Test
    void aSwipeMayComeAgainUnlessCountersMustGrow() throws StoreException {
        String again = swipe(VISA, 5);
        assertThat(vault.answer("CZ", again)).isEqualTo(vault.answer("CZ", again));
        vault.set(SiteSetting.SWIPE_COUNTERS, "on");

        assertThat(vault.answer("CZ", again)).startsWith("9");
        assertThat(vault.answer("CZ", again)).isEqualTo("0078::Invalid swipe data");
        assertThat(reason()).startsWith("counter").contains("came with 5 after 5");
        assertThat(vault.answer("CZ", swipe(VISA, 4))).isEqualTo("0078::Invalid swipe data");
        assertThat(vault.answer("CZ", swipe(VISA, 6))).startsWith("9");
    }

    @Test
    void aReaderThatWasForgottenCountsFromOneAgain() throws StoreException {
        vault.set(SiteSetting.SWIPE_COUNTERS, "on");
        vault.answer("CZ", swipe(VISA, 7));
        String device = DEVICE + "00000";

        assertThat(vault.sites.readerCounters().forget(site(), device)).isTrue();
        assertThat(vault.sites.readerCounters().forget(site(), device)).isFalse();
        assertThat(vault.sites.readerCounters().forget(site(), "x")).isFalse();
        assertThat(vault.answer("CZ", swipe(VISA, 1))).startsWith("9");
    }

    @Test
    void readersOfSitesThatAreNoMoreAreForgotten() throws StoreException {
        vault.set(SiteSetting.SWIPE_COUNTERS, "on");
        vault.answer("CZ", swipe(VISA, 7));
        ReaderCounters counters = vault.sites.readerCounters();
        counters.removeOrphans(() -> Set.of(site()));
        assertThat(vault.answer("CZ", swipe(VISA, 7))).isEqualTo("0078::Invalid swipe data");
        counters.removeOrphans(() -> Set.of(new SiteId(site().number() + 1)));
        assertThat(counters.forget(site(), DEVICE + "00000")).isFalse();
    }

    /// As readers of some makers have them: such a one may pass Luhn's check by chance.
    @Test
    void aReaderWhoseSerialNumberCouldBeACardsIsListedAsItIsAndNotLogged() throws StoreException {
        String serial = MASTERCARD;
        String report = HexFormat.of()
                .formatHex(SwipeMaker.make(plan(SwipeFormat.MAGTEK_HID, VISA, 8, serial))
                        .reveal());
        vault.set(SiteSetting.TERMINALS, "OTHER1");
        assertThat(vault.answer("CZ", report)).isEqualTo("0066::Unauthorized terminal");
        assertThat(reason())
                .contains("reader ************" + serial.substring(12) + " is not")
                .doesNotContain(serial.substring(0, 12));
        vault.set(SiteSetting.TERMINALS, serial);
        assertThat(vault.answer("CZ", report)).startsWith("9");
    }

    @Test
    void ofEqualSignedSwipesAtOnceOneGetsItsTokenThoughCountersGrow() throws Exception {
        vault.set(SiteSetting.SWIPE_COUNTERS, "on");
        vault.set(SiteSetting.SIGNING, "on");
        vault.sites.signingKeys().renew(site(), SecretBytes.owning(new byte[32]), false);
        for (int counter = 0x200; counter < 0x210; counter++) {
            Call call = signed(swipe(VISA, counter), "ref-" + counter);
            CountDownLatch start = new CountDownLatch(1);
            List<Future<String>> answers = new ArrayList<>();
            List<String> passed = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 8; i++) {
                    answers.add(threads.submit(() -> {
                        start.await();
                        return TestVault.shown(vault.handle(TestVault.CALLER, call));
                    }));
                }
                start.countDown();
                for (Future<String> answer : answers) {
                    if (!answer.get().equals("0060::Request signature failure")) {
                        passed.add(answer.get());
                    }
                }
            }
            assertThat(passed).singleElement().asString().startsWith("9");
        }
    }

    private static Call signed(String data, String ref) {
        String time = "2014-01-01T 00:00:01Z";
        SecretBytes text = SigningText.of(SigningForm.ENCODED, "CZ", secret(data), ref, time);
        String sig = HexFormat.of().formatHex(new RequestSigner(SecretBytes.owning(new byte[32])).sign(text));
        return new Call.Decoded(
                Optional.of("CZ"), Optional.of(secret(data)), Parameters.none().withSignature(ref, time, sig));
    }

    @Test
    void whatIsNoSwipeMovesNoCounter() throws StoreException {
        vault.set(SiteSetting.SWIPE_COUNTERS, "on");
        String good = swipe(SwipeFormat.KSN_AND_HEX, VISA, 0x100);
        String forged = good.substring(0, good.length() - 16) + "0000000000000000";

        assertThat(vault.answer("CZ", forged)).isEqualTo("0078::Invalid swipe data");
        assertThat(vault.answer("CZ", swipe(VISA, 3))).startsWith("9");
    }

    @Test
    void aClearTrackIsRefusedAndSaysNothing() {
        String track = ";" + VISA + "=18122010000000000?";

        assertThat(vault.answer("CZ", track)).isEqualTo("0078::Invalid swipe data");
        assertThat(reason()).contains("clear").doesNotContain(VISA.substring(4, 12));
    }

    @Test
    void aCardOfAGiftCardRangeGetsATokenToo() throws StoreException {
        vault.set(SiteSetting.GIFT_CARDS, VISA.substring(0, 6));

        assertThat(vault.answer("CZ", swipe(VISA, 1))).startsWith("9");
    }
}
