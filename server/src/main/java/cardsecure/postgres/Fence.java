package cardsecure.postgres;

import cardsecure.site.SiteId;
import cardsecure.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/// What holds all processes that share the store to one ring, to closed sites, and to what marks were forgotten.
///
/// Each process has a row of its own, which it locks as long as it writes a batch. Whoever raises something
/// raises it in all rows, and so waits for the batches that are being written; each later one sees it. So
/// processes do not wait for each other, and nobody who raises something waits for ever. A new process begins
/// with what row 0 says, which whoever raises locks first.
final class Fence {
    private static final String STALE = "seen < now() - interval '1 hour'";

    private final Database database;
    private final long node;
    private final String name;

    /// As far as this process knows.
    private volatile Closed closed = new Closed(-1, Set.of());

    /// What a batch has to heed.
    ///
    /// @param generation that is required
    /// @param epoch of the closed sites
    /// @param firstSecond marks of earlier ones count as seen
    record State(long generation, long epoch, long firstSecond) {}

    /// Closed sites.
    ///
    /// @param epoch when they were
    record Closed(long epoch, Set<SiteId> sites) {}

    Fence(Database database, long node, String name) {
        this.database = database;
        this.node = node;
        this.name = name;
    }

    long node() {
        return node;
    }

    /// Gives this process its row, if it has none.
    void register() throws StoreException {
        database.repeatable("the database could not take this process in", connection -> {
            register(connection);
            return true;
        });
    }

    /// In a transaction of its own.
    private void register(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        lockFirst(connection);
        update(connection, "DELETE FROM node WHERE id <> ? AND " + STALE, 0);
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO node (id, name, seen, generation, epoch, first_second)"
                        + " SELECT ?, ?, now(), n.generation, n.epoch, n.first_second FROM node n WHERE n.id = 0"
                        + " ON CONFLICT DO NOTHING")) {
            insert.setLong(1, node);
            insert.setString(2, name);
            insert.executeUpdate();
        }
        connection.commit();
    }

    private static void lockFirst(Connection connection) throws SQLException {
        try (PreparedStatement first = connection.prepareStatement("SELECT epoch FROM node WHERE id = 0 FOR UPDATE")) {
            first.executeQuery().close();
        }
    }

    /// Takes this process's row, as the first thing in the transaction of a batch.
    ///
    /// @throws MissingNode if it has none, as it was not heard of for long
    State lock(Connection connection) throws SQLException, MissingNode {
        try (PreparedStatement lock = connection.prepareStatement(
                "SELECT generation, epoch, first_second FROM node WHERE id = ? FOR UPDATE")) {
            lock.setLong(1, node);
            try (ResultSet results = lock.executeQuery()) {
                if (!results.next()) {
                    throw new MissingNode();
                }
                return new State(results.getLong(1), results.getLong(2), results.getLong(3));
            }
        }
    }

    /// This process has no row.
    static final class MissingNode extends Exception {
        private static final long serialVersionUID = 1;
    }

    /// The closed sites as they are known; [State#epoch] says whether that is still so.
    Closed closedAsKnown() {
        return closed;
    }

    /// The closed sites, under the lock.
    Set<SiteId> closed(Connection connection, State state) throws SQLException {
        Closed known = closed;
        if (known.epoch() == state.epoch()) {
            return known.sites();
        }
        Set<SiteId> sites = new HashSet<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT site FROM closed_site");
                ResultSet results = select.executeQuery()) {
            while (results.next()) {
                sites.add(new SiteId(results.getInt(1)));
            }
        }
        closed = new Closed(state.epoch(), Set.copyOf(sites));
        return closed.sites();
    }

    long requiredGeneration() throws StoreException {
        return database.read("the database could not say which keys are required", connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT generation FROM node WHERE id = 0");
                    ResultSet results = select.executeQuery()) {
                return results.next() ? results.getLong(1) : 0L;
            }
        });
    }

    void requireGeneration(long generation) throws StoreException {
        raise(
                "the database could not require the later keys",
                connection -> update(
                                connection,
                                "UPDATE node SET generation = ? WHERE generation < ?",
                                generation,
                                generation)
                        > 0);
    }

    void close(SiteId site) throws StoreException {
        raise(
                "the database could not close the site",
                connection -> update(
                                        connection,
                                        "INSERT INTO closed_site (site) VALUES (?) ON CONFLICT DO NOTHING",
                                        site.number())
                                > 0
                        && nextEpoch(connection));
    }

    void reopen(SiteId site) throws StoreException {
        raise(
                "the database could not open the site again",
                connection -> update(connection, "DELETE FROM closed_site WHERE site = ?", site.number()) > 0
                        && nextEpoch(connection));
    }

    private static boolean nextEpoch(Connection connection) throws SQLException {
        // All rows have the same one.
        return update(connection, "UPDATE node SET epoch = epoch + 1 WHERE epoch >= ?", 0) > 0;
    }

    /// Marks of earlier seconds count as seen from then on.
    void raiseFirstSecond(long second) throws StoreException {
        raise(
                "the database could not forget signed requests",
                connection ->
                        update(connection, "UPDATE node SET first_second = ? WHERE first_second < ?", second, second)
                                > 0);
    }

    private static int update(Connection connection, String sql, long... numbers) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < numbers.length; i++) {
                statement.setLong(i + 1, numbers[i]);
            }
            return statement.executeUpdate();
        }
    }

    /// The first row is locked before the statement that raises begins, which so sees each process that was taken
    /// in before. Each of its changes can be made twice.
    private void raise(String what, Database.Work<Boolean> change) throws StoreException {
        database.repeatable(what, connection -> {
            connection.setAutoCommit(false);
            lockFirst(connection);
            boolean changed = change.on(connection);
            if (changed) {
                connection.commit();
            }
            return changed;
        });
    }
}
