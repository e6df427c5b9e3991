package cardsecure.postgres;

import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.DamagedEntry;
import cardsecure.store.Page;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedBatch;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.TokenPlace;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The table of short-lived rows. A batch that touches one has locked the row of its token before, if there is one, so
/// that batches do not meet here; whoever destroys rows by their deadline locks nothing else.
final class ShortLivedTable {
    private static final String COLUMNS = "s.site, s.domain, s.token, s.deadline, s.data";
    private static final String LOCK = "SELECT " + COLUMNS + " FROM unnest(?::int4[], ?::int2[], ?::bytea[])"
            + " AS u(site, domain, token) JOIN short_lived s ON s.site = u.site AND s.domain = u.domain"
            + " AND s.token = u.token ORDER BY s.site, s.domain, s.token FOR UPDATE OF s";
    private static final String DELETE = "DELETE FROM short_lived s USING unnest(?::int4[], ?::int2[], ?::bytea[])"
            + " AS u(site, domain, token) WHERE s.site = u.site AND s.domain = u.domain AND s.token = u.token";
    private static final String WRITE = "INSERT INTO short_lived (site, domain, token, deadline, data)"
            + " SELECT u.site, u.domain, u.token, u.deadline, u.data"
            + " FROM unnest(?::int4[], ?::int2[], ?::bytea[], ?::int8[], ?::bytea[])"
            + " AS u(site, domain, token, deadline, data) ON CONFLICT (site, domain, token) DO UPDATE"
            + " SET deadline = excluded.deadline, data = excluded.data";
    private static final String READ =
            "SELECT " + COLUMNS + " FROM short_lived s WHERE s.site = ? AND s.domain = ? AND s.token = ?";
    private static final String SELECT = "SELECT " + COLUMNS + " FROM short_lived s ";
    private static final String AFTER = "WHERE (s.site, s.domain, s.token) > (?, ?, ?) ";
    private static final String ORDER = "ORDER BY s.site, s.domain, s.token LIMIT ";

    /// The deadline once more, as the row may have got another one while this waited for it.
    private static final String DESTROY_PAST = "DELETE FROM short_lived s WHERE s.deadline <= ?"
            + " AND (s.site, s.domain, s.token) IN (SELECT o.site, o.domain, o.token FROM short_lived o"
            + " WHERE o.deadline <= ? ORDER BY o.deadline LIMIT ?)";
    private static final String DESTROY_SITE = "DELETE FROM short_lived s WHERE (s.site, s.domain, s.token) IN"
            + " (SELECT o.site, o.domain, o.token FROM short_lived o WHERE o.site = ?"
            + " ORDER BY o.site, o.domain, o.token LIMIT ?)";

    /// A row's key as the database has it, whatever it is.
    private static final class Key {
        private final int site;
        private final short domain;
        private final byte[] token;

        private Key(int site, short domain, byte[] token) {
            this.site = site;
            this.domain = domain;
            this.token = token;
        }

        static Key of(TokenPlace place) {
            return new Key(
                    place.site().number(),
                    (short) place.domain().letter(),
                    place.token().bytes());
        }

        static Key read(ResultSet results) throws SQLException {
            return new Key(results.getInt(1), results.getShort(2), results.getBytes(3));
        }

        void bind(PreparedStatement statement) throws SQLException {
            statement.setInt(1, site);
            statement.setShort(2, domain);
            statement.setBytes(3, token);
        }

        /// As in the embedded store.
        byte[] bytes() {
            return ByteBuffer.allocate(5 + token.length)
                    .putInt(site)
                    .put((byte) domain)
                    .put(token)
                    .array();
        }
    }

    private ShortLivedTable() {}

