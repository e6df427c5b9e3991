package cardsecure.store;

import static cardsecure.store.StoreSamples.SITE;
import static cardsecure.store.StoreSamples.mark;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static cardsecure.store.StoreSamples.shortLived;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.card.Domain;
import cardsecure.site.SiteId;
import cardsecure.token.Token;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every store does with short-lived rows: the part of [TokenStoreContract] about them.
public interface ShortLivedContract {
    /// Before the deadlines of the samples, which are at 1200.
    Instant EARLY = Instant.ofEpochSecond(1000);

    /// As [TokenStoreContract#newStore].
    TokenStore newStore() throws Exception;

    /// As [TokenStoreContract#reopen].
    TokenStore reopen(TokenStore store) throws Exception;

    private static Outcome write(TokenStore store, Change change) throws StoreException {
        return store.write(List.of(change)).getFirst();
    }

    private static Change keep(String token, long data) {
        return new Change.Keep(shortLived(token, 1200, data));
    }

    private static Change take(String token) {
        return new Change.Take(place(token), EARLY);
    }

    private static Outcome taken(String token, long data) {
        return new Outcome.Taken(shortLived(token, 1200, data));
    }

    @Test
    default void whatIsKeptIsTakenOnce() throws Exception {
        TokenStore store = newStore();
        try {
            write(store, new Change.Insert(row("t1", 1, 1)));
            assertThat(store.shortLived(place("t1"))).isEmpty();
            assertThat(write(store, take("t1"))).isEqualTo(new Outcome.Absent());
            assertThat(write(store, keep("t1", 5))).isEqualTo(new Outcome.Kept());
            store = reopen(store);
            assertThat(store.shortLived(place("t1"))).contains(shortLived("t1", 1200, 5));
            assertThat(store.byToken(place("t1"))).contains(row("t1", 1, 1));
            assertThat(write(store, take("t1"))).isEqualTo(taken("t1", 5));
            assertThat(write(store, take("t1"))).isEqualTo(new Outcome.Absent());
            store = reopen(store);
            assertThat(write(store, take("t1"))).isEqualTo(new Outcome.Absent());
            assertThat(store.shortLived(place("t1"))).isEmpty();
            assertThat(store.byToken(place("t1"))).contains(row("t1", 1, 1));
        } finally {
            store.close();
        }
    }

    @Test
    default void aLaterOneIsInThePlaceOfTheFormer() throws Exception {
        try (TokenStore store = newStore()) {
            write(store, new Change.Insert(row("t1", 1, 1)));
            write(store, keep("t1", 5));
            assertThat(write(store, new Change.Keep(shortLived("t1", 1260, 6)))).isEqualTo(new Outcome.Kept());
            store.destroyShortLived(Instant.ofEpochSecond(1200));
            assertThat(write(store, take("t1"))).isEqualTo(new Outcome.Taken(shortLived("t1", 1260, 6)));
            write(store, keep("t1", 5));
            write(store, keep("t1", 7));
            write(store, keep("t1", 7));
            assertThat(store.shortLivedRows(Optional.empty(), 10).items()).containsExactly(shortLived("t1", 1200, 7));
            store.destroyShortLived(Instant.ofEpochSecond(1200));
            assertThat(store.shortLived(place("t1"))).isEmpty();
        }
    }

    @Test
    default void nothingIsKeptWhereNoDatumIs() throws Exception {
        try (TokenStore store = newStore()) {
            assertThat(write(store, keep("t1", 5))).isEqualTo(new Outcome.Absent());
            write(store, new Change.Insert(row("t1", 1, 1)));
            write(store, new Change.Purge(place("t1")));
            assertThat(write(store, keep("t1", 5))).isEqualTo(new Outcome.Differs());
            assertThat(store.shortLivedRows(Optional.empty(), 10).items()).isEmpty();
        }
    }

