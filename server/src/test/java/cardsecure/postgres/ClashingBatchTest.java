package cardsecure.postgres;

import static cardsecure.store.StoreSamples.fingerprint;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.config.StoreLocation;
import cardsecure.store.Change;
import cardsecure.store.Outcome;
import cardsecure.store.StoreException;
import cardsecure.store.TokenRow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Batches of new rows, one of which is there already.
@Timeout(60)
class ClashingBatchTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int ROWS = 100;
    private static final int MIDDLE = 50;

    private StoreLocation.Postgres location = TestPostgres.NOWHERE;

    @BeforeEach
    void makeADatabase() {
        location = TestPostgres.newDatabase();
    }

    private PostgresTokenStore open() throws StoreException {
        return new PostgresDatabase(location, Optional.empty(), new PostgresSettings(4, TIMEOUT)).open();
    }

    private static Outcome write(PostgresTokenStore store, TokenRow row) throws StoreException {
        return store.write(List.of(new Change.Insert(row))).getFirst();
    }

    private static List<TokenRow> rows(int from) {
        List<TokenRow> rows = new ArrayList<>();
        for (int i = from; i < from + ROWS; i++) {
            rows.add(row("t" + i, i, i));
        }
        return rows;
    }

    private static List<Outcome> write(PostgresTokenStore store, List<TokenRow> rows) throws StoreException {
        return store.write(rows.stream().<Change>map(Change.Insert::new).toList());
    }

    @Test
    void aCardThatIsKnownHasItsRowAndAllOthersGoIn() throws Exception {
        try (PostgresTokenStore store = open()) {
            // The second batch is careful, after what became of the first.
            for (int batch = 1; batch <= 2; batch++) {
                List<TokenRow> rows = rows(1000 * batch);
                TokenRow known = row("known" + batch, 1000 * batch + MIDDLE, 7);
                write(store, known);
                List<Outcome> outcomes = write(store, rows);
                assertThat(outcomes.get(MIDDLE)).isEqualTo(new Outcome.Exists(known));
                assertThat(outcomes).filteredOn(new Outcome.Inserted()::equals).hasSize(ROWS - 1);
                for (TokenRow row : rows) {
                    Optional<TokenRow> kept = store.byFingerprint(
                            row.place().site(), row.fingerprint().orElseThrow());
                    assertThat(kept).contains(row.equals(rows.get(MIDDLE)) ? known : row);
                }
            }
        }
    }

    /// The row that stands at the place was read for the other change alone.
    @Test
    void aCardThatIsKnownHasItsRowAlsoWhereTheRowAtItsNewPlaceWasReadForAnotherChange() throws Exception {
        try (PostgresTokenStore store = open()) {
            TokenRow known = row("t1", 1, 1);
            TokenRow there = row("t2", 2, 2);
            write(store, List.of(known, there, row("t3", 3, 3)));
            List<Change> changes = List.of(
                    new Change.Refingerprint(place("t3"), fingerprint(3), fingerprint(2)),
                    new Change.Insert(row("t2", 1, 4)));
            assertThat(store.write(changes)).containsExactly(new Outcome.Exists(there), new Outcome.Exists(known));
        }
    }

    @Test
    void aTokenThatIsTakenIsDrawnAgainAndAllOthersGoIn() throws Exception {
        try (PostgresTokenStore store = open()) {
            for (int batch = 1; batch <= 2; batch++) {
                List<TokenRow> rows = rows(1000 * batch);
                TokenRow taken = row("t" + (1000 * batch + MIDDLE), -batch, 7);
                write(store, taken);
                List<Outcome> outcomes = write(store, rows);
                assertThat(outcomes.get(MIDDLE)).isEqualTo(new Outcome.TokenTaken());
                assertThat(outcomes).filteredOn(new Outcome.Inserted()::equals).hasSize(ROWS - 1);
                assertThat(store.byToken(taken.place())).contains(taken);
                assertThat(store.byFingerprint(taken.place().site(), fingerprint(1000 * batch + MIDDLE)))
                        .isEmpty();
            }
        }
    }

    @Test
    void manyRowsWhoseAnswerIsLostAreAcknowledgedOnce() throws Exception {
        try (WireProxy proxy = new WireProxy(location);
                PostgresTokenStore store = new PostgresDatabase(
                                proxy.behind(location), Optional.empty(), new PostgresSettings(4, TIMEOUT))
                        .open()) {
            write(store, row("first", 1, 1));
            for (int batch = 1; batch <= 3; batch++) {
                List<TokenRow> rows = rows(1000 * batch);
                proxy.set(WireProxy.State.LOSES_AN_ANSWER);
                assertThat(write(store, rows)).allMatch(new Outcome.Inserted()::equals);
                proxy.set(WireProxy.State.WHOLE);
                assertThat(write(store, rows))
                        .isEqualTo(
                                rows.stream().<Outcome>map(Outcome.Exists::new).toList());
            }
            assertThat(proxy.lost()).isPositive();
            assertThat(store.byToken(place("t" + (1000 + MIDDLE)))).isPresent();
        }
    }

    @Test
    void afterAClashSomeBatchesAreCareful() {
        RecentClashes clashes = new RecentClashes();
        assertThat(clashes.areLikely()).isFalse();
        clashes.note();
        for (int i = 0; i < RecentClashes.CAREFUL; i++) {
            assertThat(clashes.areLikely()).isTrue();
        }
        assertThat(clashes.areLikely()).isFalse();
    }

    @Test
    void theDatabasesLogIsNotToHaveTheRows() throws Exception {
        TestPostgres.execute("ALTER DATABASE " + location.database() + " SET log_parameter_max_length_on_error = -1");
        Connector connector = new Connector(location, Optional.empty(), TIMEOUT);
        try (Connection plain = connector.open()) {
            assertThat(connector.learn(plain)).isTrue();
            assertThat(parameterLength(plain)).isEqualTo("-1");
        }
        try (Database database = Database.open(connector, 1);
                Connection batch = database.borrowForBatch()) {
            assertThat(parameterLength(batch)).isEqualTo("0");
        }
    }

    private static String parameterLength(Connection connection) throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SHOW log_parameter_max_length_on_error")) {
            results.next();
            return results.getString(1);
        }
    }
}
