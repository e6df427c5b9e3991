package cardsecure.postgres;

import cardsecure.store.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Former values of settings, and how they go from the table's files. The table is small and is rewritten as a
/// whole, by `VACUUM (FULL)`. That keeps what a transaction could still see that is older than their end: such
/// a one has to be waited for (PostgreSQL 18, 24.1.2 and 13.2). The database's log, replicas and backups are
/// out of reach. Safe for threads.
final class FormerSettings {
    private static final Logger LOG = System.getLogger(FormerSettings.class.getName());
    private static final int VACUUM_WAITS_MILLIS = 200;
    private static final long TOLD_EVERY_NANOS = TimeUnit.HOURS.toNanos(1);

    /// So long transactions that are just on their way are waited for: batches, for one.
    private static final long OTHERS_WAITED_FOR_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long OTHERS_ASKED_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /// Every change that is committed has an earlier ID.
    private static final String NEXT_ID = "SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS xid) AS text)";

    /// What keeps rows that ended before an ID. Vacuums of single tables keep none.
    private static final String OLDER = "SELECT string_agg(DISTINCT o.what, ', ') FROM ("
            + "SELECT 'process ' || a.pid AS what, a.backend_xmin AS id FROM pg_stat_activity a"
            + " WHERE a.pid <> pg_backend_pid() AND (a.datid IS NULL OR a.datname = current_database())"
            + " AND a.pid NOT IN (SELECT v.pid FROM pg_stat_progress_vacuum v)"
            + " UNION ALL SELECT 'process ' || a.pid, a.backend_xid FROM pg_stat_activity a"
            + " WHERE a.pid <> pg_backend_pid() AND a.datname = current_database()"
            + " UNION ALL SELECT 'replication slot ' || s.slot_name, s.xmin FROM pg_replication_slots s"
            + " UNION ALL SELECT 'a prepared transaction of ' || p.owner, p.transaction FROM pg_prepared_xacts p"
            + " WHERE p.database = current_database()"
            + ") o WHERE age(o.id) > age(CAST(CAST(? AS text) AS xid))";

    private final Connector connector;
    private volatile long toldAt = System.nanoTime() - TOLD_EVERY_NANOS;

    FormerSettings(Connector connector) {
        this.connector = connector;
    }

    /// Has them go.
    ///
    /// @return whether none is left in the table's files
    boolean forget() throws StoreException {
        try (Connection connection = connector.openPatient();
                Statement statement = connection.createStatement()) {
            if (!mayVacuum(connection)) {
                tell("until a role that owns them runs VACUUM FULL " + Connector.SCHEMA
                        + ".setting when no older transaction is open, or one that serves may (MAINTAIN)");
                return false;
            }
            Optional<String> older = connector.notifies() ? awaitOlder(connection) : Optional.empty();
            if (older.isPresent()) {
                // What an earlier vacuum could not take, this one could not either.
                tell("as long as older transactions are open that could still see them: " + older.get()
                        + "; pg_stat_activity says whose they are");
                return false;
            }
            // It needs the table for itself, and whoever reads settings waits behind it while it waits.
            statement.execute("SET lock_timeout = " + VACUUM_WAITS_MILLIS);
            statement.execute("VACUUM (FULL) setting");
            return true;
        } catch (SQLException e) {
            throw SqlFailure.of("the database could not destroy former values of settings", e);
        }
    }

    /// With short-lived data in use it would be said every few seconds.
    private void tell(String untilWhen) {
        if (System.nanoTime() - toldAt >= TOLD_EVERY_NANOS) {
            toldAt = System.nanoTime();
            LOG.log(
                    Level.WARNING,
                    "KEYS REMAIN: former values of settings, sealed keys among them, stay in the database''s files {0}",
                    untilWhen);
        }
    }

    /// What is still there of transactions that are older than all that is committed now.
    private static Optional<String> awaitOlder(Connection connection) throws SQLException {
        String next = one(connection.prepareStatement(NEXT_ID)).orElse("");
        long end = System.nanoTime() + OTHERS_WAITED_FOR_NANOS;
        while (true) {
            PreparedStatement select = connection.prepareStatement(OLDER);
            select.setString(1, next);
            Optional<String> older = one(select);
            if (older.isEmpty() || System.nanoTime() >= end) {
                return older;
            }
            LockSupport.parkNanos(OTHERS_ASKED_EVERY_NANOS);
        }
    }

    /// The value of a statement that has one at most, or null.
    private static Optional<String> one(PreparedStatement statement) throws SQLException {
        try (statement;
                ResultSet results = statement.executeQuery()) {
            return results.next() ? Optional.ofNullable(results.getString(1)) : Optional.empty();
        }
    }

    private static boolean mayVacuum(Connection connection) throws SQLException {
        String maintain = connection.getMetaData().getDatabaseMajorVersion() >= 17
                ? " OR has_table_privilege(c.oid, 'MAINTAIN')"
                : "";
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SELECT pg_has_role(c.relowner, 'USAGE')" + maintain
                        + " FROM pg_class c WHERE c.oid = to_regclass('setting')")) {
            return results.next() && results.getBoolean(1);
        }
    }
}
