package cardsecure.vault;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.audit.AuditEvent;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteSetting;
import cardsecure.store.FaultyTokenStore;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.StoreException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Signed requests, signed here with `javax.crypto` and the JDK's encoder of forms, by the text of the vendor's
/// guide.
@Timeout(60)
class SignedRequestTest {
    private static final String UNSIGNED = "0057::Request signature invalid";
    private static final String LATE = "0058::Request signature timestamp expired";
    private static final String MISMATCH = "0059::Request signature mismatch";
    private static final String FAILURE = "0060::Request signature failure";
    private static final String OK = "CardSecure Server OK";
    private static final String TIME = "2014-01-01T 00:00:01Z";
    private static final Instant NOW = Instant.parse("2014-01-01T00:00:01Z");
    private static final byte[] KEY = filled(1);

    private static byte[] filled(int value) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) value);
        return key;
    }

    private TestVault vault = anyVault();

    private static TestVault anyVault() {
        try {
            return new TestVault();
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void turnSigningOn() throws StoreException {
        vault.set(SiteSetting.SIGNING, "on");
        useKey(KEY, false);
    }

    private void useKey(byte[] key, boolean keepBefore) throws StoreException {
        vault.sites
                .signingKeys()
                .renew(vault.sites.named(TestVault.SITE).orElseThrow().id(), SecretBytes.copyOf(key), keepBefore);
    }

    /// A request as clients make it; each part can be another one than was signed.
    private record Signed(
            String action, String data, Optional<String> ref, Optional<String> time, Optional<String> sig) {
        static Signed of(byte[] key, String action, String data, String ref, String time) {
            String text =
                    "action=" + form(action) + "&data=" + form(data) + "&ref=" + form(ref) + "&time=" + form(time);
            return new Signed(action, data, Optional.of(ref), Optional.of(time), Optional.of(hmac(key, text)));
        }

        static Signed of(String action, String data, String ref) {
            return of(KEY, action, data, ref, TIME);
        }

        Signed withSig(String other) {
            return new Signed(action, data, ref, time, Optional.of(other));
        }

        Signed withData(String other) {
            return new Signed(action, other, ref, time, sig);
        }
    }

    private static String form(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private String answer(Signed request) {
        return answer(TestVault.SITE, request);
    }

    private String answer(String site, Signed request) {
        Parameters parameters = new Parameters(
                false, Optional.empty(), Optional.empty(), request.ref(), request.time(), request.sig(), Map.of());
        Caller caller =
                new Caller(TestVault.CALLER.address(), true, new SiteSelector.Named(site), new Credentials.None());
        return TestVault.shown(vault.handle(
                caller,
                new Call.Decoded(Optional.of(request.action()), Optional.of(secret(request.data())), parameters)));
    }

    @Test
    void aSignedRequestIsAnsweredOnce() {
        Signed request = Signed.of("CE", TestCards.VISA, "1234");
        String token = answer(request);

        assertThat(token).startsWith("944").endsWith("1111");
        assertThat(answer(request)).isEqualTo(FAILURE);
        assertThat(answer(request.withSig(request.sig().orElseThrow().toUpperCase(java.util.Locale.ROOT))))
                .isEqualTo(FAILURE);
        assertThat(answer(Signed.of("CE", TestCards.VISA, "1235"))).isEqualTo(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CV", "CP", "CT", "CD", "CE"})
    void everyActionIsAnsweredOnce(String action) {
        String token = answer(Signed.of("CE", TestCards.VISA, "first"));
        Signed request = Signed.of(action, action.equals("CE") ? TestCards.VISA : token, "second");

        assertThat(answer(request)).doesNotStartWith("00");
        assertThat(answer(request)).isEqualTo(FAILURE);
        assertThat(answer(Signed.of(KEY, "HI", "12345678", "third", TIME))).isEqualTo(OK);
        assertThat(answer(Signed.of(KEY, "HI", "12345678", "third", TIME))).isEqualTo(FAILURE);
    }

    @Test
    void aRequestThatFailsComesOnceAsWell() {
        for (Signed request : List.of(
                Signed.of("CE", "frisbee", "1"),
                Signed.of("XX", "frisbee", "2"),
                Signed.of("CV", "frisbee", "3"),
                Signed.of("CP", "9441149619831111", "4"),
                Signed.of("CD", "9441149619831111", "5"))) {
            assertThat(answer(request)).startsWith("00").isNotEqualTo(FAILURE);
            assertThat(answer(request)).isEqualTo(FAILURE);
        }
    }

    @Test
    void whoMayNotIsToldSoOnce() throws StoreException {
        vault.set(SiteSetting.OPEN, "tokenize");
        Signed request = Signed.of("CV", "9441149619831111", "1");

        assertThat(answer(request)).isEqualTo("credentials needed");
        vault.set(SiteSetting.OPEN, "tokenize,verify");
        assertThat(answer(request)).isEqualTo(FAILURE);
    }

    @Test
    void aReplayRevealsNothingAndLeavesNoTraceOfARevelation() {
        String token = answer(Signed.of("CE", TestCards.VISA, "first"));
        Signed request = Signed.of("CD", token, "second");
        answer(request);
        answer(request);

        assertThat(vault.events)
                .filteredOn(AuditEvent.Revealed.class::isInstance)
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "absent",
            quoteCharacter = '"',
            value = {
                "absent, 2014-01-01T 00:00:01Z, good",
                "\"\", 2014-01-01T 00:00:01Z, good",
                "1, absent, good",
                "1, \"\", good",
                "1, 2014-01-01 00:00:01Z, good",
                "1, 2014-02-30T 00:00:01Z, good",
                "1, 2014-01-01T 00:00:01Z, absent",
                "1, 2014-01-01T 00:00:01Z, \"\"",
                "1, 2014-01-01T 00:00:01Z, 5820c73d",
                "1, 2014-01-01T 00:00:01Z, long",
                "1, 2014-01-01T 00:00:01Z, no-hex",
                "absent, absent, absent"
            })
    void whatIsNotSignedRightIsNotSigned(String ref, String time, String sig) {
        String good = Signed.of("CE", TestCards.VISA, "1").sig().orElseThrow();
        Optional<String> sent = Optional.ofNullable(sig)
                .map(text -> text.replace("good", good)
                        .replace("long", good + "00")
                        .replace("no-hex", "g" + good.substring(1)));
        for (String action : List.of("CE", "CV", "HI", "XX")) {
            Signed request =
                    new Signed(action, TestCards.VISA, Optional.ofNullable(ref), Optional.ofNullable(time), sent);
            assertThat(answer(request)).isEqualTo(UNSIGNED);
        }
    }

    @Test
    void aReferenceIsAsLongAsThat() {
        assertThat(answer(Signed.of("HI", "12345678", "r".repeat(256)))).isEqualTo(OK);
        assertThat(answer(Signed.of("HI", "12345678", "r".repeat(257)))).isEqualTo(UNSIGNED);
    }

    @Test
    void theWindowIsExactOnBothSides() throws StoreException {
        for (String window : List.of("5m", "30s", "60m")) {
            vault.set(SiteSetting.SIGNING_WINDOW, window);
            Duration wide = window.endsWith("m")
                    ? Duration.ofMinutes(Long.parseLong(window.replace("m", "")))
                    : Duration.ofSeconds(30);
            assertThat(at(NOW.plus(wide), "last" + window)).isEqualTo(OK);
            assertThat(at(NOW.plus(wide).plusNanos(1), "late" + window)).isEqualTo(LATE);
            assertThat(at(NOW.minus(wide), "first" + window)).isEqualTo(OK);
            assertThat(at(NOW.minus(wide).minusNanos(1), "early" + window)).isEqualTo(LATE);
        }
    }

    private String at(Instant now, String ref) {
        vault.time.set(now);
        return answer(Signed.of("HI", "12345678", ref));
    }

    @Test
    void theTimeMayLackItsBlankAndIsSignedAsItIs() {
        String bare = TIME.replace(" ", "");

        assertThat(answer(Signed.of(KEY, "HI", "12345678", "1", bare))).isEqualTo(OK);
        Signed other = Signed.of(KEY, "HI", "12345678", "2", bare);
        assertThat(answer(new Signed("HI", "12345678", other.ref(), Optional.of(TIME), other.sig())))
                .isEqualTo(MISMATCH);
    }

    @Test
    void whateverIsChangedOnTheWayIsAMismatch() {
        Signed request = Signed.of("CE", TestCards.VISA, "1");

        assertThat(answer(request.withData(TestCards.MASTERCARD))).isEqualTo(MISMATCH);
        assertThat(answer(new Signed("CV", request.data(), request.ref(), request.time(), request.sig())))
                .isEqualTo(MISMATCH);
        assertThat(answer(new Signed("CE", request.data(), Optional.of("2"), request.time(), request.sig())))
                .isEqualTo(MISMATCH);
        assertThat(answer(new Signed(
                        "CE", request.data(), request.ref(), Optional.of("2014-01-01T 00:00:02Z"), request.sig())))
                .isEqualTo(MISMATCH);
        assertThat(answer(Signed.of(filled(2), "CE", TestCards.VISA, "1", TIME)))
                .isEqualTo(MISMATCH);
        // And none of them was remembered.
        assertThat(answer(request)).startsWith("944");
    }

    @ParameterizedTest
    @ValueSource(strings = {"&", "=", "+", "a b", "1&ref=2", "&sig=&time=", "José \u20ac\ud83d\ude00", "%26", "*-._~"})
    void aReferenceMayBeHostile(String ref) throws StoreException {
        assertThat(answer(Signed.of("HI", "12345678", ref))).isEqualTo(OK);
        vault.set(SiteSetting.SIGNING_FORM, "decoded");
        String sig = hmac(KEY, "action=HI&data=12345678&ref=" + ref + "&time=" + TIME);
        assertThat(answer(new Signed("HI", "12345678", Optional.of(ref), Optional.of(TIME), Optional.of(sig))))
                .isEqualTo(ref.contains("&ref=") ? UNSIGNED : OK);
    }

    @Test
    void theFormIsTheOneThatIsSet() throws StoreException {
        Signed encoded = Signed.of("PE", "Erika M\u00fcller", "1");
        String sig = hmac(KEY, "action=PE&data=Erika M\u00fcller&ref=1&time=" + TIME);

        assertThat(answer(encoded.withSig(sig))).isEqualTo(MISMATCH);
        vault.set(SiteSetting.SIGNING_FORM, "decoded");
        assertThat(answer(encoded)).isEqualTo(MISMATCH);
        assertThat(answer(encoded.withSig(sig))).hasSize(8);
    }

    @Test
    void aSiteWithoutAKeyAnswersNobody() throws StoreException {
        vault.sites.change(TestVault.OTHER, site -> SiteSetting.SIGNING.set(site, "on"));

        assertThat(answer(TestVault.OTHER, Signed.of("HI", "12345678", "1"))).isEqualTo(FAILURE);
        assertThat(vault.answer(TestVault.OTHER, "HI", "12345678")).isEqualTo(UNSIGNED);
    }

    @Test
    void oneSitesRequestIsNoOthers() throws StoreException {
        vault.sites.change(TestVault.OTHER, site -> SiteSetting.SIGNING.set(site, "on"));
        vault.sites
                .signingKeys()
                .renew(vault.sites.named(TestVault.OTHER).orElseThrow().id(), SecretBytes.copyOf(KEY), false);
        Signed request = Signed.of("HI", "12345678", "1");

        assertThat(answer(request)).isEqualTo(OK);
        assertThat(answer(TestVault.OTHER, request)).isEqualTo(OK);
        assertThat(answer(request)).isEqualTo(FAILURE);
    }

    @Test
    void theKeyBeforeIsTakenForAsLongAsItIsKept() throws StoreException {
        useKey(filled(2), true);
        assertThat(answer(Signed.of("HI", "12345678", "1"))).isEqualTo(OK);
        assertThat(answer(Signed.of(filled(2), "HI", "12345678", "2", TIME))).isEqualTo(OK);
        useKey(filled(3), false);
        assertThat(answer(Signed.of("HI", "12345678", "3"))).isEqualTo(MISMATCH);
        assertThat(answer(Signed.of(filled(2), "HI", "12345678", "4", TIME))).isEqualTo(MISMATCH);
        assertThat(answer(Signed.of(filled(3), "HI", "12345678", "5", TIME))).isEqualTo(OK);
    }

    @Test
    void aSiteThatDoesNotSignIgnoresSignatures() throws StoreException {
        vault.set(SiteSetting.SIGNING, "off");
        Signed wrong = new Signed("HI", "12345678", Optional.of(""), Optional.of("never"), Optional.of("x"));

        assertThat(answer(wrong)).isEqualTo(OK);
        assertThat(answer(wrong)).isEqualTo(OK);
        assertThat(vault.answer("HI", "12345678")).isEqualTo(OK);
    }

    @Test
    void aFrameIsWhatItsSitesSettingSays() throws StoreException {
        Signed request = Signed.of("PE", "Smith & Sons", "1");
        String end = "&ref=1&time=" + TIME + "&sig=" + request.sig().orElseThrow();
        Parameters signature =
                Parameters.none().withSignature("1", TIME, request.sig().orElseThrow());
        Call frame = new Call.Signable(
                new Call.Decoded(Optional.of("PE"), Optional.of(secret("Smith & Sons" + end)), Parameters.none()),
                new Call.Decoded(Optional.of("PE"), Optional.of(secret("Smith & Sons")), signature));

        String token = TestVault.shown(vault.handle(TestVault.CALLER, frame));
        assertThat(TestVault.shown(vault.handle(TestVault.CALLER, frame))).isEqualTo(FAILURE);
        vault.set(SiteSetting.SIGNING, "off");
        assertThat(vault.answer("PD", token)).isEqualTo("Smith & Sons");
        String whole = TestVault.shown(vault.handle(TestVault.CALLER, frame));
        assertThat(vault.answer("PD", whole)).isEqualTo("Smith & Sons" + end);
    }

    @Test
    void ofSixtyFourReplaysAtOnceOnePasses() throws Exception {
        for (String action : List.of("CE", "HI")) {
            Signed request = Signed.of(action, action.equals("HI") ? "12345678" : TestCards.VISA, "1");
            CountDownLatch start = new CountDownLatch(1);
            List<Future<String>> answers = new ArrayList<>();
            List<String> passed = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 64; i++) {
                    answers.add(threads.submit(() -> {
                        start.await();
                        return answer(request);
                    }));
                }
                start.countDown();
                for (Future<String> each : answers) {
                    if (!each.get().equals(FAILURE)) {
                        passed.add(each.get());
                    }
                }
            }
            assertThat(passed).hasSize(1).allSatisfy(one -> assertThat(one).doesNotStartWith("00"));
        }
    }

    @Test
    void whatTheStoreFailsToRememberIsNotAnswered() throws StoreException {
        try (TestVault failing =
                new TestVault(new FaultyTokenStore(new MemoryTokenStore(), 1, 30), new SecureRandom())) {
            vault = failing;
            turnSigningOn();
            int answered = 0;
            for (int i = 0; i < 300; i++) {
                Signed request = Signed.of("HI", "12345678", "ref-" + i);
                List<String> answers = List.of(answer(request), answer(request), answer(request));
                assertThat(answers.stream().filter(OK::equals).count()).isLessThanOrEqualTo(1);
                answered += answers.contains(OK) ? 1 : 0;
            }
            assertThat(answered).isGreaterThan(100);
        }
    }
}
