package cardsecure.rocks;

import static cardsecure.store.StoreSamples.mark;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static cardsecure.store.StoreSamples.shortLived;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.store.Change;
import cardsecure.store.Outcome;
import cardsecure.store.ShortLivedBatch;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.WriteBatch;

class BatchTest {
    private static final TokenRow UNIQUE = new TokenRow(place("t1"), Optional.empty(), Optional.of(sealed(1)));

    @TempDir
    Path temporary;

    private Database create() throws Exception {
        return Database.create(temporary, new RocksSettings(1 << 20, 1 << 20, 0));
    }

    private static Batch batch(
            List<Change> changes, boolean room, Collection<TokenPlace> attempted, List<Outcome> attemptedOutcomes) {
        return new Batch(
                changes,
                new RecentInserts(),
                room,
                attempted,
                new BatchMarks(changes, new RecentMarks(), attemptedOutcomes),
                ShortLivedBatch.first());
    }

    private static void write(Database database, Batch batch) throws Exception {
        try (WriteBatch rows = batch.encode(database)) {
            database.write(rows);
        }
    }

    @Test
    void aSecondTryAnswersAsTheFirstThatReachedTheDisk() throws Exception {
        // The second of each kind is equal to the first, as rows of clear storage may be.
        List<Change> changes = List.of(
                new Change.Insert(UNIQUE),
                new Change.Insert(UNIQUE),
                new Change.Insert(row("t2", 2, 2)),
                new Change.Insert(row("t2", 2, 2)),
                new Change.Insert(row("t3", 2, 3)));
        try (Database database = create()) {
            Batch first = batch(changes, true, Set.of(), List.of());
            List<Outcome> outcomes = first.decide(database);
            assertThat(outcomes)
                    .containsExactly(
                            new Outcome.Inserted(),
                            new Outcome.TokenTaken(),
                            new Outcome.Inserted(),
                            new Outcome.Exists(row("t2", 2, 2)),
                            new Outcome.Exists(row("t2", 2, 2)));
            Batch lost = batch(changes, true, first.inserted(), List.of());
            assertThat(lost.decide(database)).isEqualTo(outcomes);
            assertThat(lost.changesAnything()).isTrue();
            write(database, first);
            Batch kept = batch(changes, true, first.inserted(), List.of());
            assertThat(kept.decide(database)).isEqualTo(outcomes);
            assertThat(kept.changesAnything()).isFalse();
        }
    }

    @Test
    void aRowThatWasThereBeforeTheFirstTryStaysTaken() throws Exception {
        List<Change> changes = List.of(new Change.Insert(UNIQUE));
        try (Database database = create()) {
            Batch before = batch(changes, true, Set.of(), List.of());
            before.decide(database);
            write(database, before);
            Batch first = batch(changes, true, Set.of(), List.of());
            assertThat(first.decide(database)).containsExactly(new Outcome.TokenTaken());
            Batch second = batch(changes, true, first.inserted(), List.of());
            assertThat(second.decide(database)).containsExactly(new Outcome.TokenTaken());
        }
    }

    @Test
    void aSecondTryTakesItsOwnMarksForItsOwn() throws Exception {
        List<Change> changes = List.of(
                new Change.Once(mark(1000, 1), new Change.Insert(row("t1", 1, 1))),
                new Change.Once(mark(1000, 1), new Change.Insert(row("t1", 1, 1))),
                new Change.Remember(mark(1000, 2)),
                new Change.Remember(mark(1000, 2)),
                new Change.Remember(mark(1000, 3)));
        try (Database database = create()) {
            List<Change> others = List.of(new Change.Remember(mark(1000, 3)));
            Batch before = batch(others, true, Set.of(), List.of());
            assertThat(before.decide(database)).containsExactly(new Outcome.Remembered());
            write(database, before);
            BatchMarks marks = new BatchMarks(changes, new RecentMarks(), List.of());
            Batch first = new Batch(changes, new RecentInserts(), true, Set.of(), marks, ShortLivedBatch.first());
            List<Outcome> outcomes = first.decide(database);
            assertThat(outcomes)
                    .containsExactly(
                            new Outcome.Inserted(),
                            new Outcome.SeenBefore(mark(1000, 1)),
                            new Outcome.Remembered(),
                            new Outcome.SeenBefore(mark(1000, 2)),
                            new Outcome.SeenBefore(mark(1000, 3)));
            Batch lost = batch(changes, true, first.inserted(), outcomes);
            assertThat(lost.decide(database)).isEqualTo(outcomes);
            assertThat(lost.changesAnything()).isTrue();
            write(database, first);
            // The room may be gone since; what is there needs none.
            Batch kept = batch(changes, false, first.inserted(), outcomes);
            assertThat(kept.decide(database)).isEqualTo(outcomes);
            assertThat(kept.changesAnything()).isFalse();
        }
    }