    @Test
    default void aPurgeDestroysItInTheSameChange() throws Exception {
        try (TokenStore store = newStore()) {
            write(store, new Change.Insert(row("t1", 1, 1)));
            write(store, keep("t1", 5));
            assertThat(write(store, new Change.Purge(place("t1")))).isEqualTo(new Outcome.Changed());
            assertThat(store.shortLived(place("t1"))).isEmpty();
            Change again = new Change.Replace(place("t1"), Optional.empty(), sealed(1));
            assertThat(store.write(
                            List.of(again, keep("t1", 6), new Change.Purge(place("t1")), keep("t1", 7), take("t1"))))
                    .containsExactly(
                            new Outcome.Changed(),
                            new Outcome.Kept(),
                            new Outcome.Changed(),
                            new Outcome.Differs(),
                            new Outcome.Absent());
            assertThat(store.shortLived(place("t1"))).isEmpty();
        }
    }

    @Test
    default void itIsWrittenWithANewRowOrNotAtAll() throws Exception {
        TokenStore store = newStore();
        try {
            TokenRow first = row("t1", 1, 1);
            Change insert = new Change.With(new Change.Insert(first), shortLived("t1", 1200, 5));
            assertThat(write(store, insert)).isEqualTo(new Outcome.Inserted());
            assertThat(write(store, insert)).isEqualTo(new Outcome.Exists(first));
            assertThat(write(store, new Change.With(new Change.Insert(row("t2", 1, 2)), shortLived("t2", 1200, 6))))
                    .isEqualTo(new Outcome.Exists(first));
            assertThat(write(store, new Change.With(new Change.Insert(row("t1", 2, 2)), shortLived("t1", 1200, 7))))
                    .isEqualTo(new Outcome.TokenTaken());
            store = reopen(store);
            assertThat(store.byToken(place("t1"))).contains(first);
            assertThat(store.shortLivedRows(Optional.empty(), 10).items()).containsExactly(shortLived("t1", 1200, 5));
        } finally {
            store.close();
        }
    }

    @Test
    default void itIsWrittenWithDataThatComeBackOrNotAtAll() throws Exception {
        try (TokenStore store = newStore()) {
            Change.With again = new Change.With(
                    new Change.Replace(place("t1"), Optional.empty(), sealed(2)), shortLived("t1", 1200, 5));
            assertThat(write(store, again)).isEqualTo(new Outcome.Absent());
            write(store, new Change.Insert(row("t1", 1, 1)));
            assertThat(write(store, again)).isEqualTo(new Outcome.Differs());
            assertThat(store.shortLived(place("t1"))).isEmpty();
            write(store, new Change.Purge(place("t1")));
            assertThat(write(store, again)).isEqualTo(new Outcome.Changed());
            assertThat(store.byToken(place("t1"))).contains(row("t1", 1, 2));
            assertThat(write(store, take("t1"))).isEqualTo(taken("t1", 5));
        }
    }

    @Test
    default void aRequestThatComesOnceKeepsAndTakesOnce() throws Exception {
        try (TokenStore store = newStore()) {
            Change insert = new Change.Once(
                    mark(1000, 1), new Change.With(new Change.Insert(row("t1", 1, 1)), shortLived("t1", 1200, 5)));
            Change take = new Change.Once(mark(1000, 2), take("t1"));
            Change keep = new Change.Once(mark(1000, 3), keep("t1", 6));
            Change takeLater = new Change.Once(mark(1000, 4), take("t1"));
            assertThat(store.write(List.of(insert, take, keep, keep)))
                    .containsExactly(
                            new Outcome.Inserted(),
                            taken("t1", 5),
                            new Outcome.Kept(),
                            new Outcome.SeenBefore(mark(1000, 3)));
            for (Change seen : List.of(insert, take, keep)) {
                assertThat(write(store, seen)).isEqualTo(new Outcome.SeenBefore(Set.copyOf(seen.broughtMarks())));
            }
            assertThat(write(store, takeLater)).isEqualTo(taken("t1", 6));
            assertThat(write(store, keep)).isEqualTo(new Outcome.SeenBefore(mark(1000, 3)));
            assertThat(store.shortLived(place("t1"))).isEmpty();
        }
    }