    /// Locks and tells the rows that changes are about.
    static void fetch(Connection connection, List<Change> changes, ShortLivedBatch batch) throws SQLException {
        List<TokenPlace> places = changes.stream()
                .flatMap(change -> ShortLivedBatch.place(change).stream())
                .distinct()
                .toList();
        if (places.isEmpty()) {
            return;
        }
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            Rows.bindPlaces(lock, 1, places);
            try (ResultSet results = lock.executeQuery()) {
                while (results.next()) {
                    batch.fetched(read(results));
                }
            }
        }
    }

    /// Writes what was decided.
    static void write(Connection connection, ShortLivedBatch batch) throws SQLException {
        List<ShortLivedRow> written = batch.written().stream()
                .sorted(Comparator.comparing(ShortLivedRow::place, Rows.BY_PLACE))
                .toList();
        List<TokenPlace> replaced = written.stream().map(ShortLivedRow::place).toList();
        List<TokenPlace> destroyed = batch.gone().stream()
                .map(ShortLivedRow::place)
                .filter(place -> !replaced.contains(place))
                .toList();
        if (!destroyed.isEmpty()) {
            try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
                Rows.bindPlaces(delete, 1, destroyed);
                if (delete.executeUpdate() != destroyed.size()) {
                    throw new SQLException("rows that were locked are gone", "XX000");
                }
            }
        }
        if (!written.isEmpty()) {
            try (PreparedStatement write = connection.prepareStatement(WRITE)) {
                Rows.bindPlaces(write, 1, replaced);
                Long[] deadlines = written.stream()
                        .map(row -> row.deadline().getEpochSecond())
                        .toArray(Long[]::new);
                byte[][] data = written.stream().map(row -> row.data().bytes()).toArray(byte[][]::new);
                write.setArray(4, connection.createArrayOf("int8", deadlines));
                write.setArray(5, connection.createArrayOf("bytea", data));
                write.executeUpdate();
            }
        }
    }

    private static ShortLivedRow read(ResultSet results) throws SQLException {
        TokenPlace place = Rows.readPlace(results);
        try {
            return new ShortLivedRow(
                    place, Instant.ofEpochSecond(results.getLong(4)), new SealedData(results.getBytes(5)));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new SQLException("a short-lived row cannot be", Rows.DAMAGED, e);
        }
    }

    static Optional<ShortLivedRow> at(Connection connection, TokenPlace place) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(READ)) {
            Rows.bind(select, 1, place);
            try (ResultSet results = select.executeQuery()) {
                return results.next() ? Optional.of(read(results)) : Optional.empty();
            }
        }
    }

    /// As [Walk#rows].
    static Page<ShortLivedRow> rows(Connection connection, Optional<TokenPlace> after, int max) throws SQLException {
        Page.Builder<ShortLivedRow> page = new Page.Builder<>(max);
        Optional<Key> last = after.map(Key::of);
        boolean more = true;
        while (more) {
            int read = 0;
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + (last.isPresent() ? AFTER : "") + ORDER + max)) {
                if (last.isPresent()) {
                    last.get().bind(select);
                }
                try (ResultSet results = select.executeQuery()) {
                    while (results.next()) {
                        Key key = Key.read(results);
                        add(page, key, results);
                        last = Optional.of(key);
                        read++;
                    }
                }
            }
            // One that has damaged rows alone in it would look like the last.
            more = read == max && page.isEmpty();
        }
        return page.build();
    }

    private static void add(Page.Builder<ShortLivedRow> page, Key key, ResultSet results) throws SQLException {
        try {
            page.add(read(results));
        } catch (SQLException e) {
            if (!Rows.DAMAGED.equals(e.getSQLState())) {
                throw e;
            }
            page.addDamaged(DamagedEntry.at(key.bytes(), Optional.empty(), "is no short-lived row of this program's"));
        }
    }

    /// Destroys rows whose deadline is not after a moment.
    ///
    /// @return how many; fewer than `max` if there are no more
    static int destroyPast(Connection connection, Instant now, int max) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DESTROY_PAST)) {
            delete.setLong(1, now.getEpochSecond());
            delete.setLong(2, now.getEpochSecond());
            delete.setInt(3, max);
            return delete.executeUpdate();
        }
    }

    /// Destroys rows of a site.
    ///
    /// @return how many; fewer than `max` if there are no more
    static int destroyOf(Connection connection, SiteId site, int max) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DESTROY_SITE)) {
            delete.setInt(1, site.number());
            delete.setInt(2, max);
            return delete.executeUpdate();
        }
    }
}
