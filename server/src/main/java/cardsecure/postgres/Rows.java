package cardsecure.postgres;

import cardsecure.card.Domain;
import cardsecure.site.SiteId;
import cardsecure.store.Fingerprint;
import cardsecure.store.SealedData;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.token.Token;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Rows as the database has them. Many go in one statement, as one array for each column.
final class Rows {
    /// The columns that [#read] reads.
    static final String COLUMNS = "t.site, t.domain, t.token, t.fingerprint, t.data";

    /// Whose order is that of the primary key.
    static final Comparator<TokenPlace> BY_PLACE = Comparator.comparingInt(
                    (TokenPlace place) -> place.site().number())
            .thenComparingInt(place -> place.domain().letter())
            .thenComparing(place -> place.token().text());

    /// All insert in this order, so that two who insert the same data wait for each other in one direction only.
    static final Comparator<TokenRow> BY_FINGERPRINT = Comparator.comparingInt(
                    (TokenRow row) -> row.place().site().number())
            .thenComparing(
                    row -> row.fingerprint().map(Fingerprint::bytes).orElse(new byte[0]), Arrays::compareUnsigned)
            .thenComparing(TokenRow::place, BY_PLACE);

    /// A fingerprint of a site.
    record SiteFingerprint(SiteId site, Fingerprint fingerprint) {}

    /// The SQLSTATE of what cannot be a row: "data corrupted".
    static final String DAMAGED = "XX001";

    private Rows() {}

    static TokenRow read(ResultSet results) throws SQLException {
        return new TokenRow(
                readPlace(results),
                Optional.ofNullable(results.getBytes(4)).map(Fingerprint::new),
                Optional.ofNullable(results.getBytes(5)).map(SealedData::new));
    }

    static TokenPlace readPlace(ResultSet results) throws SQLException {
        char letter = (char) results.getShort(2);
        Domain domain = Domain.of(letter).orElseThrow(() -> new SQLException("a row is of no known domain", DAMAGED));
        byte[] token = results.getBytes(3);
        try {
            return new TokenPlace(
                    new SiteId(results.getInt(1)), domain, new Token(new String(token, StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException e) {
            throw new SQLException("a row has a place that cannot be", DAMAGED, e);
        }
    }

    static void bind(PreparedStatement statement, int first, TokenPlace place) throws SQLException {
        statement.setInt(first, place.site().number());
        statement.setShort(first + 1, (short) place.domain().letter());
        statement.setBytes(first + 2, place.token().bytes());
    }

    /// Binds arrays of site, domain and token, three parameters.
    static void bindPlaces(PreparedStatement statement, int first, Collection<TokenPlace> places) throws SQLException {
        int[] sites = places.stream().mapToInt(place -> place.site().number()).toArray();
        Short[] domains =
                places.stream().map(place -> (short) place.domain().letter()).toArray(Short[]::new);
        byte[][] tokens = places.stream().map(place -> place.token().bytes()).toArray(byte[][]::new);
        Connection connection = statement.getConnection();
        statement.setArray(first, connection.createArrayOf("int4", boxed(sites)));
        statement.setArray(first + 1, connection.createArrayOf("int2", domains));
        statement.setArray(first + 2, connection.createArrayOf("bytea", tokens));
    }

    private static Object[] boxed(int[] numbers) {
        return Arrays.stream(numbers).boxed().toArray(Integer[]::new);
    }

    /// Binds arrays of site, domain, token, fingerprint and data, five parameters.
    static void bindRows(PreparedStatement statement, int first, List<TokenRow> rows) throws SQLException {
        bindPlaces(statement, first, rows.stream().map(TokenRow::place).toList());
        Object[] fingerprints = rows.stream()
                .map(row -> row.fingerprint().map(Fingerprint::bytes).orElse(null))
                .toArray(byte[][]::new);
        bindBytes(statement, first + 3, fingerprints);
        Object[] data = rows.stream()
                .map(row -> row.data().map(SealedData::bytes).orElse(null))
                .toArray(byte[][]::new);
        bindBytes(statement, first + 4, data);
    }

    private static void bindBytes(PreparedStatement statement, int at, Object[] bytes) throws SQLException {
        statement.setArray(at, statement.getConnection().createArrayOf("bytea", bytes));
    }

    /// Binds arrays of site and fingerprint, two parameters.
    static void bindFingerprints(PreparedStatement statement, int first, Collection<SiteFingerprint> fingerprints)
            throws SQLException {
        int[] sites = fingerprints.stream()
                .mapToInt(fingerprint -> fingerprint.site().number())
                .toArray();
        Object[] bytes = fingerprints.stream()
                .map(fingerprint -> fingerprint.fingerprint().bytes())
                .toArray(byte[][]::new);
        statement.setArray(first, statement.getConnection().createArrayOf("int4", boxed(sites)));
        bindBytes(statement, first + 1, bytes);
    }

    static void readAll(PreparedStatement statement, Consumer<TokenRow> taker) throws SQLException {
        try (ResultSet results = statement.executeQuery()) {
            while (results.next()) {
                taker.accept(read(results));
            }
        }
    }
}
