package cardsecure.store;

import static cardsecure.store.StoreSamples.fingerprint;
import static cardsecure.store.StoreSamples.mark;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static cardsecure.store.StoreSamples.shortLived;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.site.SiteId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
            assertThat(remember(store, mark(1000, 1))).isEqualTo(new Outcome.SeenBefore(mark(1000, 1)));
            assertThat(store.write(List.of(
                            new Change.Remember(mark(1000, 2)),
                            new Change.Remember(mark(1000, 2)),
                            new Change.Once(mark(1000, 2), new Change.Insert(row("t1", 1, 1))))))
                    .containsExactly(
                            new Outcome.Remembered(),
                            new Outcome.SeenBefore(mark(1000, 2)),
                            new Outcome.SeenBefore(mark(1000, 2)));
            store = reopen(store);
            assertThat(remember(store, mark(1000, 1))).isEqualTo(new Outcome.SeenBefore(mark(1000, 1)));
            assertThat(remember(store, mark(1000, 2))).isEqualTo(new Outcome.SeenBefore(mark(1000, 2)));
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
            assertThat(remember(store, ahead)).isEqualTo(new Outcome.SeenBefore(ahead));
            assertThat(remember(store, mark(1001, 3))).isEqualTo(new Outcome.Remembered());
            assertThat(remember(store, mark(1000, 4))).isEqualTo(new Outcome.SeenBefore(mark(1000, 4)));
            store.forgetMarks(Instant.ofEpochSecond(ahead.second() + 1));
            assertThat(remember(store, ahead)).isEqualTo(new Outcome.SeenBefore(ahead));
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
                assertThat(remember(store, other)).isEqualTo(new Outcome.SeenBefore(other));
            }
        }
    }

    @Test
    default void aChangeThatComesOnceIsMadeOnce() throws Exception {
        try (TokenStore store = newStore()) {
            TokenRow first = row("t1", 1, 1);
            Change insert = new Change.Once(mark(1000, 1), new Change.Insert(first));
            assertThat(write(store, insert)).isEqualTo(new Outcome.Inserted());
            assertThat(write(store, insert)).isEqualTo(new Outcome.SeenBefore(mark(1000, 1)));
            Change purge = new Change.Once(mark(1000, 2), new Change.Purge(place("t1")));
            assertThat(write(store, purge)).isEqualTo(new Outcome.Changed());
            Change again = new Change.Replace(place("t1"), Optional.empty(), sealed(2));
            assertThat(write(store, new Change.Once(mark(1000, 3), again))).isEqualTo(new Outcome.Changed());
            assertThat(write(store, purge)).isEqualTo(new Outcome.SeenBefore(mark(1000, 2)));
            assertThat(store.byFingerprint(StoreSamples.SITE, fingerprint(1))).contains(row("t1", 1, 2));
        }
    }

    /// Whoever asked goes on with another change, and brings it again.
    @Test
    default void aMarkIsRememberedIfItsChangeIsMadeAndOnlyThen() throws Exception {
        try (TokenStore store = newStore()) {
            TokenRow first = row("t1", 1, 1);
            write(store, new Change.Insert(first));
            List<Change> changes = List.of(
                    new Change.Insert(row("t2", 1, 2)),
                    new Change.Insert(row("t1", 2, 2)),
                    new Change.Purge(place("t9")),
                    new Change.Replace(place("t9"), Optional.empty(), sealed(2)),
                    new Change.Replace(place("t1"), Optional.empty(), sealed(2)),
                    new Change.Keep(shortLived("t9", 1200, 1)),
                    new Change.Take(place("t1"), Instant.ofEpochSecond(1000)));
            List<Outcome> outcomes = List.of(
                    new Outcome.Exists(first),
                    new Outcome.TokenTaken(),
                    new Outcome.Absent(),
                    new Outcome.Absent(),
                    new Outcome.Differs(),
                    new Outcome.Absent(),
                    new Outcome.Absent());
            for (int i = 0; i < changes.size(); i++) {
                Change once = new Change.Once(List.of(mark(1000, i), mark(2000, i)), changes.get(i));
                assertThat(write(store, once)).isEqualTo(outcomes.get(i));
                assertThat(write(store, once)).isEqualTo(outcomes.get(i));
                assertThat(remember(store, mark(1000, i))).isEqualTo(new Outcome.Remembered());
                assertThat(remember(store, mark(2000, i))).isEqualTo(new Outcome.Remembered());
                assertThat(write(store, once)).isEqualTo(new Outcome.SeenBefore(Set.of(mark(1000, i), mark(2000, i))));
            }
            // In one batch: what was not made leaves the mark to the next.
            assertThat(store.write(List.of(
                            new Change.Once(mark(3000, 1), new Change.Insert(row("t1", 5, 5))),
                            new Change.Once(mark(3000, 1), new Change.Insert(row("t5", 5, 5))),
                            new Change.Once(mark(3000, 1), new Change.Purge(place("t1"))))))
                    .containsExactly(
                            new Outcome.TokenTaken(), new Outcome.Inserted(), new Outcome.SeenBefore(mark(3000, 1)));
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
                    assertThat(remember(store, mark(second, second)))
                            .isEqualTo(new Outcome.SeenBefore(mark(second, second)));
                }
                store = reopen(store);
                store.forgetMarks(Instant.ofEpochSecond(1003));
            }
            // Older than one that was forgotten: nobody can tell.
            assertThat(remember(store, mark(1004, 0))).isEqualTo(new Outcome.SeenBefore(mark(1004, 0)));
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
            assertThat(remember(store, mark(1000, 2))).isEqualTo(new Outcome.SeenBefore(mark(1000, 2)));
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
            assertThat(outcomes)
                    .filteredOn(new Outcome.SeenBefore(mark(1000, 1))::equals)
                    .hasSize(63);
        }
    }

    @Test
    default void marksThatComeTogetherAreAllNewOrNothingIsDone() throws Exception {
        TokenStore store = newStore();
        try {
            ReplayMark payload = mark(90_000, 1);
            ReplayMark request = mark(1000, 2);
            Change insert = new Change.Once(List.of(payload, request), new Change.Insert(row("t1", 1, 1)));
            assertThat(write(store, insert)).isEqualTo(new Outcome.Inserted());
            assertThat(write(store, insert)).isEqualTo(new Outcome.SeenBefore(Set.of(payload, request)));
            store = reopen(store);
            Change other = new Change.Once(List.of(payload, mark(1000, 3)), new Change.Insert(row("t2", 2, 2)));
            assertThat(write(store, other)).isEqualTo(new Outcome.SeenBefore(payload));
            assertThat(write(store, new Change.Remember(List.of(mark(90_000, 4), request))))
                    .isEqualTo(new Outcome.SeenBefore(request));
            assertThat(store.byToken(place("t2"))).isEmpty();
            store = reopen(store);
            // What was new beside it is new still.
            assertThat(remember(store, mark(1000, 3))).isEqualTo(new Outcome.Remembered());
            assertThat(remember(store, mark(90_000, 4))).isEqualTo(new Outcome.Remembered());
        } finally {
            store.close();
        }
    }

    @Test
    default void marksThatComeTogetherAreDecidedInTheirOrder() throws Exception {
        TokenStore store = newStore();
        try {
            ReplayMark payload = mark(90_000, 1);
            remember(store, mark(1000, 9));
            assertThat(store.write(List.of(
                            // Refused for the one that is old: the payload is not used up.
                            new Change.Once(List.of(payload, mark(1000, 9)), new Change.Insert(row("t1", 1, 1))),
                            new Change.Once(List.of(payload, mark(1000, 2)), new Change.Insert(row("t2", 2, 2))),
                            new Change.Once(List.of(payload, mark(1000, 3)), new Change.Insert(row("t3", 3, 3))),
                            new Change.Remember(List.of(mark(1000, 3), mark(1000, 4))),
                            new Change.Remember(List.of(mark(1000, 4), mark(1000, 5))))))
                    .containsExactly(
                            new Outcome.SeenBefore(mark(1000, 9)),
                            new Outcome.Inserted(),
                            new Outcome.SeenBefore(payload),
                            new Outcome.Remembered(),
                            new Outcome.SeenBefore(mark(1000, 4)));
            store = reopen(store);
            assertThat(remember(store, mark(1000, 5))).isEqualTo(new Outcome.Remembered());
            assertThat(remember(store, mark(1000, 4))).isEqualTo(new Outcome.SeenBefore(mark(1000, 4)));
            assertThat(store.byToken(place("t1"))).isEmpty();
            assertThat(store.byToken(place("t3"))).isEmpty();
        } finally {
            store.close();
        }
    }

    @Test
    default void aForgottenMarkBesideANewOneIsSeen() throws Exception {
        try (TokenStore store = newStore()) {
            remember(store, mark(1000, 1));
            store.forgetMarks(Instant.ofEpochSecond(1001));
            assertThat(write(store, new Change.Remember(List.of(mark(900, 2), mark(2000, 3)))))
                    .isEqualTo(new Outcome.SeenBefore(mark(900, 2)));
            assertThat(remember(store, mark(2000, 3))).isEqualTo(new Outcome.Remembered());
        }
    }
}
