package cardsecure.postgres;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// Hears of changed settings, on a connection of its own: by a notification at once, and should that not come, by
/// their number a second later. Whenever the connection had to be made anew, something may have changed.
final class Watcher implements AutoCloseable {
    /// What whoever changes a setting notifies.
    static final String CHANNEL = "cardsecure_setting";

    private static final Logger LOG = System.getLogger(Watcher.class.getName());
    private static final int POLL_MILLIS = 1000;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Connector connector;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable Thread thread;
    private volatile @Nullable Connection connection;
    private volatile boolean closed;
    private boolean troubled;

    Watcher(Connector connector) {
        this.connector = connector;
    }

    /// The first one starts the thread.
    synchronized void add(Runnable listener) {
        listeners.add(listener);
        if (thread == null && !closed) {
            thread = Thread.ofPlatform().name("postgres-watcher").daemon().start(this::run);
        }
    }

    private void run() {
        while (!closed) {
            try (Connection watched = connector.open()) {
                connection = watched;
                watch(watched);
            } catch (SQLException e) {
                if (!troubled && !closed) {
                    LOG.log(
                            Level.WARNING,
                            "changes of settings are not heard of until the database is back: {0}",
                            SqlFailure.describe(e));
                }
                troubled = true;
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private void watch(Connection watched) throws SQLException {
        try (Statement statement = watched.createStatement()) {
            if (connector.notifies()) {
                statement.execute("LISTEN " + CHANNEL);
            }
            long seen = -1;
            while (!closed) {
                long revision = revision(statement);
                if (revision != seen) {
                    seen = revision;
                    troubled = false;
                    tell();
                }
                // Returns as soon as there is one; which it was does not matter.
                watched.unwrap(PGConnection.class).getNotifications(POLL_MILLIS);
            }
        }
    }

    private static long revision(Statement statement) throws SQLException {
        try (ResultSet results = statement.executeQuery("SELECT number FROM revision")) {
            return results.next() ? results.getLong(1) : 0;
        }
    }

    private void tell() {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "what follows a change of settings failed", e);
            }
        }
    }

    /// Ends the thread, after what it tells of just now.
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            running = thread;
        }
        if (running == null || running == Thread.currentThread()) {
            return;
        }
        Connection watched = connection;
        boolean interrupted = false;
        try {
            if (watched != null) {
                watched.abort(Runnable::run);
            }
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "the watcher's connection did not end cleanly", e);
        }
        LockSupport.unpark(running);
        while (running.isAlive()) {
            try {
                running.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
