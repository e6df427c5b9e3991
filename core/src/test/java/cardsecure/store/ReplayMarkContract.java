package cardsecure.store;

import static cardsecure.store.StoreSamples.fingerprint;
import static cardsecure.store.StoreSamples.mark;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.site.SiteId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every store does with replay marks: the part of [TokenStoreContract] about them.
public interface ReplayMarkContract {
    /// As [TokenStoreContract#newStore].
    TokenStore newStore() throws Exception;

    /// As [TokenStoreContract#reopen].
    TokenStore reopen(TokenStore store) throws Exception;

    private static Outcome write(TokenStore store, Change change) throws StoreException {
        return store.write(List.of(change)).getFirst();
    }

    private static Outcome remember(TokenStore store, ReplayMark mark) throws StoreException {
        return write(store, new Change.Remember(mark));
    }

    @Test
    default void aMarkIsNewOnce() throws Exception {
        TokenStore store = newStore();
        try {
            assertThat(remember(store, mark(1000, 1))).isEqualTo(new Outcome.Remembered());
            assertThat(remember(store, mark(1000, 1))).isEqualTo(new Outcome.SeenBefore());
            assertThat(store.write(List.of(
                            new Change.Remember(mark(1000, 2)),
                            new Change.Remember(mark(1000, 2)),
                            new Change.Once(mark(1000, 2), new Change.Insert(row("t1", 1, 1))))))
                    .containsExactly(new Outcome.Remembered(), new Outcome.SeenBefore(), new Outcome.SeenBefore());
            store = reopen(store);
            assertThat(remember(store, mark(1000, 1))).isEqualTo(new Outcome.SeenBefore());
            assertThat(remember(store, mark(1000, 2))).isEqualTo(new Outcome.SeenBefore());
            assertThat(store.byToken(place("t1"))).isEmpty();
        } finally {
            store.close();
        }
    }

    @Test
    default void whatIsForgottenIsToldUpToItsLatest() throws Exception {
        TokenStore store = newStore();
        try {
            remember(store, mark(1000, 1));
            remember(store, mark(900, 2));
            assertThat(store.newestForgottenMark()).isEmpty();
            store.forgetMarks(Instant.ofEpochSecond(950));
            assertThat(store.newestForgottenMark()).contains(Instant.ofEpochSecond(900));
            store.forgetMarks(Instant.ofEpochSecond(5000));
            store = reopen(store);
            assertThat(store.newestForgottenMark()).contains(Instant.ofEpochSecond(1000));
        } finally {
            store.close();
        }
    }

    @Test
    default void marksAreListedBySecondsAndOfEachAll() throws Exception {
        TokenStore store = newStore();
        try {
            assertThat(store.marks(0, 10)).isEmpty();
            for (long second : new long[] {3000, 1000, 2000}) {
                remember(store, mark(second, 1));
                remember(store, mark(second, 2));
            }
            store.forgetMarks(Instant.ofEpochSecond(1001));
            store = reopen(store);
            assertThat(store.marks(0, 1)).containsExactlyInAnyOrder(mark(2000, 1), mark(2000, 2));
            assertThat(store.marks(2000, 2)).containsExactlyInAnyOrder(mark(2000, 1), mark(2000, 2));
            assertThat(store.marks(2000, 3))
                    .containsExactlyInAnyOrder(mark(2000, 1), mark(2000, 2), mark(3000, 1), mark(3000, 2));
            assertThat(store.marks(2001, 1)).containsExactlyInAnyOrder(mark(3000, 1), mark(3000, 2));
            assertThat(store.marks(3001, 1)).isEmpty();
        } finally {
            store.close();
        }
    }

    @Test
    default void aMarkThatLiesAheadOutlivesTheEarlierOnes() throws Exception {
        TokenStore store = newStore();
        try {
            // A wallet's payload that expires a week from now, beside requests of now.
            ReplayMark ahead = mark(1000 + 7 * 86_400, 1);
            remember(store, ahead);
            remember(store, mark(1000, 2));
            store.forgetMarks(Instant.ofEpochSecond(1001));
            store = reopen(store);
            assertThat(remember(store, ahead)).isEqualTo(new Outcome.SeenBefore());
            assertThat(remember(store, mark(1001, 3))).isEqualTo(new Outcome.Remembered());
            assertThat(remember(store, mark(1000, 4))).isEqualTo(new Outcome.SeenBefore());
            store.forgetMarks(Instant.ofEpochSecond(ahead.second() + 1));
            assertThat(remember(store, ahead)).isEqualTo(new Outcome.SeenBefore());
        } finally {
            store.close();
        }
    }