    @Test
    default void fromTheDeadlineOnItIsGoneWhateverIsSwept() throws Exception {
        try (TokenStore store = newStore()) {
            write(store, new Change.Insert(row("t1", 1, 1)));
            write(store, keep("t1", 5));
            assertThat(write(store, new Change.Take(place("t1"), Instant.ofEpochSecond(1200))))
                    .isEqualTo(new Outcome.Absent());
            // Nor does it come back for a clock that is put back.
            assertThat(write(store, take("t1"))).isEqualTo(new Outcome.Absent());
            assertThat(store.shortLived(place("t1"))).isEmpty();
            write(store, keep("t1", 6));
            assertThat(write(store, new Change.Take(place("t1"), Instant.ofEpochSecond(1200, -1))))
                    .isEqualTo(taken("t1", 6));
        }
    }

    @Test
    default void whatIsPastIsDestroyedAndNothingElse() throws Exception {
        TokenStore store = newStore();
        try {
            List<Change> changes = new ArrayList<>();
            for (int i = 0; i < 6000; i++) {
                String token = "t" + i;
                changes.add(new Change.With(
                        new Change.Insert(row(token, i, i)), shortLived(token, 1200 + 60 * (i % 3), i)));
            }
            assertThat(store.write(changes)).containsOnly(new Outcome.Inserted());
            store.destroyShortLived(Instant.ofEpochSecond(1199));
            assertThat(store.shortLivedRows(Optional.empty(), 10_000).items()).hasSize(6000);
            store.destroyShortLived(Instant.ofEpochSecond(1260));
            store.destroyShortLived(Instant.ofEpochSecond(1199));
            store = reopen(store);
            assertThat(store.shortLivedRows(Optional.empty(), 10_000).items())
                    .hasSize(2000)
                    .allMatch(row -> row.deadline().getEpochSecond() == 1320);
            // One whose deadline is before those that were destroyed, as another node's clock may have it.
            write(store, keep("t0", 5));
            store.destroyShortLived(Instant.ofEpochSecond(1319));
            assertThat(store.shortLived(place("t0"))).isEmpty();
            assertThat(store.shortLived(place("t2"))).isPresent();
            store.destroyShortLived(Instant.MAX);
            assertThat(store.shortLivedRows(Optional.empty(), 10).items()).isEmpty();
            assertThat(store.byToken(place("t0"))).contains(row("t0", 0, 0));
            write(store, keep("t0", 5));
            store.destroyShortLived(Instant.ofEpochSecond(1319));
            assertThat(store.shortLived(place("t0"))).isEmpty();
        } finally {
            store.close();
        }
    }

    @Test
    default void changesOfOneBatchSeeWhatIsKeptBeforeThem() throws Exception {
        try (TokenStore store = newStore()) {
            assertThat(store.write(List.of(
                            new Change.With(new Change.Insert(row("t1", 1, 1)), shortLived("t1", 1200, 5)),
                            take("t1"),
                            take("t1"),
                            keep("t1", 6),
                            keep("t1", 7),
                            take("t1"),
                            keep("t1", 8),
                            keep("t2", 9))))
                    .containsExactly(
                            new Outcome.Inserted(),
                            taken("t1", 5),
                            new Outcome.Absent(),
                            new Outcome.Kept(),
                            new Outcome.Kept(),
                            taken("t1", 7),
                            new Outcome.Kept(),
                            new Outcome.Absent());
            assertThat(store.shortLivedRows(Optional.empty(), 10).items()).containsExactly(shortLived("t1", 1200, 8));
        }
    }

