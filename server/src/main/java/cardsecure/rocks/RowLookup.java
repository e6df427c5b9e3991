package cardsecure.rocks;

import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import java.util.Optional;
import org.rocksdb.RocksDBException;

/// Looks for a row, first among those that are kept in memory. For any thread.
final class RowLookup {
    private RowLookup() {}

    static Optional<TokenRow> byToken(Database database, TokenPlace place) throws RocksDBException, StoreException {
        RowCache cache = database.rowCache();
        Optional<TokenRow> kept = cache.row(place);
        if (kept.isPresent()) {
            return kept;
        }
        long mark = cache.mark();
        byte[] value = database.rocks().get(database.tokens(), database.readOptions(), RowCodec.tokenKey(place));
        if (value == null) {
            return Optional.empty();
        }
        TokenRow row = RowCodec.decodeRow(place, value);
        cache.keep(mark, row);
        return Optional.of(row);
    }

    static Optional<TokenRow> byFingerprint(Database database, FingerprintKey key)
            throws RocksDBException, StoreException {
        RowCache cache = database.rowCache();
        Optional<TokenPlace> kept = cache.place(key);
        if (kept.isPresent()) {
            return byToken(database, kept.get());
        }
        long mark = cache.mark();
        byte[] value =
                database.rocks().get(database.fingerprints(), database.readOptions(), RowCodec.fingerprintKey(key));
        if (value == null) {
            return Optional.empty();
        }
        TokenPlace place = RowCodec.decodePlace(key.site(), value);
        Optional<TokenRow> row = byToken(database, place);
        // An entry of a damaged index that leads nowhere is replaced by the next insert, as one that is not there.
        if (row.isPresent()) {
            cache.keep(mark, key, place);
        }
        return row;
    }
}
