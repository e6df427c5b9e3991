package cardsecure.postgres;

import cardsecure.store.StoreException;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The connections to an open database: a pool for look-ups, and a small one of its own for what is written, so
/// that many who look something up do not keep a batch waiting. Safe for threads.
final class Database implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Database.class.getName());
    private static final int WRITES = 4;
    private static final int TRIES_MAX = 30;
    private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

    private final Connector connector;
    private final HikariDataSource reads;
    private final HikariDataSource writes;
    private volatile String trouble = "";

    /// Something done on a connection.
    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /// Something done on a connection that may have been done before.
    @FunctionalInterface
    interface RepeatedWork<T> {
        /// Does it.
        ///
        /// @param again whether nobody knows what became of a first try
        T on(Connection connection, boolean again) throws SQLException;
    }

    private Database(Connector connector, HikariDataSource reads, HikariDataSource writes) {
        this.connector = connector;
        this.reads = reads;
        this.writes = writes;
    }

    /// Opens the pools; the connections come when they are needed.
    static Database open(Connector connector, int poolSize) throws SQLException {
        return new Database(connector, pool(connector, "reads", poolSize), pool(connector, "writes", WRITES));
    }

    private static HikariDataSource pool(Connector connector, String name, int size) throws SQLException {
        long millis = connector.timeout().toMillis();
        HikariConfig config = new HikariConfig();
        config.setPoolName("postgres-" + name);
        config.setDataSource(connector.dataSource());
        config.setConnectionInitSql(connector.sessionSettings());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(Math.min(2, size));
        config.setConnectionTimeout(millis);
        config.setValidationTimeout(millis / 2);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    Connector connector() {
        return connector;
    }

    /// Looks something up, by one statement.
    ///
    /// @param what failed, if it fails
    <T> T read(String what, Work<T> work) throws StoreException {
        return settled(what, reads, (connection, _) -> work.on(connection));
    }

    /// Does what may be done twice.
    ///
    /// @param what failed, if it fails
    <T> T repeatable(String what, Work<T> work) throws StoreException {
        return settled(what, writes, (connection, _) -> work.on(connection));
    }

    /// Does what may be done twice, if it is told.
    ///
    /// @param what failed, if it fails
    <T> T repeatable(String what, RepeatedWork<T> work) throws StoreException {
        return settled(what, writes, work);
    }

    /// Tries again what clashed with others, and once what lost its connection. What is not committed when the
    /// work ends is rolled back.
    private <T> T settled(String what, HikariDataSource pool, RepeatedWork<T> work) throws StoreException {
        long deadline = System.nanoTime() + connector.timeout().toNanos();
        boolean lostBefore = false;
        for (int tries = 1; ; tries++) {
            try (Connection connection = pool.getConnection()) {
                T result = work.on(connection, lostBefore);
                trouble = "";
                return result;
            } catch (SQLException e) {
                boolean inTime = System.nanoTime() < deadline && tries < TRIES_MAX;
                boolean lost = SqlFailure.isLost(e);
                if (lost) {
                    noteLost(e);
                }
                boolean again = SqlFailure.isClash(e) || (lost && !lostBefore);
                if (!again || !inTime) {
                    throw SqlFailure.of(what, e);
                }
                lostBefore |= lost;
                pause();
            }
        }
    }

    /// For who does a batch, which has its own rules.
    Connection borrowForBatch() throws SQLException {
        return writes.getConnection();
    }

    void noteUse() {
        trouble = "";
    }

    /// The others of a pool were made at the same time, to the same server.
    void noteLost(SQLException failure) {
        if (trouble.isEmpty()) {
            LOG.log(Level.WARNING, "a connection to the database was lost: {0}", SqlFailure.describe(failure));
        }
        trouble = SqlFailure.describe(failure);
        for (HikariDataSource pool : new HikariDataSource[] {reads, writes}) {
            if (pool.isRunning()) {
                pool.getHikariPoolMXBean().softEvictConnections();
            }
        }
    }

    /// So that those who clashed do not meet again.
    static void pause() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(PAUSE_NANOS_MAX));
    }

    /// What went wrong last, if nothing went well since.
    String trouble() {
        return trouble;
    }

    boolean isClosed() {
        return reads.isClosed();
    }

    @Override
    public void close() {
        reads.close();
        writes.close();
    }
}
