package cardsecure.postgres;

import cardsecure.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// The tables of the store. Flyway makes them, and keeps which version there is in a table beside them.
final class Schema {
    /// What this program works with: the number of the last script in `resources/cardsecure/postgres`.
    static final int VERSION = 3;

    private static final String HISTORY = Connector.SCHEMA + ".flyway_schema_history";

    /// What a process that serves needs, and no more.
    private static final List<String> GRANTS = List.of(
            "USAGE ON SCHEMA " + Connector.SCHEMA,
            "SELECT, INSERT, UPDATE, DELETE ON token, short_lived, setting, node, lease",
            "SELECT, INSERT, DELETE ON mark, closed_site",
            "SELECT, UPDATE ON revision",
            "SELECT ON flyway_schema_history");

    private Schema() {}

    /// The version that is there; none if there are no tables yet.
    static OptionalInt version(Connection connection) throws SQLException {
        try (PreparedStatement there = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            there.setString(1, HISTORY);
            try (ResultSet results = there.executeQuery()) {
                if (!results.next() || !results.getBoolean(1)) {
                    return OptionalInt.empty();
                }
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SELECT max(CAST(version AS integer)) FROM " + HISTORY
                        + " WHERE success AND version IS NOT NULL")) {
            return results.next() && results.getInt(1) > 0 ? OptionalInt.of(results.getInt(1)) : OptionalInt.empty();
        }
    }

    /// Whether this role may make tables, or change those there are.
    static boolean mayMigrate(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT CASE WHEN to_regnamespace(?) IS NULL"
                + " THEN has_database_privilege(current_database(), 'CREATE')"
                + " ELSE has_schema_privilege(?, 'CREATE') END")) {
            statement.setString(1, Connector.SCHEMA);
            statement.setString(2, Connector.SCHEMA);
            try (ResultSet results = statement.executeQuery()) {
                return results.next() && results.getBoolean(1);
            }
        }
    }

    /// Makes the tables, or brings them up to this program's version.
    ///
    /// @return how many scripts were run
    static int migrate(DataSource source) throws StoreException {
        try {
            return Flyway.configure()
                    .dataSource(source)
                    .schemas(Connector.SCHEMA)
                    .createSchemas(true)
                    .locations("classpath:cardsecure/postgres")
                    .failOnMissingLocations(true)
                    .placeholderReplacement(false)
                    .cleanDisabled(true)
                    .load()
                    .migrate()
                    .migrationsExecuted;
        } catch (FlywayException e) {
            String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new StoreException("the database's tables could not be made or changed: " + why, e);
        }
    }

    /// Lets a role serve: to read and write rows, and not to change tables.
    static List<String> grant(Connection connection, String role) throws SQLException {
        List<String> done = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            String quoted = '"' + role.replace("\"", "\"\"") + '"';
            for (String grant : grants(connection)) {
                statement.execute("GRANT " + grant + " TO " + quoted);
                done.add("GRANT " + grant);
            }
        }
        return done;
    }

    /// From PostgreSQL 17 on whoever does not own a table may be let vacuum it.
    private static List<String> grants(Connection connection) throws SQLException {
        List<String> grants = new ArrayList<>(GRANTS);
        if (connection.getMetaData().getDatabaseMajorVersion() >= 17) {
            grants.add("MAINTAIN ON setting");
        }
        return grants;
    }
}
