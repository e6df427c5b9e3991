package cardsecure.postgres;

import static cardsecure.store.StoreSamples.fingerprint;
import static cardsecure.store.StoreSamples.mark;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static cardsecure.store.StoreSamples.shortLived;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.config.StoreLocation;
import cardsecure.store.Change;
import cardsecure.store.Outcome;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of calls when the way to the database fails: at once, for a while, and just when it has written.
@Timeout(60)
class LostConnectionTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /// For a machine that is busy with other tests.
    private static final Duration PATIENCE = TIMEOUT.plusSeconds(20);

    /// Where calls have to succeed.
    private static final Duration LONG_TIMEOUT = Duration.ofSeconds(10);

    private StoreLocation.Postgres location = TestPostgres.NOWHERE;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void makeADatabase() {
        location = TestPostgres.newDatabase();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open.reversed()) {
            one.close();
        }
    }

    private WireProxy proxy() throws IOException {
        WireProxy proxy = new WireProxy(location);
        open.add(proxy);
        return proxy;
    }

    private PostgresTokenStore open(WireProxy proxy) throws StoreException {
        return open(proxy, TIMEOUT);
    }

    private PostgresTokenStore open(WireProxy proxy, Duration timeout) throws StoreException {
        PostgresTokenStore store =
                new PostgresDatabase(proxy.behind(location), Optional.empty(), new PostgresSettings(4, timeout)).open();
        open.add(store);
        return store;
    }

    private static Outcome write(PostgresTokenStore store, Change change) throws StoreException {
        return store.write(List.of(change)).getFirst();
    }

    @Test
    void whatWasWrittenBeforeItsAnswerWasLostIsAcknowledgedOnce() throws Exception {
        WireProxy proxy = proxy();
        PostgresTokenStore store = open(proxy, LONG_TIMEOUT);
        write(store, new Change.Insert(row("first", 1, 1)));
        int number = 100;
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            proxy.set(WireProxy.State.LOSES_AN_ANSWER);
            number++;
            outcomes.add(write(store, new Change.Insert(row("t" + number, number, number))));
            proxy.set(WireProxy.State.LOSES_AN_ANSWER);
            outcomes.add(write(store, new Change.Replace(place("t" + number), Optional.of(sealed(number)), sealed(7))));
            proxy.set(WireProxy.State.LOSES_AN_ANSWER);
            outcomes.add(write(
                    store, new Change.Refingerprint(place("t" + number), fingerprint(number), fingerprint(-number))));
            proxy.set(WireProxy.State.LOSES_AN_ANSWER);
            assertThat(store.setSetting("s" + i, Optional.empty(), Optional.of(sealed(number))))
                    .isTrue();
            proxy.set(WireProxy.State.LOSES_AN_ANSWER);
            assertThat(store.byFingerprint(place("t1").site(), fingerprint(-number)))
                    .contains(row("t" + number, -number, 7));
        }
        assertThat(proxy.lost()).isGreaterThan(20);
        assertThat(outcomes).filteredOn(new Outcome.Inserted()::equals).hasSize(5);
        assertThat(outcomes).filteredOn(new Outcome.Changed()::equals).hasSize(10);
        assertThat(store.rows(Optional.empty(), 100).items()).hasSize(6);
    }

    /// A mark that stands there may be another node's.
    @Test
    void whatRemembersAMarkIsNotTriedAgain() throws Exception {
        WireProxy proxy = proxy();
        PostgresTokenStore store = open(proxy, LONG_TIMEOUT);
        int failed = 0;
        for (int i = 0; i < 10; i++) {
            write(store, new Change.Insert(row("t" + i, i, i)));
            proxy.set(WireProxy.State.LOSES_AN_ANSWER);
            try {
                assertThat(write(store, new Change.Remember(mark(1000, i)))).isEqualTo(new Outcome.Remembered());
            } catch (StoreException expected) {
                failed++;
            }
            proxy.set(WireProxy.State.WHOLE);
        }
        assertThat(failed).isPositive();
    }

    /// Whether it was taken, or kept and taken elsewhere since, nobody here knows.
    @Test
    void whatIsForOneUseIsNotTriedAgain() throws Exception {
        WireProxy proxy = proxy();
        PostgresTokenStore store = open(proxy, LONG_TIMEOUT);
        int failed = 0;
        for (int i = 0; i < 20; i++) {
            String token = "t" + i;
            ShortLivedRow row = shortLived(token, 1200, i);
            Change take = new Change.Take(place(token), Instant.EPOCH);
            write(store, new Change.With(new Change.Insert(row(token, i, i)), row));
            boolean keeps = i % 2 == 0;
            proxy.set(WireProxy.State.LOSES_AN_ANSWER);
            try {
                assertThat(write(store, keeps ? new Change.Keep(row) : take))
                        .isEqualTo(keeps ? new Outcome.Kept() : new Outcome.Taken(row));
            } catch (StoreException expected) {
                failed++;
            }
            proxy.set(WireProxy.State.WHOLE);
            awaitServing(store);
            write(store, take);
            assertThat(write(store, take)).isEqualTo(new Outcome.Absent());
        }
        assertThat(failed).isPositive();
    }

    @Test
    void aDatabaseThatHangsFailsEachCallInTimeAndServesAgainWhenItAnswers() throws Exception {
        WireProxy proxy = proxy();
        PostgresTokenStore store = open(proxy);
        write(store, new Change.Insert(row("t1", 1, 1)));
        proxy.set(WireProxy.State.HANGS);
        assertFailsInTime(store);
        proxy.set(WireProxy.State.WHOLE);
        awaitServing(store);
        assertThat(store.byToken(place("t1"))).contains(row("t1", 1, 1));
    }

    @Test
    void aDatabaseThatIsGoneFailsEachCallInTimeAndServesAgainWhenItIsBack() throws Exception {
        WireProxy proxy = proxy();
        PostgresTokenStore store = open(proxy);
        Semaphore told = new Semaphore(0);
        store.peers().onChange(told::release);
        told.acquire();
        proxy.set(WireProxy.State.CUT);
        assertFailsInTime(store);
        assertThat(store.health()).isNotEqualTo("ok");
        proxy.set(WireProxy.State.WHOLE);
        awaitServing(store);
        assertThat(store.health()).isEqualTo("ok");
        // What it missed may have been a change.
        assertThat(told.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
    }

    private static void assertFailsInTime(PostgresTokenStore store) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Duration>> failures = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                int number = i;
                failures.add(threads.submit(() -> timed(() -> store.byToken(place("t" + number)))));
            }
            failures.add(threads.submit(() -> timed(() -> write(store, new Change.Insert(row("t2", 2, 2))))));
            failures.add(threads.submit(() -> timed(() -> store.setting("s"))));
            failures.add(threads.submit(() -> timed(() -> store.requireGeneration(1))));
            for (Future<Duration> failure : failures) {
                assertThat(failure.get()).isLessThan(PATIENCE);
            }
        }
    }

    private interface Call {
        void make() throws StoreException;
    }

    private static Duration timed(Call call) {
        long began = System.nanoTime();
        assertThatThrownBy(call::make).isInstanceOf(StoreException.class);
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static void awaitServing(PostgresTokenStore store) throws StoreException {
        while (true) {
            try {
                store.byToken(place("t1"));
                write(store, new Change.Purge(place("none")));
                return;
            } catch (StoreException e) {
                assertThat(e).hasMessageContaining("the database could not");
            }
        }
    }
}
