package cardsecure.postgres;

import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.Fingerprint;
import cardsecure.store.Outcome;
import cardsecure.store.Page;
import cardsecure.store.Peers;
import cardsecure.store.ReplayMark;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// Keeps rows in a PostgreSQL database. Any number of processes may have it open.
///
/// **When the database does not answer** each call fails within the time that is set, with a [StoreException],
/// and the store works again within seconds of the database. A call that lost its connection is made once more by
/// itself where that is sure to do no harm.
///
/// **What a purge leaves**: the sealed datum is out of reach at once. Its bytes stay in the table until their
/// place is used again, and in the database's log, replicas and backups; only the destruction of the data key
/// reaches those.
public final class PostgresTokenStore implements TokenStore {
    private static final int CHUNK = 5000;

    private final Database database;
    private final Fence fence;
    private final RecentClashes clashes = new RecentClashes();
    private final PostgresPeers peers;
    private final Lookups lookups;
    private final FormerSettings formerSettings;

    private PostgresTokenStore(Database database, Fence fence, PostgresPeers peers) {
        this.database = database;
        this.fence = fence;
        this.peers = peers;
        this.formerSettings = new FormerSettings(database.connector());
        this.lookups = new Lookups(database).start();
    }

    /// Takes the database over, whatever comes of it.
    static PostgresTokenStore open(Database database) throws StoreException {
        long node = new SecureRandom().nextLong(1, Long.MAX_VALUE);
        Fence fence = new Fence(database, node, name());
        PostgresPeers peers = new PostgresPeers(database, fence, new Watcher(database.connector()));
        try {
            fence.register();
        } catch (StoreException e) {
            database.close();
            throw e;
        }
        return new PostgresTokenStore(database, fence, peers.start());
    }

