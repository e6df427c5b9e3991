package cardsecure.postgres;

import cardsecure.Needs;
import cardsecure.config.StoreLocation;
import cardsecure.store.StoreException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A PostgreSQL of the tests' own: one for all of them, without syncs, with a database for each test.
public final class TestPostgres {
    /// What a test that has made no database yet has in its place.
    public static final StoreLocation.Postgres NOWHERE =
            (StoreLocation.Postgres) StoreLocation.parse("postgresql://nobody@localhost/nowhere");

    /// How long a start may take: after a crash a database first makes all its files durable.
    static final Duration PATIENCE = Duration.ofMinutes(2);

    /// For tests that are not about what becomes of a database that does not answer: a machine that stalls is none.
    static final PostgresSettings PATIENT =
            new PostgresSettings(PostgresSettings.defaults().poolSize(), Duration.ofSeconds(20));

    private static final String TEMPLATE = "cardsecure_template";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private TestPostgres() {}

    /// Started when it is first needed; it stops with the process.
    private static final class Shared {
        private static final Path DIRECTORY = directory();
        private static final EmbeddedPostgres CLUSTER = start();

        /// Not among those of other runs, which take it for a left-over after ten minutes, and remove it.
        private static Path directory() {
            try {
                return Files.createTempDirectory(Path.of("target"), "postgres-").resolve("data");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static EmbeddedPostgres start() {
            try {
                EmbeddedPostgres cluster = EmbeddedPostgres.builder()
                        .setDataDirectory(DIRECTORY)
                        .setErrorRedirector(Redirect.DISCARD)
                        .setOutputRedirector(Redirect.DISCARD)
                        .setPGStartupWait(PATIENCE)
                        .start();
                execute(cluster, "CREATE DATABASE " + TEMPLATE);
                new PostgresDatabase(location(cluster, TEMPLATE), Optional.empty(), PATIENT).migrate(Optional.empty());
                return cluster;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (SQLException | StoreException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final class Unshare {
        private static final boolean THERE = runs("unshare", "-U", "true");

        private static boolean runs(String... command) {
            try {
                return new ProcessBuilder(command).start().waitFor() == 0;
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// Skips the test where no PostgreSQL can be run: there are binaries for Linux on x86-64 only, and root needs
    /// user namespaces.
    public static void require() {
        Needs.require(
                !"root".equals(System.getProperty("user.name")) || Unshare.THERE,
                "the PostgreSQL of these tests is not for root, who gets another user's name by `unshare -U`"
                        + " (util-linux) where the kernel lets it");
        Needs.require(
                System.getProperty("os.arch", "").equals("amd64")
                        && System.getProperty("os.name", "").equals("Linux"),
                "the PostgreSQL of these tests runs on Linux on x86-64 only");
    }

    /// A fresh database with the tables of a store.
    public static StoreLocation.Postgres newDatabase() {
        return create(" TEMPLATE " + TEMPLATE);
    }

    /// A fresh database with nothing in it.
    public static StoreLocation.Postgres newEmptyDatabase() {
        return create("");
    }

    /// A database that a test has made itself.
    static StoreLocation.Postgres database(String name) {
        return location(Shared.CLUSTER, name);
    }

    private static StoreLocation.Postgres create(String how) {
        require();
        String name = "test_" + NUMBER.incrementAndGet();
        execute("CREATE DATABASE " + name + how);
        return location(Shared.CLUSTER, name);
    }

    /// As the superuser, in no database of a test.
    public static void execute(String sql) {
        try {
            execute(Shared.CLUSTER, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// As the superuser, in a test's database.
    public static void execute(StoreLocation.Postgres location, String sql) {
        try (Connection connection = Shared.CLUSTER
                        .getDatabase("postgres", location.database())
                        .getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A superuser's connection to a test's database.
    public static Connection connect(StoreLocation.Postgres location) throws SQLException {
        return Shared.CLUSTER.getDatabase("postgres", location.database()).getConnection();
    }

    /// Where the tables of a test's database are, as they are on the disk: all is written there first.
    public static Path files(StoreLocation.Postgres location) throws SQLException {
        try (Connection connection = connect(location);
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT");
            try (ResultSet results =
                    statement.executeQuery("SELECT oid FROM pg_database WHERE datname = current_database()")) {
                results.next();
                return Shared.DIRECTORY.resolve("base").resolve(results.getString(1));
            }
        }
    }

    private static void execute(EmbeddedPostgres cluster, String sql) throws SQLException {
        try (Connection connection = cluster.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// All that stands in the tables of a test's database.
    public static String dump(StoreLocation.Postgres location) {
        StringBuilder dump = new StringBuilder();
        try (Connection connection = Shared.CLUSTER
                        .getDatabase("postgres", location.database())
                        .getConnection();
                Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SELECT query_to_xml('SELECT * FROM ' || c.oid::regclass"
                        + " || ' t ORDER BY t::text', true, true, '')::text, c.oid::regclass FROM pg_class c"
                        + " WHERE c.relkind = 'r' AND c.relnamespace = to_regnamespace('cardsecure') ORDER BY 2")) {
            while (results.next()) {
                dump.append(results.getString(2)).append(results.getString(1)).append('\n');
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return dump.toString();
    }

    private static StoreLocation.Postgres location(EmbeddedPostgres cluster, String database) {
        return (StoreLocation.Postgres)
                StoreLocation.parse("postgresql://postgres@127.0.0.1:" + cluster.getPort() + "/" + database);
    }

    /// The store of a database.
    public static PostgresTokenStore open(StoreLocation.Postgres location) throws StoreException {
        return new PostgresDatabase(location, Optional.empty(), PATIENT).open();
    }
}