    /// What it has changed it would find changed already, and call that another's.
    @Test
    void aSecondTryAnswersAsTheFirstWhoBroughtAMark() throws Exception {
        List<Change> changes = List.of(
                new Change.Once(mark(1000, 1), new Change.Replace(place("t1"), Optional.empty(), sealed(2))),
                new Change.Once(mark(1000, 2), new Change.Replace(place("t1"), Optional.empty(), sealed(3))),
                new Change.Once(mark(1000, 3), new Change.Keep(shortLived("t1", 1200, 5))),
                new Change.Once(mark(1000, 4), new Change.Insert(row("t2", 1, 9))),
                // Twice the same request: the first finds its token taken.
                new Change.Once(mark(1000, 5), new Change.Insert(row("t1", 5, 5))),
                new Change.Once(mark(1000, 5), new Change.Insert(row("t5", 5, 5))));
        try (Database database = create()) {
            Batch before = batch(
                    List.of(new Change.Insert(row("t1", 1, 1)), new Change.Purge(place("t1"))),
                    true,
                    Set.of(),
                    List.of());
            before.decide(database);
            write(database, before);
            BatchMarks marks = new BatchMarks(changes, new RecentMarks(), List.of());
            Batch first = new Batch(changes, new RecentInserts(), true, Set.of(), marks, ShortLivedBatch.first());
            List<Outcome> outcomes = first.decide(database);
            assertThat(outcomes)
                    .containsExactly(
                            new Outcome.Changed(),
                            new Outcome.Differs(),
                            new Outcome.Kept(),
                            new Outcome.Exists(row("t1", 1, 2)),
                            new Outcome.TokenTaken(),
                            new Outcome.Inserted());
            Batch lost = batch(changes, true, first.inserted(), outcomes);
            assertThat(lost.decide(database)).isEqualTo(outcomes);
            write(database, first);
            Batch kept = batch(changes, false, first.inserted(), outcomes);
            assertThat(kept.decide(database)).isEqualTo(outcomes);
            assertThat(kept.changesAnything()).isFalse();
            Batch again = batch(changes, true, first.inserted(), outcomes);
            assertThat(again.decide(database)).isEqualTo(outcomes);
            assertThat(again.changesAnything()).isFalse();
            // Those whose changes were not made have not come.
            Batch others = batch(
                    List.of(new Change.Remember(List.of(mark(1000, 2), mark(1000, 4)))), true, Set.of(), List.of());
            assertThat(others.decide(database)).containsExactly(new Outcome.Remembered());
        }
    }

    @Test
    void aSecondTryTakesMarksThatCameTogetherForItsOwn() throws Exception {
        List<Change> changes = List.of(
                new Change.Once(List.of(mark(9000, 1), mark(1000, 9)), new Change.Insert(row("t1", 1, 1))),
                new Change.Once(List.of(mark(9000, 1), mark(1000, 1)), new Change.Insert(row("t1", 1, 1))),
                new Change.Once(List.of(mark(9000, 1), mark(1000, 2)), new Change.Insert(row("t1", 1, 1))),
                new Change.Remember(List.of(mark(1000, 2), mark(1000, 3))),
                new Change.Remember(List.of(mark(1000, 1), mark(1000, 4))));
        try (Database database = create()) {
            Batch before = batch(List.of(new Change.Remember(mark(1000, 9))), true, Set.of(), List.of());
            before.decide(database);
            write(database, before);
            BatchMarks marks = new BatchMarks(changes, new RecentMarks(), List.of());
            Batch first = new Batch(changes, new RecentInserts(), true, Set.of(), marks, ShortLivedBatch.first());
            List<Outcome> outcomes = first.decide(database);
            assertThat(outcomes)
                    .containsExactly(
                            new Outcome.SeenBefore(mark(1000, 9)),
                            new Outcome.Inserted(),
                            new Outcome.SeenBefore(mark(9000, 1)),
                            new Outcome.Remembered(),
                            new Outcome.SeenBefore(mark(1000, 1)));
            Batch lost = batch(changes, true, first.inserted(), outcomes);
            assertThat(lost.decide(database)).isEqualTo(outcomes);
            write(database, first);
            Batch kept = batch(changes, false, first.inserted(), outcomes);
            assertThat(kept.decide(database)).isEqualTo(outcomes);
            assertThat(kept.changesAnything()).isFalse();
        }
    }

