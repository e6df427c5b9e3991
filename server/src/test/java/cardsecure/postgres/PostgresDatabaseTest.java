package cardsecure.postgres;

import static cardsecure.store.StoreSamples.SITE;
import static cardsecure.store.StoreSamples.mark;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static cardsecure.store.StoreSamples.shortLived;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.config.StoreLocation;
import cardsecure.secret.SecretBytes;
import cardsecure.store.Change;
import cardsecure.store.Outcome;
import cardsecure.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tables, their versions, and who may do what with them.
@Timeout(60)
class PostgresDatabaseTest {
    private static PostgresDatabase database(StoreLocation.Postgres location) {
        return new PostgresDatabase(location, Optional.empty(), TestPostgres.PATIENT);
    }

    private static StoreLocation.Postgres as(StoreLocation.Postgres location, String role) {
        return new StoreLocation.Postgres(
                location.servers(),
                location.database(),
                role,
                Optional.empty(),
                location.sslMode(),
                location.authorities());
    }

    @Test
    void anOwnerMakesTheTablesByOpeningAStore() throws Exception {
        StoreLocation.Postgres location = TestPostgres.newEmptyDatabase();
        assertThat(database(location).holdsSettings()).isFalse();
        try (PostgresTokenStore store = database(location).open()) {
            assertThat(database(location).holdsSettings()).isFalse();
            store.setSetting("s", Optional.empty(), Optional.of(sealed(1)));
        }
        assertThat(database(location).holdsSettings()).isTrue();
        assertThat(database(location).peekSetting("s")).contains(sealed(1));
        assertThat(database(location).peekSetting("t")).isEmpty();
        assertThat(database(location).migrate(Optional.empty()))
                .containsExactly("the tables in " + location.shown() + " are of version 3 already");
    }

