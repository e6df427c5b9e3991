package cardsecure.vault;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.audit.AuditEvent;
import cardsecure.error.ErrorCode;
import cardsecure.secret.SecretBytes;
import cardsecure.site.Right;
import cardsecure.site.SiteSetting;
import cardsecure.store.StoreException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of those who ask too often, or all at once.
class CallerLimitsTest {
    private static final String FOUND = "CardSecure Server OK";
    private static final String TOO_MANY = "too many requests";

    private TestVault vault;

    @BeforeEach
    void open() throws StoreException {
        vault = new TestVault();
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @Test
    void nobodyIsLimitedUnlessASiteSaysSo() {
        assertThat(echoes(from("192.0.2.1"), 1000)).containsOnly(FOUND).hasSize(1000);
    }

    @Test
    void aSitesRateIsForAllItsCallersTogether() throws StoreException {
        vault.set(SiteSetting.RATE, "2/s:4");

        assertThat(echoes(from("192.0.2.1"), 3)).containsOnly(FOUND);
        assertThat(echoes(from("192.0.2.2"), 2)).containsExactly(FOUND, TOO_MANY);
        assertThat(vault.answer(TestVault.OTHER, "HI", "12345678")).isEqualTo(FOUND);
        vault.logins.pass(Duration.ofMillis(500));
        assertThat(echoes(from("192.0.2.3"), 2)).containsExactly(FOUND, TOO_MANY);
    }

    @Test
    void whoIsTurnedAwayIsToldWhenToComeAgainAndIsLogged() throws StoreException {
        vault.set(SiteSetting.RATE, "2/s:1");
        echoes(from("192.0.2.1"), 1);

        Reply reply = vault.handle(from("192.0.2.1"), echo());
        assertThat(reply).isInstanceOfSatisfying(Reply.TooManyRequests.class, tooMany -> {
            assertThat(tooMany.retryAfter()).isEqualTo(Duration.ofMillis(500));
            assertThat(vault.events).last().isInstanceOfSatisfying(AuditEvent.Refused.class, event -> {
                assertThat(event.errorId()).isEqualTo(tooMany.errorId());
                assertThat(event.code()).isEqualTo("429");
                assertThat(event.site()).isEqualTo(TestVault.SITE);
                assertThat(event.reason()).isEqualTo("the site's callers ask too often");
            });
        });
        assertThat(vault.gate.counts().overRate()).isEqualTo(1);
    }

    @Test
    void aCallerThatFloodsASiteUsesUpItsOwnRateOnly() throws StoreException {
        vault.set(SiteSetting.RATE, "10/s");
        vault.set(SiteSetting.CALLER_RATE, "2/s");

        assertThat(echoes(from("192.0.2.1"), 100)).filteredOn(FOUND::equals).hasSize(2);
        assertThat(echoes(from("192.0.2.2"), 2)).containsOnly(FOUND);
    }

    @Test
    void oneIpv6NetworkIsOneCaller() throws StoreException {
        vault.set(SiteSetting.CALLER_RATE, "2/s");

        assertThat(echoes(from("2001:db8::1"), 1)).containsOnly(FOUND);
        assertThat(echoes(from("2001:db8::2"), 2)).containsExactly(FOUND, TOO_MANY);
        assertThat(echoes(from("2001:db8:0:1::1"), 1)).containsOnly(FOUND);
    }

    @Test
    void aUserIsACallerFromWhereverItComes() throws StoreException {
        vault.set(SiteSetting.CALLER_RATE, "2/s");
        vault.logins.add(vault.sites.named(TestVault.SITE).orElseThrow(), "clerk", Right.BIN);
        Credentials clerk = new Credentials.Basic("clerk", secret(TestLogins.PASSWORD));
        // The first request of a user is its address's still: it has proven nothing when it comes.
        assertThat(echoes(from("192.0.2.9", clerk), 1)).containsOnly(FOUND);

        assertThat(echoes(from("192.0.2.1", clerk), 1)).containsOnly(FOUND);
        assertThat(echoes(from("192.0.2.2", clerk), 2)).containsExactly(FOUND, TOO_MANY);
        assertThat(echoes(from("192.0.2.1"), 2)).containsOnly(FOUND);
    }

    @Test
    void whatIsMalformedCountsToo() throws StoreException {
        vault.set(SiteSetting.CALLER_RATE, "2/s");
        Call malformed = new Call.Malformed(ErrorCode.ILLEGAL_CHARACTERS, "bad escape", Optional.empty());
        vault.handle(from("192.0.2.1"), malformed);
        vault.handle(from("192.0.2.1"), malformed);

        assertThat(TestVault.shown(vault.handle(from("192.0.2.1"), malformed))).isEqualTo(TOO_MANY);
    }

    @Test
    void aRateThatIsTakenAwayLimitsNobody() throws StoreException {
        vault.set(SiteSetting.RATE, "1/m");
        assertThat(echoes(from("192.0.2.1"), 2)).containsExactly(FOUND, TOO_MANY);
        vault.set(SiteSetting.RATE, "off");

        assertThat(echoes(from("192.0.2.1"), 2)).containsOnly(FOUND);
    }

    @Test
    void guessesAreAnsweredWith429AndProvenUsersGoOn() throws StoreException {
        vault.logins.add(vault.sites.named(TestVault.SITE).orElseThrow(), "clerk", Right.BIN);
        Credentials clerk = new Credentials.Basic("clerk", secret(TestLogins.PASSWORD));
        echoes(from("192.0.2.1", clerk), 1);
        int before = vault.logins.hasher.checks();

        List<String> guesses = echoes(from("192.0.2.1", new Credentials.Basic("clerk", secret("guess"))), 50);
        assertThat(guesses.subList(0, 3)).containsOnly("credentials needed");
        assertThat(guesses.subList(3, 50)).containsOnly(TOO_MANY);
        assertThat(vault.logins.hasher.checks() - before).isEqualTo(3);
        assertThat(echoes(from("192.0.2.1", clerk), 10)).containsOnly(FOUND);
        assertThat(vault.gate.counts().failedLogins()).isEqualTo(3);
    }

    @Test
    void nothingTellsAWrongUserFromAWrongPassword() throws StoreException {
        vault.logins.add(vault.sites.named(TestVault.SITE).orElseThrow(), "clerk", Right.BIN);
        List<String> logged = new ArrayList<>();
        for (String name : List.of("clerk", "nobody")) {
            vault.events.clear();
            Caller guesser = from("198.51.100." + name.length(), new Credentials.Basic(name, secret("guess")));
            assertThat(echoes(guesser, 1)).containsOnly("credentials needed");
            logged.add(vault.events
                    .getFirst()
                    .toString()
                    .replaceAll("errorId=[0-9a-f]+", "")
                    .replaceAll("address=[0-9.]+", ""));
        }

        assertThat(logged.getFirst()).isEqualTo(logged.getLast()).contains("reason=wrong credentials");
        assertThat(vault.logins.hasher.checks()).isEqualTo(2);
    }

    @Test
    void moreAtATimeThanMayBeAreTurnedAwayAtOnce() {
        for (int i = 0; i < TestVault.IN_FLIGHT_MAX; i++) {
            vault.gate.enter();
        }

        assertThat(echoes(from("192.0.2.1"), 3)).containsOnly("overloaded");
        assertThat(vault.gate.counts().overloaded()).isEqualTo(3);
        assertThat(vault.gate.counts().inFlight()).isEqualTo(TestVault.IN_FLIGHT_MAX);
        vault.gate.leave();
        assertThat(echoes(from("192.0.2.1"), 3)).containsOnly(FOUND);
    }

    @Test
    void nobodyIsLeftInsideWhateverTheAnswerWas() {
        echoes(from("192.0.2.1"), 3);
        echoes(from("192.0.2.1", new Credentials.Basic("clerk", secret("guess"))), 10);
        vault.answer("CE", "frisbee");
        vault.answer("CE", TestCards.VISA);
        vault.answer("nobody", "CE", TestCards.VISA);

        assertThat(vault.gate.counts().inFlight()).isZero();
    }

    private List<String> echoes(Caller caller, int count) {
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(TestVault.shown(vault.handle(caller, echo())));
        }
        return answers;
    }

    private static Call echo() {
        Optional<SecretBytes> data = Optional.of(secret("12345678"));
        return new Call.Decoded(Optional.of("HI"), data, false);
    }

    private static Caller from(String address) {
        return from(address, new Credentials.None());
    }

    private static Caller from(String address, Credentials credentials) {
        return new Caller(InetAddress.ofLiteral(address), true, TestVault.CALLER.site(), credentials);
    }
}