    private static String name() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            host = "localhost";
        }
        return host + "/" + ProcessHandle.current().pid();
    }

    private void requireOpen() throws StoreException {
        if (database.isClosed()) {
            throw new StoreException("the store is closed");
        }
    }

    @Override
    public List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException {
        requireOpen();
        return new BatchWrite(database, fence, clashes, changes, generation).write();
    }

    @Override
    public void requireGeneration(long generation) throws StoreException {
        requireOpen();
        fence.requireGeneration(generation);
    }

    @Override
    public long requiredGeneration() throws StoreException {
        requireOpen();
        return fence.requiredGeneration();
    }

    @Override
    public void closeSite(SiteId site) throws StoreException {
        requireOpen();
        fence.close(site);
    }

    @Override
    public void reopenSite(SiteId site) throws StoreException {
        requireOpen();
        fence.reopen(site);
    }

    @Override
    public Peers peers() {
        return peers;
    }

    private <T> T read(Database.Work<T> work) throws StoreException {
        requireOpen();
        return database.read("the database could not read", work);
    }

    @Override
    public Optional<TokenRow> byToken(TokenPlace place) throws StoreException {
        requireOpen();
        return lookups.byPlace(place);
    }

    @Override
    public Optional<TokenRow> byFingerprint(SiteId site, Fingerprint fingerprint) throws StoreException {
        requireOpen();
        return lookups.byFingerprint(new Rows.SiteFingerprint(site, fingerprint));
    }

    @Override
    public Page<TokenRow> rows(Optional<TokenPlace> after, int max) throws StoreException {
        return read(connection -> Walk.rows(connection, after, max));
    }

    @Override
    public boolean holdsTokens(SiteId site) throws StoreException {
        return read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT 1 FROM token WHERE site = ? LIMIT 1")) {
                select.setInt(1, site.number());
                try (ResultSet results = select.executeQuery()) {
                    return results.next();
                }
            }
        });
    }

    @Override
    public void destroyTokens(SiteId site) throws StoreException {
        requireOpen();
        inChunks(
                "the database could not destroy a site's short-lived data",
                connection -> ShortLivedTable.destroyOf(connection, site, CHUNK));
        inChunks("the database could not destroy a site's rows", connection -> {
            try (PreparedStatement delete = connection.prepareStatement(
                    "DELETE FROM token t WHERE (t.site, t.domain, t.token) IN (SELECT o.site, o.domain, o.token"
                            + " FROM token o WHERE o.site = ? ORDER BY o.site, o.domain, o.token LIMIT " + CHUNK
                            + ")")) {
                delete.setInt(1, site.number());
                return delete.executeUpdate();
            }
        });
    }

    /// Deletes again and again, until fewer than a chunk are left.
    private void inChunks(String what, Database.Work<Integer> delete) throws StoreException {
        int deleted = CHUNK;
        while (deleted == CHUNK) {
            deleted = database.repeatable(what, delete);
        }
    }

    @Override
    public Optional<ShortLivedRow> shortLived(TokenPlace place) throws StoreException {
        return read(connection -> ShortLivedTable.at(connection, place));
    }

    @Override
    public Page<ShortLivedRow> shortLivedRows(Optional<TokenPlace> after, int max) throws StoreException {
        return read(connection -> ShortLivedTable.rows(connection, after, max));
    }

    @Override
    public void destroyShortLived(Instant now) throws StoreException {
        requireOpen();
        inChunks(
                "the database could not destroy short-lived data",
                connection -> ShortLivedTable.destroyPast(connection, now, CHUNK));
    }

    @Override
    public Optional<SealedData> setting(String name) throws StoreException {
        return read(connection -> setting(connection, name));
    }

    static Optional<SealedData> setting(Connection connection, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT value FROM setting WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet results = select.executeQuery()) {
                return results.next() ? Optional.of(new SealedData(results.getBytes(1))) : Optional.empty();
            }
        }
    }

    @Override
    public List<String> settingNames(String prefix) throws StoreException {
        return read(connection -> List.copyOf(
                settings(connection, "name, CAST('' AS bytea)", prefix).keySet()));
    }

    @Override
    public Map<String, SealedData> settings(String prefix) throws StoreException {
        return read(connection -> {
            Map<String, SealedData> settings = new LinkedHashMap<>();
            settings(connection, "name, value", prefix)
                    .forEach((name, value) -> settings.put(name, new SealedData(value)));
            return settings;
        });
    }

    /// Not in the database's order, which depends on its language.
    private static SortedMap<String, byte[]> settings(Connection connection, String columns, String prefix)
            throws SQLException {
        SortedMap<String, byte[]> settings = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT " + columns + " FROM setting WHERE left(name, length(CAST(? AS text))) = ?")) {
            select.setString(1, prefix);
            select.setString(2, prefix);
            try (ResultSet results = select.executeQuery()) {
                while (results.next()) {
                    settings.put(results.getString(1), results.getBytes(2));
                }
            }
        }
        return settings;
    }

    @Override
    public boolean setSetting(String name, Optional<SealedData> expected, Optional<SealedData> value)
            throws StoreException {
        requireOpen();
        return new SettingWrite(database, name, expected, value, true).write();
    }

    @Override
    public boolean setSettingUntold(String name, Optional<SealedData> expected, Optional<SealedData> value)
            throws StoreException {
        requireOpen();
        return new SettingWrite(database, name, expected, value, false).write();
    }

    @Override
    public boolean forgetFormerSettings() throws StoreException {
        requireOpen();
        return formerSettings.forget();
    }

    /// First none of them counts as new any more, then they go.
    @Override
    public void forgetMarks(Instant before) throws StoreException {
        long end = Math.max(0, before.getEpochSecond());
        OptionalLong newest = read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT second FROM mark WHERE second < ? ORDER BY second DESC LIMIT 1")) {
                select.setLong(1, end);
                try (ResultSet results = select.executeQuery()) {
                    return results.next() ? OptionalLong.of(results.getLong(1)) : OptionalLong.empty();
                }
            }
        });
        if (newest.isEmpty()) {
            return;
        }
        fence.raiseFirstSecond(newest.getAsLong() + 1);
        inChunks("the database could not forget signed requests", connection -> {
            try (PreparedStatement delete = connection.prepareStatement(
                    "DELETE FROM mark m WHERE (m.second, m.site, m.digest) IN (SELECT o.second, o.site, o.digest"
                            + " FROM mark o WHERE o.second <= ? ORDER BY o.second, o.site, o.digest LIMIT " + CHUNK
                            + ")")) {
                delete.setLong(1, newest.getAsLong());
                return delete.executeUpdate();
            }
        });
    }

    @Override
    public Optional<Instant> newestForgottenMark() throws StoreException {
        return read(BatchMarks::newestForgotten);
    }

    @Override
    public List<ReplayMark> marks(long firstSecond, int max) throws StoreException {
        return read(connection -> BatchMarks.from(connection, firstSecond, max));
    }

    @Override
    public OptionalLong approximateRows() {
        try {
            return read(connection -> {
                try (Statement statement = connection.createStatement();
                        ResultSet results = statement.executeQuery("SELECT c.reltuples / greatest(c.relpages, 1)"
                                + " * (pg_relation_size(c.oid) / current_setting('block_size')::bigint)"
                                + " FROM pg_class c WHERE c.oid = to_regclass('token') AND c.reltuples >= 0"
                                + " AND c.relpages > 0")) {
                    return results.next() ? OptionalLong.of(results.getLong(1)) : OptionalLong.empty();
                }
            });
        } catch (StoreException _) {
            return OptionalLong.empty();
        }
    }

    @Override
    public String health() {
        try {
            return read(connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SELECT 1");
                    return "ok";
                }
            });
        } catch (StoreException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Override
    public void close() {
        if (!database.isClosed()) {
            peers.close();
            lookups.close();
            database.close();
        }
    }
}
