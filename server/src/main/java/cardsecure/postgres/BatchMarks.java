package cardsecure.postgres;

import cardsecure.site.SiteId;
import cardsecure.store.ReplayMark;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Remembers the replay marks of a batch, in its transaction.
final class BatchMarks {
    private static final String REMEMBER = "INSERT INTO mark (second, site, digest)"
            + " SELECT u.second, u.site, u.digest FROM unnest(?::int8[], ?::int4[], ?::bytea[])"
            + " AS u(second, site, digest) ON CONFLICT DO NOTHING RETURNING second, site, digest";

    private static final String TAKE_BACK = "DELETE FROM mark m"
            + " USING unnest(?::int8[], ?::int4[], ?::bytea[]) AS u(second, site, digest)"
            + " WHERE m.second = u.second AND m.site = u.site AND m.digest = u.digest";

    private static final String FROM = "SELECT second, site, digest FROM mark WHERE second >= ?"
            + " AND second <= coalesce((SELECT second FROM mark WHERE second >= ? ORDER BY second OFFSET ? LIMIT 1),"
            + " 9223372036854775807) ORDER BY second, site, digest";

    /// All remember in this order, so that two with the same marks wait for each other in one direction only.
    private static final Comparator<ReplayMark> ORDER = Comparator.comparingLong(ReplayMark::second)
            .thenComparingInt(mark -> mark.site().number())
            .thenComparing(ReplayMark::digest, Arrays::compareUnsigned);

    private BatchMarks() {}

    /// As [cardsecure.store.TokenStore#newestForgottenMark].
    static Optional<Instant> newestForgotten(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("SELECT first_second FROM node WHERE id = 0")) {
            long first = results.next() ? results.getLong(1) : 0;
            return first == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(first - 1));
        }
    }

    /// As [cardsecure.store.TokenStore#marks].
    static List<ReplayMark> from(Connection connection, long firstSecond, int max) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FROM)) {
            select.setLong(1, firstSecond);
            select.setLong(2, firstSecond);
            select.setInt(3, max - 1);
            try (ResultSet results = select.executeQuery()) {
                List<ReplayMark> marks = new ArrayList<>();
                while (results.next()) {
                    marks.add(mark(results));
                }
                return marks;
            }
        }
    }

    private static ReplayMark mark(ResultSet results) throws SQLException {
        return new ReplayMark(
                new SiteId(results.getInt(2)), Instant.ofEpochSecond(results.getLong(1)), results.getBytes(3));
    }

    /// Remembers marks.
    ///
    /// @return those that are new
    static Set<ReplayMark> remember(Connection connection, Collection<ReplayMark> marks, long firstSecond)
            throws SQLException {
        List<ReplayMark> sought = marks.stream()
                .filter(mark -> mark.second() >= firstSecond)
                .distinct()
                .sorted(ORDER)
                .toList();
        Set<ReplayMark> remembered = new HashSet<>();
        if (sought.isEmpty()) {
            return remembered;
        }
        try (PreparedStatement statement = connection.prepareStatement(REMEMBER)) {
            bind(connection, statement, sought);
            try (ResultSet results = statement.executeQuery()) {
                while (results.next()) {
                    remembered.add(mark(results));
                }
            }
        }
        return remembered;
    }

    private static void bind(Connection connection, PreparedStatement statement, List<ReplayMark> marks)
            throws SQLException {
        Long[] seconds = marks.stream().map(ReplayMark::second).toArray(Long[]::new);
        Integer[] sites = marks.stream().map(mark -> mark.site().number()).toArray(Integer[]::new);
        byte[][] digests = marks.stream().map(ReplayMark::digest).toArray(byte[][]::new);
        statement.setArray(1, connection.createArrayOf("int8", seconds));
        statement.setArray(2, connection.createArrayOf("int4", sites));
        statement.setArray(3, connection.createArrayOf("bytea", digests));
    }

    /// Takes back what the same transaction has remembered, and nobody is to have brought.
    static void takeBack(Connection connection, Collection<ReplayMark> marks) throws SQLException {
        if (marks.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(TAKE_BACK)) {
            bind(connection, statement, List.copyOf(marks));
            statement.executeUpdate();
        }
    }
}
