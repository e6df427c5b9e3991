package cardsecure.postgres;

import cardsecure.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
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

    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String PRIVILEGE_NOT_GRANTED = "01007";

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
    ///
    /// @return what was granted, and what was not, as this role may not grant it, or not all of it
    static Grants grant(Connection connection, String role) throws SQLException {
        List<String> done = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            // A role can be set to hear of errors alone, and who may grant nothing gets a warning.
            statement.execute("SET client_min_messages = warning");
            String quoted = '"' + role.replace("\"", "\"\"") + '"';
            for (String grant : grants(connection)) {
                (isGranted(statement, "GRANT " + grant + " TO " + quoted) ? done : refused).add("GRANT " + grant);
            }
        }
        return new Grants(done, refused);
    }

    /// What became of the statements that let a role serve.
    record Grants(List<String> done, List<String> refused) {}

    /// PostgreSQL's answer to who may grant some of it, or none, is a warning; to who has no right at all, an error.
    private static boolean isGranted(Statement statement, String grant) throws SQLException {
        try {
            statement.execute(grant);
        } catch (SQLException e) {
            if (INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
        for (SQLWarning each = statement.getWarnings(); each != null; each = each.getNextWarning()) {
            if (PRIVILEGE_NOT_GRANTED.equals(each.getSQLState())) {
                return false;
            }
        }
        return true;
    }

    /// Whose the tables are.
    static String owner(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery(
                        "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = to_regclass('token')")) {
            return results.next() ? results.getString(1) : "that made them";
        }
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
