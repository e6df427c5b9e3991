package cardsecure.user;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.crypto.Barrier;
import cardsecure.crypto.SealedSettings;
import cardsecure.keys.KeyRing;
import cardsecure.limit.Rate;
import cardsecure.limit.Subnet;
import cardsecure.site.Right;
import cardsecure.site.SiteId;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.StoreException;
import cardsecure.user.Authenticator.Attempt;
import cardsecure.user.Authenticator.Verdict;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// How much work a login makes is counted, not timed.
class AuthenticatorTest {
    private static final SiteId SITE = new SiteId(1);
    private static final String PASSWORD = "correct horse battery";
    private static final Verdict WRONG = new Verdict.Wrong();

    private final AtomicLong nanos = new AtomicLong();
    private final CountingHasher hasher = new CountingHasher();
    private UserDirectory users;
    private Authenticator authenticator;

    @BeforeEach
    void open() throws StoreException {
        Barrier barrier = new Barrier(KeyRing.create(new Random(1), Instant.EPOCH), SecureRandom::new);
        users = new UserDirectory(new SealedSettings(new MemoryTokenStore(), barrier));
        users.add(new User(SITE, "clerk", new Login.Password(hasher.hash(secret(PASSWORD))), Set.of(Right.BIN)));
        users.add(new User(SITE, "till", Login.Certificate.of(TestCertificates.TILL), Set.of()));
        authenticator = with(1, 2, Duration.ofSeconds(10));
    }

    private Authenticator with(int atOnce, int waitingMax, Duration patience) {
        Rate ofAddress = Rate.parse("6/m:3");
        Rate ofUser = Rate.parse("12/m:5");
        return new Authenticator(
                users,
                hasher,
                new Authenticator.Limits(atOnce, waitingMax, patience, ofAddress, ofUser),
                new SecureRandom(),
                nanos::get);
    }

    @Test
    void aGoodPasswordIsCheckedOnce() {
        assertThat(authenticator.recall(clerk(PASSWORD))).isEmpty();
        for (int i = 0; i < 100; i++) {
            assertThat(authenticator.prove(clerk(PASSWORD))).isInstanceOf(Verdict.Proven.class);
        }

        assertThat(authenticator.recall(clerk(PASSWORD)).orElseThrow().name()).isEqualTo("clerk");
        assertThat(hasher.checks()).isEqualTo(1);
        assertThat(authenticator.failures()).isZero();
    }

    @Test
    void aWrongUserMakesTheSameWorkAsAWrongPassword() {
        for (Attempt wrong :
                List.of(clerk("wrong"), attempt("nobody", PASSWORD), attempt("till", PASSWORD), attempt("", ""))) {
            int before = hasher.checks();
            assertThat(authenticator.prove(new Attempt(SITE, subnet(wrong.name()), wrong.name(), wrong.password())))
                    .isEqualTo(WRONG);
            assertThat(hasher.checks() - before).as(wrong.name()).isEqualTo(1);
        }
        assertThat(authenticator.failures()).isEqualTo(4);
    }

    @Test
    void aPasswordCountsAtItsOwnSiteOnly() {
        authenticator.prove(clerk(PASSWORD));
        Attempt elsewhere = new Attempt(new SiteId(2), subnet("a"), "clerk", secret(PASSWORD));

        assertThat(authenticator.recall(elsewhere)).isEmpty();
        assertThat(authenticator.prove(elsewhere)).isEqualTo(WRONG);
    }

    @Test
    void whatWasProvenEndsWithThePassword() throws StoreException {
        authenticator.prove(clerk(PASSWORD));
        Login changed = new Login.Password(hasher.hash(secret("another password")));
        users.change(SITE, "clerk", user -> user.withLogin(changed));

        assertThat(authenticator.recall(clerk(PASSWORD))).isEmpty();
        assertThat(authenticator.prove(clerk(PASSWORD))).isEqualTo(WRONG);
        assertThat(authenticator.prove(clerk("another password"))).isInstanceOf(Verdict.Proven.class);
    }

    @Test
    void whatWasProvenEndsWithTheUser() throws StoreException {
        authenticator.prove(clerk(PASSWORD));
        users.remove(SITE, "clerk");
        assertThat(authenticator.prove(clerk(PASSWORD))).isEqualTo(WRONG);

        users.add(new User(SITE, "clerk", new Login.Password(hasher.hash(secret("another password"))), Set.of()));
        assertThat(authenticator.recall(clerk(PASSWORD))).isEmpty();
    }

    @Test
    void otherRightsNeedNoOtherCheck() throws StoreException {
        authenticator.prove(clerk(PASSWORD));
        users.change(SITE, "clerk", user -> user.withRights(Set.of(Right.PURGE)));

        assertThat(authenticator.recall(clerk(PASSWORD)).orElseThrow().rights()).containsExactly(Right.PURGE);
    }

