package cardsecure.postgres;

import cardsecure.card.Domain;
import cardsecure.site.SiteId;
import cardsecure.store.DamagedEntry;
import cardsecure.store.Fingerprint;
import cardsecure.store.Page;
import cardsecure.store.SealedData;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.token.Token;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Walks through all rows of the table, a page at a time, and past those that are none of this program's.
final class Walk {
    private static final String SELECT = "SELECT " + Rows.COLUMNS + " FROM token t ";
    private static final String AFTER = "WHERE (t.site, t.domain, t.token) > (?, ?, ?) ";
    private static final String ORDER = "ORDER BY t.site, t.domain, t.token LIMIT ";

    /// A row as the database has it.
    private static final class Raw {
        private final int site;
        private final short domain;
        private final byte[] token;
        private final byte @Nullable [] fingerprint;
        private final byte @Nullable [] data;

        private Raw(int site, short domain, byte[] token, byte @Nullable [] fingerprint, byte @Nullable [] data) {
            this.site = site;
            this.domain = domain;
            this.token = token;
            this.fingerprint = fingerprint;
            this.data = data;
        }

        static Raw read(ResultSet results) throws SQLException {
            return new Raw(
                    results.getInt(1),
                    results.getShort(2),
                    results.getBytes(3),
                    results.getBytes(4),
                    results.getBytes(5));
        }

        static Raw at(TokenPlace place) {
            return new Raw(
                    place.site().number(),
                    (short) place.domain().letter(),
                    place.token().bytes(),
                    null,
                    null);
        }

        /// As in the embedded store.
        byte[] key() {
            return ByteBuffer.allocate(5 + token.length)
                    .putInt(site)
                    .put((byte) domain)
                    .put(token)
                    .array();
        }

        TokenPlace place() {
            Domain letter = Domain.of((char) domain).orElseThrow(IllegalArgumentException::new);
            return new TokenPlace(new SiteId(site), letter, new Token(new String(token, StandardCharsets.US_ASCII)));
        }

        void addTo(Page.Builder<TokenRow> page) {
            Optional<TokenPlace> place = Optional.empty();
            try {
                place = Optional.of(place());
                page.add(new TokenRow(
                        place.get(),
                        Optional.ofNullable(fingerprint).map(Fingerprint::new),
                        Optional.ofNullable(data).map(SealedData::new)));
            } catch (IllegalArgumentException _) {
                page.addDamaged(DamagedEntry.at(key(), place, "is no row of this program's"));
            }
        }
    }

    private Walk() {}

    static Page<TokenRow> rows(Connection connection, Optional<TokenPlace> after, int max) throws SQLException {
        Page.Builder<TokenRow> page = new Page.Builder<>(max);
        Optional<Raw> last = after.map(Raw::at);
        boolean more = true;
        while (more) {
            int read = 0;
            try (PreparedStatement select =
                    connection.prepareStatement(SELECT + (last.isPresent() ? AFTER : "") + ORDER + max)) {
                if (last.isPresent()) {
                    select.setInt(1, last.get().site);
                    select.setShort(2, last.get().domain);
                    select.setBytes(3, last.get().token);
                }
                try (ResultSet results = select.executeQuery()) {
                    while (results.next()) {
                        Raw raw = Raw.read(results);
                        raw.addTo(page);
                        last = Optional.of(raw);
                        read++;
                    }
                }
            }
            // One that has damaged rows alone in it would look like the last.
            more = read == max && page.isEmpty();
        }
        return page.build();
    }
}
