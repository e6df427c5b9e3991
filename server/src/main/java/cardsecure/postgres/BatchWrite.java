package cardsecure.postgres;

import cardsecure.postgres.Rows.SiteFingerprint;
import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.Fingerprint;
import cardsecure.store.Outcome;
import cardsecure.store.ReplayMark;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One call of [PostgresTokenStore#write]. Other processes write at the same time, so nothing that was looked at
/// counts unless it is locked: what decides is which rows the unique keys let in.
///
/// New rows, which are nearly all there is, go by one statement that is a transaction of its own
/// ([#insertQuickly]): all or none, as to let in those that clash with nothing costs the database half as much
/// again; for a while after a clash, those ([RecentClashes]). What that leaves, and all else, is decided in a
/// transaction ([#attempt]): this process's row of the [Fence] is locked, marks are remembered, the rows that
/// are to be changed are fetched and locked, all is decided in order, and written. If a row was let in by
/// nobody's fault in between, all of it is rolled back, looked at, and decided again.
final class BatchWrite {
    private static final String VALUES = "unnest(?::int4[], ?::int2[], ?::bytea[], ?::bytea[], ?::bytea[])"
            + " AS u(site, domain, token, fingerprint, data)";
    private static final String INSERT = "INSERT INTO token (site, domain, token, fingerprint, data)"
            + " SELECT u.site, u.domain, u.token, u.fingerprint, u.data FROM " + VALUES
            + " ON CONFLICT DO NOTHING RETURNING site, domain, token";
    private static final String INSERT_QUICKLY = "WITH fence AS (SELECT id FROM node"
            + " WHERE id = ? AND epoch = ? AND generation >= ? AND generation <= ? FOR UPDATE)"
            + " INSERT INTO token (site, domain, token, fingerprint, data)"
            + " SELECT u.site, u.domain, u.token, u.fingerprint, u.data FROM fence, " + VALUES;
    private static final String INSERT_CAREFULLY =
            INSERT_QUICKLY + " ON CONFLICT DO NOTHING RETURNING site, domain, token";
    private static final String THERE = " WHERE t.site = u.site AND t.domain = u.domain AND t.token = u.token";
    private static final String UPDATE_DATA = "UPDATE token t SET data = u.data FROM " + VALUES + THERE;
    private static final String UPDATE_BOTH =
            "UPDATE token t SET data = u.data, fingerprint = u.fingerprint FROM " + VALUES + THERE;
    private static final String GIVE_FINGERPRINTS_UP = "UPDATE token t SET fingerprint = NULL FROM " + VALUES + THERE;
    private static final String PLACES = "unnest(?::int4[], ?::int2[], ?::bytea[]) AS u(site, domain, token)";
    private static final String LOCK = "SELECT " + Rows.COLUMNS + " FROM " + PLACES
            + " JOIN token t ON t.site = u.site AND t.domain = u.domain AND t.token = u.token"
            + " ORDER BY t.site, t.domain, t.token FOR UPDATE OF t";
    private static final String LOOK = "SELECT " + Rows.COLUMNS + " FROM " + PLACES
            + " JOIN token t ON t.site = u.site AND t.domain = u.domain AND t.token = u.token UNION ALL SELECT "
            + Rows.COLUMNS + " FROM unnest(?::int4[], ?::bytea[]) AS f(site, fingerprint)"
            + " JOIN token t ON t.site = f.site AND t.fingerprint = f.fingerprint";
    private static final int TRIES_MAX = 50;

    private final Database database;
    private final Fence fence;
    private final RecentClashes clashes;
    private final List<Change> changes;
    private final OptionalLong generation;
    private final @Nullable Outcome[] outcomes;

    /// Nobody knows what became of a first try.
    private boolean again;

    /// What came of a try.
    private enum Tried {
        DONE,
        CLASHED,
        EARLIER_REQUIRED,
        NODE_MISSING
    }

    BatchWrite(Database database, Fence fence, RecentClashes clashes, List<Change> changes, OptionalLong generation) {
        this.database = database;
        this.fence = fence;
        this.clashes = clashes;
        this.changes = changes;
        this.generation = generation;
        this.outcomes = new Outcome[changes.size()];
    }

    List<Outcome> write() throws StoreException {
        long deadline = System.nanoTime() + database.connector().timeout().toNanos();
        boolean quick = changes.stream().allMatch(BatchWrite::mayGoQuickly);
        boolean looks = changes.stream().anyMatch(BatchWrite::hasOthers);
        for (int tries = 0; left().findAny().isPresent(); tries++) {
            Tried tried = Tried.CLASHED;
            try (Connection connection = database.borrowForBatch()) {
                if (quick) {
                    insertQuickly(connection);
                } else {
                    tried = attempt(connection, looks);
                }
                database.noteUse();
            } catch (SQLException e) {
                requireRepeatable(e, System.nanoTime() < deadline && tries < TRIES_MAX);
                Database.pause();
            }
            switch (tried) {
                case DONE -> {}
                case CLASHED -> {
                    looks = true;
                    if (tries >= TRIES_MAX) {
                        throw new StoreException("the database could not write: others are always faster");
                    }
                }
                case EARLIER_REQUIRED -> fence.requireGeneration(generation.orElseThrow());
                case NODE_MISSING -> fence.register();
            }
            quick = false;
        }
        return Arrays.stream(outcomes).map(Objects::requireNonNull).toList();
    }

    private void requireRepeatable(SQLException failure, boolean inTime) throws StoreException {
        boolean lost = SqlFailure.isLost(failure);
        if (lost) {
            database.noteLost(failure);
        }
        boolean repeatable =
                lost ? !again && changes.stream().allMatch(BatchWrite::mayComeTwice) : SqlFailure.isClash(failure);
        again |= lost;
        if (!repeatable || !inTime) {
            throw SqlFailure.of("the database could not write", failure);
        }
    }

    /// Another process may have remembered the same mark: of one that is there nobody knows whose it is. And it may
    /// have taken what a first try kept, which a second one would keep again, or have kept what a second one would
    /// take.
    private static boolean mayComeTwice(Change change) {
        return switch (change) {
            case Change.Insert _, Change.Purge _, Change.Replace _, Change.Refingerprint _ -> true;
            case Change.Remember _, Change.Once _, Change.Keep _, Change.Take _, Change.With _ -> false;
        };
    }

    private IntStream left() {
        return IntStream.range(0, outcomes.length).filter(i -> outcomes[i] == null);
    }

    private static boolean mayGoQuickly(Change change) {
        return change instanceof Change.Insert insert && insert.others().isEmpty();
    }

    private static boolean hasOthers(Change change) {
        return switch (change) {
            case Change.Insert insert -> !insert.others().isEmpty();
            case Change.Once(List<ReplayMark> _, Change once) -> hasOthers(once);
            case Change.With(Change with, ShortLivedRow _) -> hasOthers(with);
            case Change.Purge _,
                    Change.Replace _,
                    Change.Refingerprint _,
                    Change.Remember _,
                    Change.Keep _,
                    Change.Take _ -> false;
        };
    }

    /// Inserts those that have nothing in common with one before them, and so can be decided in any order.
    private void insertQuickly(Connection connection) throws SQLException {
        Fence.Closed closed = fence.closedAsKnown();
        Set<TokenPlace> places = new HashSet<>();
        Set<SiteFingerprint> fingerprints = new HashSet<>();
        List<TokenRow> rows = new ArrayList<>();
        for (Change change : changes) {
            if (change instanceof Change.Insert(TokenRow row, List<Fingerprint> _, OptionalLong _)) {
                SiteId site = row.place().site();
                boolean alone = places.add(row.place());
                alone &= row.fingerprint()
                        .map(fingerprint -> fingerprints.add(new SiteFingerprint(site, fingerprint)))
                        .orElse(true);
                if (alone && !closed.sites().contains(site)) {
                    rows.add(row);
                }
            }
        }
        rows.sort(Rows.BY_FINGERPRINT);
        Set<TokenPlace> inserted = insert(connection, closed, rows);
        for (int i = 0; i < outcomes.length; i++) {
            // The first at a place is the one that went.
            if (changes.get(i) instanceof Change.Insert(TokenRow row, List<Fingerprint> _, OptionalLong _)
                    && inserted.remove(row.place())) {
                outcomes[i] = new Outcome.Inserted();
            }
        }
    }

    /// @return those that went in: none if this process has to look at its row of the fence
    private Set<TokenPlace> insert(Connection connection, Fence.Closed closed, List<TokenRow> rows)
            throws SQLException {
        boolean careful = clashes.areLikely();
        try (PreparedStatement insert = connection.prepareStatement(careful ? INSERT_CAREFULLY : INSERT_QUICKLY)) {
            insert.setLong(1, fence.node());
            insert.setLong(2, closed.epoch());
            insert.setLong(3, generation.orElse(0));
            insert.setLong(4, generation.orElse(Long.MAX_VALUE));
            Rows.bindRows(insert, 5, rows);
            if (careful) {
                return readPlaces(insert);
            }
            Set<TokenPlace> inserted = new HashSet<>();
            if (insert.executeUpdate() == rows.size()) {
                rows.forEach(row -> inserted.add(row.place()));
            }
            return inserted;
        } catch (SQLException e) {
            if (!SqlFailure.isDuplicate(e)) {
                throw e;
            }
            clashes.note();
            return new HashSet<>();
        }
    }

    private static Set<TokenPlace> readPlaces(PreparedStatement statement) throws SQLException {
        Set<TokenPlace> places = new HashSet<>();
        try (ResultSet results = statement.executeQuery()) {
            while (results.next()) {
                places.add(Rows.readPlace(results));
            }
        }
        return places;
    }

    /// Decides and writes what is left, in one transaction.
    ///
    /// @param looks whether the rows that inserts may clash with are looked at first
    private Tried attempt(Connection connection, boolean looks) throws SQLException {
        connection.setAutoCommit(false);
        Fence.State state;
        try {
            state = fence.lock(connection);
        } catch (Fence.MissingNode _) {
            return Tried.NODE_MISSING;
        }
        if (generation.isPresent() && generation.getAsLong() < state.generation()) {
            left().forEach(i -> outcomes[i] = new Outcome.Superseded());
            return Tried.DONE;
        }
        if (generation.isPresent() && generation.getAsLong() > state.generation()) {
            return Tried.EARLIER_REQUIRED;
        }
        Set<SiteId> closed = fence.closed(connection, state);
        List<Change> tried = left().mapToObj(changes::get).toList();
        Decisions decisions = new Decisions(again, closed, remember(connection, tried, closed, state));
        fetch(connection, tried, looks || again, decisions);
        ShortLivedTable.fetch(connection, tried, decisions.shortLived());
        List<Outcome> decided = tried.stream().map(decisions::decide).toList();
        if (!write(connection, decisions)) {
            return Tried.CLASHED;
        }
        ShortLivedTable.write(connection, decisions.shortLived());
        BatchMarks.takeBack(connection, decisions.unspent());
        connection.commit();
        int[] indices = left().toArray();
        for (int i = 0; i < indices.length; i++) {
            outcomes[indices[i]] = decided.get(i);
        }
        return Tried.DONE;
    }

    private static Set<ReplayMark> remember(
            Connection connection, List<Change> tried, Set<SiteId> closed, Fence.State state) throws SQLException {
        List<ReplayMark> marks = tried.stream()
                .filter(change ->
                        change.siteThatGrows().filter(closed::contains).isEmpty())
                .flatMap(change -> change.broughtMarks().stream())
                .toList();
        return BatchMarks.remember(connection, marks, state.firstSecond());
    }

    /// What the changes touch, apart from each other.
    private static final class Touched {
        private final Set<TokenPlace> locked = new LinkedHashSet<>();
        private final Set<TokenPlace> places = new LinkedHashSet<>();
        private final Set<SiteFingerprint> fingerprints = new LinkedHashSet<>();

        private void add(Change change, boolean looks) {
            switch (change) {
                case Change.Insert insert -> {
                    if (looks) {
                        TokenPlace place = insert.row().place();
                        places.add(place);
                        insert.sought().forEach(one -> fingerprints.add(new SiteFingerprint(place.site(), one)));
                    }
                }
                case Change.Purge(TokenPlace place) -> locked.add(place);
                case Change.Replace(TokenPlace place, Optional<SealedData> _, SealedData _) -> locked.add(place);
                case Change.Refingerprint(TokenPlace place, Fingerprint _, Fingerprint replacement) -> {
                    locked.add(place);
                    fingerprints.add(new SiteFingerprint(place.site(), replacement));
                }
                case Change.Remember _ -> {
                    // It touches no row.
                }
                case Change.Once(List<ReplayMark> _, Change once) -> add(once, looks);
                case Change.Keep(ShortLivedRow row) -> locked.add(row.place());
                case Change.Take(TokenPlace place, Instant _) -> locked.add(place);
                case Change.With(Change with, ShortLivedRow _) -> add(with, looks);
            }
        }
    }

    /// Whether a new row's place is that of another new row, or of one that is locked.
    private static boolean anyPlaceTwice(List<Change> tried, Set<TokenPlace> locked) {
        Set<TokenPlace> seen = new HashSet<>(locked);
        return tried.stream().flatMap(change -> newPlace(change).stream()).anyMatch(place -> !seen.add(place));
    }

    private static Optional<TokenPlace> newPlace(Change change) {
        return switch (change) {
            case Change.Insert insert -> Optional.of(insert.row().place());
            case Change.Once(List<ReplayMark> _, Change once) -> newPlace(once);
            case Change.With(Change with, ShortLivedRow _) -> newPlace(with);
            case Change.Purge _,
                    Change.Replace _,
                    Change.Refingerprint _,
                    Change.Remember _,
                    Change.Keep _,
                    Change.Take _ -> Optional.empty();
        };
    }

    private static void fetch(Connection connection, List<Change> tried, boolean looks, Decisions decisions)
            throws SQLException {
        Touched touched = new Touched();
        tried.forEach(change -> touched.add(change, looks));
        if (!looks && (!touched.fingerprints.isEmpty() || anyPlaceTwice(tried, touched.locked))) {
            // An insert at a place of which there is a row here would be told that it is taken, and whether the datum
            // has a row elsewhere comes first. What has a fingerprint that another change wants may be at any place.
            tried.forEach(change -> touched.add(change, true));
        }
        if (!touched.locked.isEmpty()) {
            try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
                Rows.bindPlaces(lock, 1, touched.locked);
                Rows.readAll(lock, decisions::fetched);
            }
        }
        if (!touched.places.isEmpty() || !touched.fingerprints.isEmpty()) {
            try (PreparedStatement look = connection.prepareStatement(LOOK)) {
                Rows.bindPlaces(look, 1, touched.places);
                Rows.bindFingerprints(look, 4, touched.fingerprints);
                Rows.readAll(look, decisions::fetched);
            }
        }
    }

    /// Fingerprints that are given up are free before new rows take them.
    ///
    /// @return whether all new rows were let in
    private static boolean write(Connection connection, Decisions decisions) throws SQLException {
        update(connection, UPDATE_DATA, decisions.changed());
        if (decisions.passesFingerprintsOn()) {
            update(connection, GIVE_FINGERPRINTS_UP, decisions.refingerprinted());
        }
        update(connection, UPDATE_BOTH, decisions.refingerprinted());
        List<TokenRow> inserted = decisions.inserted();
        if (inserted.isEmpty()) {
            return true;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            Rows.bindRows(insert, 1, inserted);
            return readPlaces(insert).size() == inserted.size();
        }
    }

    private static void update(Connection connection, String sql, List<TokenRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement update = connection.prepareStatement(sql)) {
            Rows.bindRows(update, 1, rows);
            if (update.executeUpdate() != rows.size()) {
                throw new SQLException("rows that were locked are gone", "XX000");
            }
        }
    }
}