    @Test
    default void marksOfOtherSitesTimesAndDigestsAreOthers() throws Exception {
        try (TokenStore store = newStore()) {
            ReplayMark one = mark(1000, 1);
            List<ReplayMark> others = List.of(
                    mark(1001, 1),
                    mark(999, 1),
                    mark(1000, 2),
                    new ReplayMark(new SiteId(8), Instant.ofEpochSecond(1000), one.digest()),
                    new ReplayMark(new SiteId(Integer.MAX_VALUE), Instant.ofEpochSecond(1000), one.digest()));
            assertThat(remember(store, one)).isEqualTo(new Outcome.Remembered());
            for (ReplayMark other : others) {
                assertThat(remember(store, other)).isEqualTo(new Outcome.Remembered());
                assertThat(remember(store, other)).isEqualTo(new Outcome.SeenBefore());
            }
        }
    }

    @Test
    default void aChangeThatComesOnceIsMadeOnce() throws Exception {
        try (TokenStore store = newStore()) {
            TokenRow first = row("t1", 1, 1);
            Change insert = new Change.Once(mark(1000, 1), new Change.Insert(first));
            assertThat(write(store, insert)).isEqualTo(new Outcome.Inserted());
            assertThat(write(store, insert)).isEqualTo(new Outcome.SeenBefore());
            Change purge = new Change.Once(mark(1000, 2), new Change.Purge(place("t1")));
            assertThat(write(store, purge)).isEqualTo(new Outcome.Changed());
            Change again = new Change.Replace(place("t1"), Optional.empty(), sealed(2));
            assertThat(write(store, new Change.Once(mark(1000, 3), again))).isEqualTo(new Outcome.Changed());
            assertThat(write(store, purge)).isEqualTo(new Outcome.SeenBefore());
            assertThat(store.byFingerprint(StoreSamples.SITE, fingerprint(1))).contains(row("t1", 1, 2));
        }
    }

    @Test
    default void aMarkIsRememberedWhateverItsChangeIsAnswered() throws Exception {
        try (TokenStore store = newStore()) {
            TokenRow first = row("t1", 1, 1);
            write(store, new Change.Insert(first));
            List<Change> changes = List.of(
                    new Change.Insert(row("t2", 1, 2)),
                    new Change.Insert(row("t1", 2, 2)),
                    new Change.Purge(place("t9")),
                    new Change.Replace(place("t9"), Optional.empty(), sealed(2)),
                    new Change.Replace(place("t1"), Optional.empty(), sealed(2)));
            List<Outcome> outcomes = List.of(
                    new Outcome.Exists(first),
                    new Outcome.TokenTaken(),
                    new Outcome.Absent(),
                    new Outcome.Absent(),
                    new Outcome.Differs());
            for (int i = 0; i < changes.size(); i++) {
                assertThat(write(store, new Change.Once(mark(1000, i), changes.get(i))))
                        .isEqualTo(outcomes.get(i));
                assertThat(remember(store, mark(1000, i))).isEqualTo(new Outcome.SeenBefore());
            }
        }
    }

    @Test
    default void whatIsForgottenCannotComeAgain() throws Exception {
        TokenStore store = newStore();
        try {
            for (int second = 1000; second < 1010; second++) {
                remember(store, mark(second, second));
            }
            store.forgetMarks(Instant.ofEpochSecond(1005));
            for (int times = 0; times < 2; times++) {
                for (int second = 1000; second < 1010; second++) {
                    assertThat(remember(store, mark(second, second))).isEqualTo(new Outcome.SeenBefore());
                }
                store = reopen(store);
                store.forgetMarks(Instant.ofEpochSecond(1003));
            }
            // Older than one that was forgotten: nobody can tell.
            assertThat(remember(store, mark(1004, 0))).isEqualTo(new Outcome.SeenBefore());
            assertThat(remember(store, mark(1005, 0))).isEqualTo(new Outcome.Remembered());
        } finally {
            store.close();
        }
    }

    @Test
    default void aClockThatRunsAheadForgetsNoMoreThanThereIs() throws Exception {
        TokenStore store = newStore();
        try {
            store.forgetMarks(Instant.ofEpochSecond(-1));
            store.forgetMarks(Instant.ofEpochSecond(1_000_000));
            assertThat(remember(store, mark(1000, 1))).isEqualTo(new Outcome.Remembered());
            store.forgetMarks(Instant.ofEpochSecond(1_000_000));
            store = reopen(store);
            assertThat(remember(store, mark(1000, 2))).isEqualTo(new Outcome.SeenBefore());
            assertThat(remember(store, mark(1001, 2))).isEqualTo(new Outcome.Remembered());
        } finally {
            store.close();
        }
    }

    @Test
    default void ofSixtyFourWhoBringOneMarkOneIsFirst() throws Exception {
        try (TokenStore store = newStore();
                GroupCommit commits = new GroupCommit(store, 1000, 16);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Outcome>> answers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                Change insert = new Change.Insert(row("race-" + i, i, i));
                answers.add(threads.submit(() -> {
                    start.await();
                    return commits.commit(new Change.Once(mark(1000, 1), insert));
                }));
            }
            start.countDown();
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> answer : answers) {
                outcomes.add(answer.get());
            }
            assertThat(outcomes).containsOnlyOnce(new Outcome.Inserted());
            assertThat(outcomes).filteredOn(new Outcome.SeenBefore()::equals).hasSize(63);
        }
    }
}
