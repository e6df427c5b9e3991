package cardsecure.rocks;

import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.store.Change;
import cardsecure.store.Outcome;
import cardsecure.store.ReplayMark;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import java.nio.file.Path;
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
            List<Change> changes, boolean room, Set<TokenPlace> attempted, Set<ReplayMark> attemptedMarks) {
        return new Batch(changes, new RecentInserts(), room, attempted, new BatchMarks(changes, attemptedMarks));
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
            Batch first = batch(changes, true, Set.of(), Set.of());
            List<Outcome> outcomes = first.decide(database);
            assertThat(outcomes)
                    .containsExactly(
                            new Outcome.Inserted(),
                            new Outcome.TokenTaken(),
                            new Outcome.Inserted(),
                            new Outcome.Exists(row("t2", 2, 2)),
                            new Outcome.Exists(row("t2", 2, 2)));
            Batch lost = batch(changes, true, first.inserted(), Set.of());
            assertThat(lost.decide(database)).isEqualTo(outcomes);
            assertThat(lost.changesAnything()).isTrue();
            write(database, first);
            Batch kept = batch(changes, true, first.inserted(), Set.of());
            assertThat(kept.decide(database)).isEqualTo(outcomes);
            assertThat(kept.changesAnything()).isFalse();
        }
    }

    @Test
    void aRowThatWasThereBeforeTheFirstTryStaysTaken() throws Exception {
        List<Change> changes = List.of(new Change.Insert(UNIQUE));
        try (Database database = create()) {
            Batch before = batch(changes, true, Set.of(), Set.of());
            before.decide(database);
            write(database, before);
            Batch first = batch(changes, true, Set.of(), Set.of());
            assertThat(first.decide(database)).containsExactly(new Outcome.TokenTaken());
            Batch second = batch(changes, true, first.inserted(), Set.of());
            assertThat(second.decide(database)).containsExactly(new Outcome.TokenTaken());
        }
    }
}