    @Test
    void serversThatStartAtOnceMakeTheTablesOnce() throws Exception {
        StoreLocation.Postgres location = TestPostgres.newEmptyDatabase();
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Boolean>> starts = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                starts.add(threads.submit(() -> {
                    start.await();
                    try (PostgresTokenStore store = database(location).open()) {
                        return store.setSetting("s", Optional.empty(), Optional.of(sealed(1)));
                    }
                }));
            }
            start.countDown();
            int first = 0;
            for (Future<Boolean> one : starts) {
                first += one.get() ? 1 : 0;
            }
            assertThat(first).isEqualTo(1);
        }
    }

    @Test
    void aServersRoleServesAndCanDoNoMore() throws Exception {
        StoreLocation.Postgres location = TestPostgres.newEmptyDatabase();
        String owner = location.database() + "_owner";
        String server = location.database() + " \"server\"";
        TestPostgres.execute("CREATE ROLE " + owner + " LOGIN");
        TestPostgres.execute("CREATE ROLE \"" + server.replace("\"", "\"\"") + "\" LOGIN");
        TestPostgres.execute("ALTER DATABASE " + location.database() + " OWNER TO " + owner);
        StoreLocation.Postgres asServer = as(location, server);

        assertThatThrownBy(() -> database(asServer).open())
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll("there are no tables", "cardsecure store migrate", server);
        assertThat(database(as(location, owner)).migrate(Optional.of(server)))
                .contains("the tables in " + location.shown() + " are of version 3 now")
                .anyMatch(line -> line.startsWith("GRANT SELECT, INSERT"));
        try (PostgresTokenStore store = database(asServer).open()) {
            serveAll(store, location);
        }
        assertThat(database(asServer).peekSetting("s")).contains(sealed(1));
        for (String forbidden : List.of(
                "DROP TABLE token",
                "TRUNCATE token",
                "ALTER TABLE token ADD COLUMN pan text",
                "CREATE TABLE cardsecure.mine (id int)",
                "UPDATE flyway_schema_history SET version = '9'",
                "UPDATE mark SET second = 0",
                "DELETE FROM revision")) {
            assertThatThrownBy(() -> execute(asServer, forbidden))
                    .as(forbidden)
                    .hasMessageMatching("(?s).*(permission denied|must be owner).*");
        }
    }

    /// PostgreSQL warns, and grants nothing.
    @Test
    void aRoleThatDoesNotOwnTheTablesIsToldThatItGrantsNothing() throws Exception {
        StoreLocation.Postgres location = TestPostgres.newEmptyDatabase();
        String owner = location.database() + "_owner";
        String server = location.database() + "_server";
        String another = location.database() + "_another";
        for (String role : List.of(owner, server, another)) {
            TestPostgres.execute("CREATE ROLE " + role + " LOGIN");
        }
        TestPostgres.execute("ALTER ROLE " + server + " SET client_min_messages = error");
        TestPostgres.execute("ALTER DATABASE " + location.database() + " OWNER TO " + owner);
        database(as(location, owner)).migrate(Optional.of(server));

        assertThatThrownBy(() -> database(as(location, server)).migrate(Optional.of(another)))
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll(
                        "role " + server + " may not",
                        "not granted: GRANT USAGE ON SCHEMA",
                        "run this with role " + owner);
        assertThatThrownBy(() -> database(as(location, another)).open()).hasMessageContaining("permission denied");

        database(as(location, owner)).migrate(Optional.of(another));
        database(as(location, another)).open().close();
    }

    @Test
    void tablesOfTheFirstVersionAreBroughtUpToThisOneAndKeepTheirRows() throws Exception {
        StoreLocation.Postgres location = TestPostgres.newEmptyDatabase();
        String owner = location.database() + "_owner";
        String server = location.database() + "_server";
        TestPostgres.execute("CREATE ROLE " + owner + " LOGIN");
        TestPostgres.execute("CREATE ROLE " + server + " LOGIN");
        TestPostgres.execute("ALTER DATABASE " + location.database() + " OWNER TO " + owner);
        database(as(location, owner)).migrate(Optional.of(server));
        try (PostgresTokenStore store = database(as(location, server)).open()) {
            store.write(List.of(new Change.Insert(row("u1", 91, 1))));
        }
        // As the first version left them.
        TestPostgres.execute(location, "DROP TABLE cardsecure.short_lived");
        TestPostgres.execute(location, "ALTER TABLE cardsecure.node DROP COLUMN kek");
        TestPostgres.execute(location, "DELETE FROM cardsecure.flyway_schema_history WHERE version IN ('2', '3')");
        assertThat(database(as(location, server)).peekSetting("s")).isEmpty();
        assertThatThrownBy(() -> database(as(location, server)).open())
                .isInstanceOf(StoreException.class)
                .hasMessageContainingAll("are of version 1", "needs version 3", "cardsecure store migrate");
        assertThat(database(as(location, owner)).migrate(Optional.of(server)))
                .contains("the tables in " + location.shown() + " are of version 3 now, and were of version 1");
        try (PostgresTokenStore store = database(as(location, server)).open()) {
            assertThat(store.byToken(place("u1"))).contains(row("u1", 91, 1));
            serveAll(store, location);
        }
    }

    /// Each kind of statement that there is.
    private static void serveAll(PostgresTokenStore store, StoreLocation.Postgres location) throws Exception {
        assertThat(store.write(List.of(
                        new Change.Insert(row("t1", 1, 1)),
                        new Change.Once(mark(1000, 1), new Change.Insert(row("t2", 2, 2))),
                        new Change.Purge(place("t1")))))
                .containsExactly(new Outcome.Inserted(), new Outcome.Inserted(), new Outcome.Changed());
        assertThat(store.write(List.of(new Change.Remember(List.of(mark(1000, 1), mark(1000, 2))))))
                .containsExactly(new Outcome.SeenBefore(mark(1000, 1)));
        assertThat(store.write(List.of(new Change.Insert(row("t3", 3, 3))))).containsExactly(new Outcome.Inserted());
        assertThat(store.write(List.of(
                        new Change.Keep(shortLived("t2", 1200, 1)),
                        new Change.With(new Change.Insert(row("t4", 4, 4)), shortLived("t4", 1200, 2)),
                        new Change.Keep(shortLived("t3", 1200, 3)))))
                .containsExactly(new Outcome.Kept(), new Outcome.Inserted(), new Outcome.Kept());
        assertThat(store.write(List.of(
                        new Change.Keep(shortLived("t2", 1260, 4)), new Change.Take(place("t4"), Instant.EPOCH))))
                .containsExactly(new Outcome.Kept(), new Outcome.Taken(shortLived("t4", 1200, 2)));
        store.destroyShortLived(Instant.ofEpochSecond(1200));
        assertThat(store.shortLivedRows(Optional.empty(), 10).items()).containsExactly(shortLived("t2", 1260, 4));
        assertThat(store.shortLived(place("t2"))).contains(shortLived("t2", 1260, 4));
        store.setSetting("s", Optional.empty(), Optional.of(sealed(1)));
        store.setSetting("r", Optional.empty(), Optional.of(sealed(1)));
        store.setSetting("r", Optional.of(sealed(1)), Optional.empty());
        store.forgetMarks(Instant.ofEpochSecond(2000));
        String file = settingFile(location);
        assertThat(store.forgetFormerSettings()).isTrue();
        assertThat(settingFile(location)).as("a file that has no former values").isNotEqualTo(file);
        store.requireGeneration(1);
        store.closeSite(SITE);
        store.destroyTokens(SITE);
        store.reopenSite(SITE);
        store.peers().report(1, "");
        assertThat(store.peers().live()).hasSize(1);
        assertThat(store.peers().lease("l", Duration.ofSeconds(9))).isTrue();
        store.peers().release("l");
        assertThat(store.health()).isEqualTo("ok");
    }

    private static String settingFile(StoreLocation.Postgres location) throws Exception {
        try (Connection connection = new Connector(location, Optional.empty(), Duration.ofSeconds(2)).open();
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SELECT pg_relation_filepath('setting')")) {
            results.next();
            return results.getString(1);
        }
    }

    /// What `docs/postgresql.md` has a superuser type is enough for both roles, and the server's needs no more.
    @Test
    void theDocumentsStatementsMakeTheTwoRoles() throws Exception {
        TestPostgres.require();
        String page = Files.readString(
                Path.of(System.getProperty("repository.root", ".."), "docs", "postgresql.md"), StandardCharsets.UTF_8);
        String sql = page.substring(page.indexOf("```sql\n") + 7);
        for (String statement :
                List.of(sql.substring(0, sql.indexOf("```")).replace("\n", " ").split(";", -1))) {
            if (!statement.isBlank()) {
                TestPostgres.execute(statement);
            }
        }
        StoreLocation.Postgres vault = TestPostgres.database("vault");
        database(as(vault, "vault_owner")).migrate(Optional.of("cardsecure"));
        try (PostgresTokenStore store = database(as(vault, "cardsecure")).open()) {
            assertThat(store.write(List.of(new Change.Insert(row("t1", 1, 1)))))
                    .containsExactly(new Outcome.Inserted());
        }
        TestPostgres.execute("CREATE ROLE stranger LOGIN");
        assertThatThrownBy(() -> database(as(vault, "stranger")).open()).hasMessageContaining("permission denied");
    }

    private static void execute(StoreLocation.Postgres location, String sql) throws Exception {
        try (Connection connection = new Connector(location, Optional.empty(), Duration.ofSeconds(2)).open();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void tablesOfALaterVersionAreLeftAlone() throws Exception {
        StoreLocation.Postgres location = TestPostgres.newDatabase();
        TestPostgres.execute(
                location,
                "INSERT INTO cardsecure.flyway_schema_history (installed_rank, version, description, type, script,"
                        + " installed_by, execution_time, success)"
                        + " VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 'x', 1, true)");
        String refusal = "the tables in " + location.shown()
                + " are of version 99, and this program knows them up to version 3 only: use a later program";
        assertThatThrownBy(() -> database(location).open()).hasMessage(refusal);
        assertThatThrownBy(() -> database(location).peekSetting("s")).hasMessage(refusal);
        assertThatThrownBy(() -> database(location).migrate(Optional.empty())).hasMessage(refusal);
    }

    @Test
    void aDatabaseThatCannotBeUsedIsNamedWithTheReasonAndWithoutThePassword() {
        StoreLocation.Postgres location = TestPostgres.newDatabase();
        Optional<SecretBytes> password = Optional.of(SecretBytes.owning("hunter2".getBytes(StandardCharsets.UTF_8)));
        for (StoreLocation.Postgres wrong : List.of(
                as(location, "nobody"),
                new StoreLocation.Postgres(
                        location.servers(),
                        "missing",
                        "postgres",
                        Optional.empty(),
                        location.sslMode(),
                        Optional.empty()),
                new StoreLocation.Postgres(
                        List.of(new StoreLocation.Endpoint("127.0.0.1", 1)),
                        "vault",
                        "postgres",
                        Optional.empty(),
                        location.sslMode(),
                        Optional.empty()))) {
            PostgresDatabase database = new PostgresDatabase(wrong, password, TestPostgres.PATIENT);
            assertThatThrownBy(database::open)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("the database " + wrong.shown() + " cannot be used: ")
                    .hasMessageMatching(".*(does not exist|refused).*")
                    .hasMessageNotContaining("hunter2");
        }
    }

    /// Whatever a role is set to: an answer means that it is on the disk.
    @Test
    void whatIsAcknowledgedIsOnTheDiskWhateverTheRoleIsSetTo() throws Exception {
        StoreLocation.Postgres location = TestPostgres.newDatabase();
        String role = location.database() + "_hasty";
        TestPostgres.execute("CREATE ROLE " + role + " LOGIN SUPERUSER");
        List<String> seen = new ArrayList<>();
        for (String set : List.of("off", "local", "remote_apply")) {
            TestPostgres.execute("ALTER ROLE " + role + " SET synchronous_commit = " + set);
            TestPostgres.execute("ALTER ROLE " + role + " SET default_transaction_isolation = 'serializable'");
            try (Database database = Database.open(
                            new Connector(as(location, role), Optional.empty(), Duration.ofSeconds(2)), 1);
                    Connection connection = database.borrowForBatch();
                    Statement statement = connection.createStatement();
                    ResultSet results = statement.executeQuery("SELECT current_setting('synchronous_commit') || ', '"
                            + " || current_setting('transaction_isolation')")) {
                results.next();
                seen.add(results.getString(1));
            }
        }
        assertThat(seen).containsExactly("on, read committed", "on, read committed", "remote_apply, read committed");
    }

    /// What a card costs: the table and its two indexes, when rows came in no order.
    @Test
    void aCardCostsFewBytes() throws Exception {
        StoreLocation.Postgres location = TestPostgres.newDatabase();
        int cards = 50_000;
        try (PostgresTokenStore store = TestPostgres.open(location)) {
            List<Change> batch = new ArrayList<>();
            for (int i = 0; i < cards; i++) {
                batch.add(new Change.Insert(row(String.format("9%015d", Integer.reverse(i) >>> 1), i, i)));
                if (batch.size() == 1000) {
                    store.write(batch);
                    batch.clear();
                }
            }
            TestPostgres.execute(location, "ANALYZE cardsecure.token");
            assertThat(store.approximateRows().orElseThrow()).isBetween(cards * 9L / 10, cards * 11L / 10);
        }
        try (Connection connection = new Connector(location, Optional.empty(), Duration.ofSeconds(2)).open();
                Statement statement = connection.createStatement();
                ResultSet results =
                        statement.executeQuery("SELECT pg_relation_size('token'), pg_relation_size('token_pkey'),"
                                + " pg_relation_size('token_fingerprint')")) {
            results.next();
            long table = results.getLong(1) / cards;
            long tokens = results.getLong(2) / cards;
            long fingerprints = results.getLong(3) / cards;
            System.getLogger("cardsecure.tests")
                    .log(
                            System.Logger.Level.INFO,
                            "bytes a card: {0} in the table, {1} and {2} in its indexes",
                            table,
                            tokens,
                            fingerprints);
            assertThat(table + tokens + fingerprints).isLessThan(320);
        }
    }
}
