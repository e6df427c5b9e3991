package cardsecure.rocks;

import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.Fingerprint;
import cardsecure.store.Outcome;
import cardsecure.store.ReplayMark;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedBatch;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/// The changes of one call. What they touch is fetched at once; then they are decided in their order against that,
/// each seeing those before it; then the rows that differ are written at once.
final class Batch {
    /// About what a card's two rows take in a write batch, which grows where they take more.
    private static final int ROW_BYTES = 256;

    private final List<Change> changes;
    private final RecentInserts recent;
    private final boolean room;
    private final Set<TokenPlace> attempted;
    private final BatchMarks marks;
    private final ShortLivedBatch shortLived;
    private final List<TokenPlace> inserted = new ArrayList<>();
    private final Map<TokenPlace, TokenRow> rows;
    private final Map<FingerprintKey, TokenPlace> places;
    private final Set<TokenPlace> changedRows = new LinkedHashSet<>();

    /// Index entries that differ; without a place, they are to be removed.
    private final Map<FingerprintKey, Optional<TokenPlace>> changedPlaces = new LinkedHashMap<>();

    /// Of those, what stood there already.
    private final Set<TokenPlace> alteredRows = new HashSet<>();
    private final Set<FingerprintKey> alteredPlaces = new HashSet<>();

    private boolean leavesRemains;

    /// Takes its parts.
    ///
    /// @param recent what inserts need not be looked for
    /// @param room whether there is room for rows to grow
    /// @param attempted where the same changes were to insert rows at a first try, of which nobody knows
    ///         whether it reached the disk; a row that it left there is inserted, not taken
    /// @param marks of the same changes
    /// @param shortLived of the same changes
    Batch(
            List<Change> changes,
            RecentInserts recent,
            boolean room,
            Collection<TokenPlace> attempted,
            BatchMarks marks,
            ShortLivedBatch shortLived) {
        this.changes = changes;
        this.recent = recent;
        this.room = room;
        this.attempted = new HashSet<>(attempted);
        this.marks = marks;
        this.shortLived = shortLived;
        this.rows = HashMap.newHashMap(changes.size());
        this.places = HashMap.newHashMap(changes.size());
    }

    /// Fetches and decides.
    List<Outcome> decide(Database database) throws RocksDBException, StoreException {
        fetch(database);
        List<Outcome> outcomes = new ArrayList<>(changes.size());
        for (int i = 0; i < changes.size(); i++) {
            outcomes.add(decide(i, changes.get(i)));
        }
        return outcomes;
    }

    /// @param index of the change, or of the one that it is a part of
    private Outcome decide(int index, Change change) {
        return switch (change) {
            case Change.Insert insert -> insert(insert);
            case Change.Purge(TokenPlace place) -> purge(place);
            case Change.Replace(TokenPlace place, Optional<SealedData> expected, SealedData replacement) ->
                replace(place, expected, replacement);
            case Change.Refingerprint(TokenPlace place, Fingerprint expected, Fingerprint replacement) ->
                refingerprint(place, expected, replacement);
            case Change.Remember(List<ReplayMark> brought) ->
                marks.decide(index, brought, room, Outcome.Remembered::new);
            case Change.Once once ->
                marks.decide(index, once.marks(), room || once.destroys(), () -> decide(index, once.change()));
            case Change.Keep(ShortLivedRow row) ->
                shortLived.keep(Optional.ofNullable(rows.get(row.place())), row, room);
            case Change.Take(TokenPlace place, Instant now) -> shortLived.take(place, now);
            case Change.With(Change with, ShortLivedRow row) -> shortLived.with(decide(index, with), row);
        };
    }

    private Outcome insert(Change.Insert insert) {
        TokenRow row = insert.row();
        // Once: another insert of the batch may be of an equal row, and was not what the first try wrote.
        if (attempted.remove(row.place()) && row.equals(rows.get(row.place()))) {
            inserted.add(row.place());
            return new Outcome.Inserted();
        }
        SiteId site = row.place().site();
        Optional<TokenRow> existing = existing(site, insert.sought());
        if (existing.isPresent()) {
            return new Outcome.Exists(existing.get());
        }
        if (rows.containsKey(row.place())) {
            return new Outcome.TokenTaken();
        }
        if (!room) {
            return new Outcome.NoRoom();
        }
        set(row);
        inserted.add(row.place());
        row.fingerprint().ifPresent(fingerprint -> index(new FingerprintKey(site, fingerprint), row.place()));
        return new Outcome.Inserted();
    }