    @Test
    void aSecondTryAnswersWhoTakesAsTheFirstThatReachedTheDisk() throws Exception {
        Change keep = new Change.Keep(shortLived("t1", 1200, 6));
        Change take = new Change.Take(place("t1"), Instant.ofEpochSecond(1000));
        List<Change> changes = List.of(take, keep, take, take, keep);
        try (Database database = create()) {
            Batch before = batch(
                    List.of(new Change.With(new Change.Insert(UNIQUE), shortLived("t1", 1200, 5))),
                    true,
                    Set.of(),
                    List.of());
            before.decide(database);
            write(database, before);
            ShortLivedBatch decided = ShortLivedBatch.first();
            Batch first = takes(changes, decided);
            List<Outcome> outcomes = first.decide(database);
            assertThat(outcomes)
                    .containsExactly(
                            new Outcome.Taken(shortLived("t1", 1200, 5)),
                            new Outcome.Kept(),
                            new Outcome.Taken(shortLived("t1", 1200, 6)),
                            new Outcome.Absent(),
                            new Outcome.Kept());
            Batch lost = takes(changes, ShortLivedBatch.again(decided.takes()));
            assertThat(lost.decide(database)).isEqualTo(outcomes);
            assertThat(lost.changesAnything()).isTrue();
            write(database, first);
            Batch kept = takes(changes, ShortLivedBatch.again(decided.takes()));
            assertThat(kept.decide(database)).isEqualTo(outcomes);
            assertThat(kept.changesAnything()).isFalse();
        }
    }

    private static Batch takes(List<Change> changes, ShortLivedBatch shortLived) {
        BatchMarks marks = new BatchMarks(changes, new RecentMarks(), List.of());
        return new Batch(changes, new RecentInserts(), true, Set.of(), marks, shortLived);
    }

    @Test
    void withoutRoomNothingIsKeptAndAllMayTake() throws Exception {
        try (Database database = create()) {
            Batch before = batch(
                    List.of(new Change.With(new Change.Insert(UNIQUE), shortLived("t1", 1200, 5))),
                    true,
                    Set.of(),
                    List.of());
            before.decide(database);
            write(database, before);
            Change take = new Change.Take(place("t1"), Instant.ofEpochSecond(1000));
            Batch full = batch(
                    List.of(new Change.Keep(shortLived("t1", 1200, 6)), new Change.Once(mark(1000, 1), take)),
                    false,
                    Set.of(),
                    List.of());
            assertThat(full.decide(database))
                    .containsExactly(new Outcome.NoRoom(), new Outcome.Taken(shortLived("t1", 1200, 5)));
        }
    }

    @Test
    void withoutRoomOnlyPurgesAreRemembered() throws Exception {
        try (Database database = create()) {
            Batch before = batch(List.of(new Change.Insert(row("t1", 1, 1))), true, Set.of(), List.of());
            before.decide(database);
            write(database, before);
            List<Change> changes = List.of(
                    new Change.Remember(mark(1000, 1)),
                    new Change.Once(mark(1000, 2), new Change.Insert(row("t1", 1, 1))),
                    new Change.Once(mark(1000, 3), new Change.Purge(place("t1"))),
                    new Change.Once(mark(1000, 3), new Change.Purge(place("t1"))));
            Batch full = batch(changes, false, Set.of(), List.of());
            assertThat(full.decide(database))
                    .containsExactly(
                            new Outcome.NoRoom(),
                            new Outcome.NoRoom(),
                            new Outcome.Changed(),
                            new Outcome.SeenBefore(mark(1000, 3)));
            write(database, full);
            Batch roomy = batch(changes.subList(0, 2), true, Set.of(), List.of());
            assertThat(roomy.decide(database)).first().isEqualTo(new Outcome.Remembered());
        }
    }
}