    @Test
    void anAddressThatFailsTooOftenWaitsWithoutWork() {
        for (int i = 0; i < 3; i++) {
            assertThat(authenticator.prove(attempt("user" + i, "wrong"))).isEqualTo(WRONG);
        }

        Verdict wait = new Verdict.Wait(Duration.ofSeconds(10));
        assertThat(authenticator.prove(attempt("user3", "wrong"))).isEqualTo(wait);
        assertThat(authenticator.prove(clerk(PASSWORD))).isEqualTo(wait);
        assertThat(hasher.checks()).isEqualTo(3);
        pass(Duration.ofSeconds(10));
        assertThat(authenticator.prove(clerk(PASSWORD))).isInstanceOf(Verdict.Proven.class);
    }

    @Test
    void whoHasProvenItGoesOnWhileItsAddressWaits() {
        authenticator.prove(clerk(PASSWORD));
        for (int i = 0; i < 10; i++) {
            authenticator.prove(attempt("user" + i, "wrong"));
        }

        assertThat(authenticator.prove(clerk(PASSWORD))).isInstanceOf(Verdict.Proven.class);
    }

    @Test
    void aNameThatIsGuessedAtFromEverywhereWaitsWhetherItIsAUsersOrNot() {
        for (String name : List.of("clerk", "nobody")) {
            for (int i = 0; i < 5; i++) {
                assertThat(authenticator.prove(new Attempt(SITE, subnet(name + i), name, secret("wrong"))))
                        .isEqualTo(WRONG);
            }
            assertThat(authenticator.prove(new Attempt(SITE, subnet(name), name, secret("wrong"))))
                    .isEqualTo(new Verdict.Wait(Duration.ofSeconds(5)));
        }
        assertThat(hasher.checks()).isEqualTo(10);
    }

    @Test
    void manyWithOneGoodPasswordMakeOneCheck() throws Exception {
        authenticator = with(1, 64, Duration.ofMinutes(1));
        CountDownLatch opened = hasher.holdUp();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verdict>> verdicts = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                verdicts.add(threads.submit(() -> authenticator.prove(clerk(PASSWORD))));
            }
            opened.countDown();
            for (Future<Verdict> verdict : verdicts) {
                assertThat(verdict.get()).isInstanceOf(Verdict.Proven.class);
            }
        }

        assertThat(hasher.checks()).isEqualTo(1);
    }

    @Test
    void guessesAtTheSameTimeAreHeldToTheSameLimit() throws Exception {
        authenticator = with(1, 64, Duration.ofMinutes(1));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 64; i++) {
                String guess = "guess " + i;
                threads.execute(() -> authenticator.prove(clerk(guess)));
            }
        }

        assertThat(hasher.checks()).isEqualTo(3);
    }

    @Test
    void moreThanMayWaitAreTurnedAwayAtOnce() throws Exception {
        CountDownLatch opened = hasher.holdUp();
        CountDownLatch turnedAway = new CountDownLatch(7);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verdict>> verdicts = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Attempt attempt = new Attempt(SITE, subnet("a" + i), "user" + i, secret("wrong"));
                verdicts.add(threads.submit(() -> {
                    Verdict verdict = authenticator.prove(attempt);
                    turnedAway.countDown();
                    return verdict;
                }));
            }
            // One is checked, two wait, and nothing moves until the seven others are gone.
            turnedAway.await();
            opened.countDown();
            int busy = 0;
            for (Future<Verdict> verdict : verdicts) {
                busy += verdict.get() instanceof Verdict.Busy ? 1 : 0;
            }
            assertThat(busy).isEqualTo(7);
        }
    }

    @Test
    void whoHasWaitedLongEnoughIsTurnedAway() throws Exception {
        authenticator = with(1, 2, Duration.ofNanos(1));
        CountDownLatch opened = hasher.holdUp();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Verdict> one = threads.submit(() -> authenticator.prove(clerk("one")));
            Future<Verdict> two = threads.submit(() -> authenticator.prove(clerk("two")));
            while (!one.isDone() && !two.isDone()) {
                Thread.onSpinWait();
            }
            opened.countDown();
            assertThat(List.of(one.get(), two.get())).containsExactlyInAnyOrder(WRONG, new Verdict.Busy());
        }
    }

    private static Attempt clerk(String password) {
        return attempt("clerk", password);
    }

    private static Attempt attempt(String name, String password) {
        return new Attempt(SITE, Subnet.of(InetAddress.ofLiteral("192.0.2.1")), name, secret(password));
    }

    /// Another one for each name.
    private static Subnet subnet(String name) {
        return new Subnet(true, name.hashCode());
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