    private Optional<TokenRow> existing(SiteId site, List<Fingerprint> sought) {
        for (Fingerprint fingerprint : sought) {
            TokenPlace place = places.get(new FingerprintKey(site, fingerprint));
            TokenRow row = place == null ? null : rows.get(place);
            if (row != null) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    private void index(FingerprintKey key, TokenPlace place) {
        if (places.put(key, place) != null) {
            alteredPlaces.add(key);
        }
        changedPlaces.put(key, Optional.of(place));
    }

    private Outcome purge(TokenPlace place) {
        shortLived.destroy(place);
        TokenRow row = rows.get(place);
        if (row == null) {
            return new Outcome.Absent();
        }
        if (row.data().isPresent()) {
            set(new TokenRow(place, row.fingerprint(), Optional.empty()));
            leavesRemains = true;
        }
        return new Outcome.Changed();
    }

    private Outcome replace(TokenPlace place, Optional<SealedData> expected, SealedData replacement) {
        TokenRow row = rows.get(place);
        if (row == null) {
            return new Outcome.Absent();
        }
        if (!row.data().equals(expected)) {
            return new Outcome.Differs();
        }
        if (!room) {
            return new Outcome.NoRoom();
        }
        set(new TokenRow(place, row.fingerprint(), Optional.of(replacement)));
        leavesRemains |= row.data().isPresent();
        return new Outcome.Changed();
    }

    private Outcome refingerprint(TokenPlace place, Fingerprint expected, Fingerprint replacement) {
        TokenRow row = rows.get(place);
        if (row == null) {
            return new Outcome.Absent();
        }
        FingerprintKey newKey = new FingerprintKey(place.site(), replacement);
        TokenPlace indexed = places.get(newKey);
        if (row.fingerprint().equals(Optional.of(replacement))) {
            // By a first try of the same changes, for one.
            return new Outcome.Changed();
        }
        if (!row.fingerprint().equals(Optional.of(expected))) {
            return new Outcome.Differs();
        }
        if (indexed != null && rows.get(indexed) != null) {
            return new Outcome.Exists(rows.get(indexed));
        }
        if (!room) {
            return new Outcome.NoRoom();
        }
        FingerprintKey oldKey = new FingerprintKey(place.site(), expected);
        places.remove(oldKey);
        alteredPlaces.add(oldKey);
        changedPlaces.put(oldKey, Optional.empty());
        index(newKey, place);
        set(new TokenRow(place, Optional.of(replacement), row.data()));
        return new Outcome.Changed();
    }

    private void set(TokenRow row) {
        if (rows.put(row.place(), row) != null) {
            alteredRows.add(row.place());
        }
        changedRows.add(row.place());
    }

    private void fetch(Database database) throws RocksDBException, StoreException {
        Set<TokenPlace> touched = new LinkedHashSet<>();
        Set<FingerprintKey> sought = new LinkedHashSet<>();
        for (Change change : changes) {
            collect(change, touched, sought);
        }
        fetchPlaces(database, sought);
        touched.addAll(places.values());
        fetchRows(database, touched);
        fetchShortLived(database);
        marks.fetch(database);
    }

    private void collect(Change change, Set<TokenPlace> touched, Set<FingerprintKey> sought) {
        switch (change) {
            case Change.Insert insert -> {
                TokenPlace place = insert.row().place();
                if (!recent.areWithout(place, insert.soughtSince())) {
                    touched.add(place);
                }
                for (Fingerprint fingerprint : insert.sought()) {
                    FingerprintKey key = new FingerprintKey(place.site(), fingerprint);
                    if (!recent.areWithout(key, insert.soughtSince())) {
                        sought.add(key);
                    }
                }
            }
            case Change.Purge(TokenPlace place) -> touched.add(place);
            case Change.Replace(TokenPlace place, Optional<SealedData> _, SealedData _) -> touched.add(place);
            case Change.Refingerprint(TokenPlace place, Fingerprint _, Fingerprint replacement) -> {
                touched.add(place);
                sought.add(new FingerprintKey(place.site(), replacement));
            }
            case Change.Remember _ -> {
                // It touches no row.
            }
            case Change.Once(List<ReplayMark> _, Change once) -> collect(once, touched, sought);
            case Change.Keep(ShortLivedRow row) -> touched.add(row.place());
            case Change.Take _ -> {
                // Nor does this.
            }
            case Change.With(Change with, ShortLivedRow _) -> collect(with, touched, sought);
        }
    }

    private void fetchPlaces(Database database, Collection<FingerprintKey> sought)
            throws RocksDBException, StoreException {
        List<byte[]> keys = new ArrayList<>(sought.size());
        sought.forEach(key -> keys.add(RowCodec.fingerprintKey(key)));
        List<byte[]> values = values(database, database.fingerprints(), keys);
        int i = 0;
        for (FingerprintKey key : sought) {
            byte[] value = values.get(i++);
            if (value != null) {
                places.put(key, RowCodec.decodePlace(key.site(), value));
            }
        }
    }

    private void fetchRows(Database database, Collection<TokenPlace> touched) throws RocksDBException, StoreException {
        List<TokenPlace> unkept = new ArrayList<>(touched.size());
        for (TokenPlace place : touched) {
            database.rowCache().row(place).ifPresentOrElse(row -> rows.put(place, row), () -> unkept.add(place));
        }
        List<byte[]> values = values(
                database,
                database.tokens(),
                unkept.stream().map(RowCodec::tokenKey).toList());
        int i = 0;
        for (TokenPlace place : unkept) {
            byte[] value = values.get(i++);
            if (value != null) {
                rows.put(place, RowCodec.decodeRow(place, value));
            }
        }
    }

    private void fetchShortLived(Database database) throws RocksDBException, StoreException {
        Set<TokenPlace> distinct = new LinkedHashSet<>();
        for (Change change : changes) {
            ShortLivedBatch.place(change).ifPresent(distinct::add);
        }
        if (distinct.isEmpty()) {
            return;
        }
        List<TokenPlace> sought = List.copyOf(distinct);
        List<byte[]> keys = sought.stream().map(ShortLivedCodec::key).toList();
        List<byte[]> values = values(database, database.shortLived(), keys);
        for (int i = 0; i < values.size(); i++) {
            byte[] value = values.get(i);
            if (value != null) {
                shortLived.fetched(ShortLivedCodec.decode(sought.get(i), value));
            }
        }
    }

    private static List<byte[]> values(Database database, ColumnFamilyHandle family, List<byte[]> keys)
            throws RocksDBException {
        if (keys.isEmpty()) {
            return List.of();
        }
        return database.rocks().multiGetAsList(database.readOptions(), Collections.nCopies(keys.size(), family), keys);
    }

    /// Where rows were inserted.
    List<TokenPlace> inserted() {
        return inserted;
    }

    /// What later inserts can clash with: the places of the rows that were inserted, and fingerprints that are new.
    Collection<Object> insertedKeys() {
        List<Object> keys = new ArrayList<>(inserted);
        changedPlaces.forEach((key, place) -> place.ifPresent(_ -> keys.add(key)));
        return keys;
    }

    boolean changesAnything() {
        return !changedRows.isEmpty() || marks.changeAnything() || shortLived.changesAnything();
    }

    /// Whether any row lost its datum, of which older tables still hold the sealed form.
    boolean leavesRemains() {
        return leavesRemains;
    }

    /// Has what was kept of rows that are different now forgotten, once the batch can be read.
    void forgetChanged(Database database) {
        database.rowCache().changed(alteredRows, alteredPlaces);
    }

    /// What was decided, to be written at once; the caller closes it.
    WriteBatch encode(Database database) throws StoreException {
        WriteBatchEncoder batch = new WriteBatchEncoder(changedRows.size() * ROW_BYTES);
        for (TokenPlace place : changedRows) {
            TokenRow row = Objects.requireNonNull(rows.get(place));
            batch.put(database.tokens(), RowCodec.tokenKey(place), RowCodec.encodeRow(row));
        }
        changedPlaces.forEach((key, place) -> {
            byte[] bytes = RowCodec.fingerprintKey(key);
            place.ifPresentOrElse(
                    present -> batch.put(database.fingerprints(), bytes, RowCodec.encodePlace(present)),
                    () -> batch.delete(database.fingerprints(), bytes));
        });
        marks.encode(database, batch);
        List<ShortLivedRow> written = shortLived.written();
        Set<TokenPlace> replaced = written.stream().map(ShortLivedRow::place).collect(Collectors.toSet());
        for (ShortLivedRow row : shortLived.gone()) {
            if (!replaced.contains(row.place())) {
                batch.delete(database.shortLived(), ShortLivedCodec.key(row.place()));
            }
            batch.delete(database.shortLived(), ShortLivedCodec.deadlineKey(row));
        }
        for (ShortLivedRow row : written) {
            batch.put(database.shortLived(), ShortLivedCodec.key(row.place()), ShortLivedCodec.encode(row));
            batch.put(database.shortLived(), ShortLivedCodec.deadlineKey(row), new byte[0]);
        }
        return batch.toBatch();
    }
}