    @Test
    default void itGoesWithItsSiteAndNoOther() throws Exception {
        TokenStore store = newStore();
        try {
            SiteId last = new SiteId(Integer.MAX_VALUE);
            for (SiteId site : List.of(new SiteId(6), SITE, new SiteId(8), last)) {
                for (Domain domain : Domain.values()) {
                    TokenPlace place = new TokenPlace(site, domain, new Token("t1"));
                    TokenRow row = new TokenRow(place, Optional.empty(), Optional.of(sealed(1)));
                    ShortLivedRow beside = new ShortLivedRow(place, Instant.ofEpochSecond(1200), sealed(5));
                    assertThat(write(store, new Change.With(new Change.Insert(row), beside)))
                            .isEqualTo(new Outcome.Inserted());
                }
            }
            store.destroyTokens(SITE);
            store.destroyTokens(last);
            store = reopen(store);
            assertThat(store.shortLivedRows(Optional.empty(), 100).items().stream()
                            .map(row -> row.place().site().number())
                            .distinct())
                    .containsExactly(6, 8);
            assertThat(write(store, take("t1"))).isEqualTo(new Outcome.Absent());
            // What comes to the same place later has nothing to do with what was there.
            ShortLivedRow later = shortLived("t1", 1260, 6);
            write(store, new Change.With(new Change.Insert(row("t1", 1, 1)), later));
            store.destroyShortLived(Instant.ofEpochSecond(1200));
            assertThat(store.shortLivedRows(Optional.empty(), 100).items()).containsExactly(later);
        } finally {
            store.close();
        }
    }

    @Test
    default void pagesTellEachOnceInTheOrderOfThePlaces() throws Exception {
        try (TokenStore store = newStore()) {
            List<ShortLivedRow> all = new ArrayList<>();
            for (int i = 10; i < 60; i++) {
                ShortLivedRow row = shortLived("t" + i, 1200 + 60 * (i % 7), i);
                all.add(row);
                write(store, new Change.With(new Change.Insert(row("t" + i, i, i)), row));
            }
            List<ShortLivedRow> told = new ArrayList<>();
            Page<ShortLivedRow> page = store.shortLivedRows(Optional.empty(), 7);
            while (!page.isEmpty()) {
                told.addAll(page.items());
                page = store.shortLivedRows(Optional.of(page.last().place()), 7);
            }
            assertThat(told).isEqualTo(all);
        }
    }

    @Test
    default void theLargestIsKept() throws Exception {
        TokenStore store = newStore();
        try {
            byte[] bytes = new byte[ShortLivedRow.DATA_LENGTH_MAX];
            new Random(1).nextBytes(bytes);
            ShortLivedRow largest = new ShortLivedRow(
                    place("t".repeat(64)), Instant.ofEpochSecond(253_402_300_740L), new SealedData(bytes));
            TokenRow row = new TokenRow(largest.place(), Optional.empty(), Optional.of(sealed(1)));
            assertThat(write(store, new Change.With(new Change.Insert(row), largest)))
                    .isEqualTo(new Outcome.Inserted());
            store = reopen(store);
            assertThat(store.shortLived(largest.place())).contains(largest);
            SealedData more = new SealedData(new byte[ShortLivedRow.DATA_LENGTH_MAX + 1]);
            assertThatThrownBy(() -> new ShortLivedRow(largest.place(), EARLY, more))
                    .isInstanceOf(IllegalArgumentException.class);
        } finally {
            store.close();
        }
    }

    @Test
    default void ofSixtyFourWhoTakeOneGetsIt() throws Exception {
        try (TokenStore store = newStore();
                GroupCommit commits = new GroupCommit(store, 1000, 16);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            write(store, new Change.With(new Change.Insert(row("t1", 1, 1)), shortLived("t1", 1200, 5)));
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Outcome>> answers = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                answers.add(threads.submit(() -> {
                    start.await();
                    return commits.commit(take("t1"));
                }));
            }
            start.countDown();
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> answer : answers) {
                outcomes.add(answer.get());
            }
            assertThat(outcomes).containsOnlyOnce(taken("t1", 5));
            assertThat(outcomes).filteredOn(new Outcome.Absent()::equals).hasSize(63);
        }
    }
}
