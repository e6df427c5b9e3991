package cardsecure.postgres;

import cardsecure.store.Peers;
import cardsecure.store.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The processes that have the store open, by their rows in the table of nodes.
final class PostgresPeers implements Peers, AutoCloseable {
    private static final Logger LOG = System.getLogger(PostgresPeers.class.getName());
    private static final long BEAT_MILLIS = 2500;

    private final Database database;
    private final Fence fence;
    private final Watcher watcher;
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("postgres-heartbeat").daemon().factory());
    private volatile Optional<Report> reported = Optional.empty();
    private boolean troubled;

    private record Report(long generation, String kekId) {}

    PostgresPeers(Database database, Fence fence, Watcher watcher) {
        this.database = database;
        this.fence = fence;
        this.watcher = watcher;
    }

    PostgresPeers start() {
        var _ = heart.scheduleWithFixedDelay(this::beatQuietly, BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
        return this;
    }

    private void beatQuietly() {
        try {
            beat();
            troubled = false;
        } catch (StoreException | RuntimeException e) {
            if (!troubled) {
                LOG.log(Level.WARNING, "the database could not be told that this process is alive", e);
            }
            troubled = true;
        }
    }

    private void beat() throws StoreException {
        boolean known = database.repeatable("the database could not be told of this process", connection -> {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE node SET seen = now(), reported = ?, kek = ? WHERE id = ?")) {
                Optional<Report> last = reported;
                if (last.isPresent()) {
                    update.setLong(1, last.get().generation());
                    update.setString(2, last.get().kekId());
                } else {
                    update.setNull(1, Types.BIGINT);
                    update.setNull(2, Types.VARCHAR);
                }
                update.setLong(3, fence.node());
                return update.executeUpdate() > 0;
            }
        });
        if (!known) {
            fence.register();
            beat();
        }
    }

    @Override
    public void onChange(Runnable listener) {
        watcher.add(listener);
    }

    @Override
    public void report(long generation, String kekId) throws StoreException {
        reported = Optional.of(new Report(generation, kekId));
        beat();
    }

    @Override
    public List<Peer> live() throws StoreException {
        return database.read("the database could not say which processes are alive", connection -> {
            List<Peer> peers = new ArrayList<>();
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT name, reported, kek FROM node WHERE reported IS NOT NULL AND seen > now() -"
                                    + " interval '10 seconds' ORDER BY name, id");
                    ResultSet results = select.executeQuery()) {
                while (results.next()) {
                    // A server of before says nothing of its KEK.
                    String kekId = Objects.requireNonNullElse(results.getString(3), "");
                    peers.add(new Peer(results.getString(1), results.getLong(2), kekId));
                }
            }
            return peers;
        });
    }

    @Override
    public Optional<Instant> clock() throws StoreException {
        return database.read("the database could not say what time it is", connection -> {
            // Not the transaction's time, and in a form that no time zone changes.
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)");
                    ResultSet results = select.executeQuery()) {
                return results.next() ? Optional.of(Instant.ofEpochMilli(results.getLong(1))) : Optional.empty();
            }
        });
    }

    @Override
    public boolean lease(String name, Duration duration) throws StoreException {
        return database.repeatable("the database could not give a lease", connection -> {
            try (PreparedStatement take = connection.prepareStatement("INSERT INTO lease AS l (name, holder, until)"
                    + " VALUES (?, ?, now() + ? * interval '1 millisecond') ON CONFLICT (name) DO UPDATE"
                    + " SET holder = excluded.holder, until = excluded.until"
                    + " WHERE l.holder = excluded.holder OR l.until <= now()")) {
                take.setString(1, name);
                take.setLong(2, fence.node());
                take.setLong(3, duration.toMillis());
                return take.executeUpdate() > 0;
            }
        });
    }

    @Override
    public void release(String name) throws StoreException {
        database.repeatable("the database could not take a lease back", connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM lease WHERE name = ? AND holder = ?")) {
                delete.setString(1, name);
                delete.setLong(2, fence.node());
                return delete.executeUpdate();
            }
        });
    }

    /// Takes leave: its leases are free, and nobody waits for it.
    @Override
    public void close() {
        watcher.close();
        heart.close();
        if (!database.trouble().isEmpty()) {
            return;
        }
        try {
            database.repeatable("the database could not be told that this process ends", connection -> {
                for (String sql :
                        List.of("DELETE FROM lease WHERE holder = ?", "DELETE FROM node WHERE id <> 0 AND id = ?")) {
                    try (PreparedStatement delete = connection.prepareStatement(sql)) {
                        delete.setLong(1, fence.node());
                        delete.executeUpdate();
                    }
                }
                return true;
            });
        } catch (StoreException e) {
            LOG.log(Level.DEBUG, "the database finds out by itself that this process ended", e);
        }
    }
}
