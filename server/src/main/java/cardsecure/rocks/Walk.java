package cardsecure.rocks;

import cardsecure.store.DamagedEntry;
import cardsecure.store.IndexEntry;
import cardsecure.store.Page;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import java.util.Arrays;
import java.util.Optional;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/// Walks through all entries of a family, a page at a time, and past those that do not decode.
final class Walk {
    private interface Decoder<T> {
        T decode(byte[] key, byte[] value) throws StoreException;
    }

    private interface PlaceDecoder {
        TokenPlace decode(byte[] key) throws StoreException;
    }

    private Walk() {}

    static Page<TokenRow> rows(Database database, Optional<TokenPlace> after, int max) throws RocksDBException {
        return page(
                database,
                database.tokens(),
                after.map(RowCodec::tokenKey),
                max,
                (key, value) -> RowCodec.decodeRow(RowCodec.decodeTokenKey(key), value),
                RowCodec::decodeTokenKey);
    }

    static Page<IndexEntry> index(Database database, Optional<IndexEntry> after, int max) throws RocksDBException {
        return page(
                database,
                database.fingerprints(),
                after.map(RowCodec::fingerprintKey),
                max,
                RowCodec::decodeIndexEntry,
                _ -> {
                    throw new StoreException("an entry of the index is at no place");
                });
    }

    static Page<ShortLivedRow> shortLived(Database database, Optional<TokenPlace> after, int max)
            throws RocksDBException, StoreException {
        return page(
                database,
                database.shortLived(),
                Optional.of(after.map(ShortLivedCodec::key).orElseGet(ShortLivedCodec::firstKey)),
                max,
                (key, value) -> ShortLivedCodec.decode(ShortLivedCodec.decodeKey(key), value),
                ShortLivedCodec::decodeKey);
    }

    private static <T> Page<T> page(
            Database database,
            ColumnFamilyHandle family,
            Optional<byte[]> after,
            int max,
            Decoder<T> decoder,
            PlaceDecoder places)
            throws RocksDBException {
        Page.Builder<T> page = new Page.Builder<>(max);
        try (ReadOptions once = new ReadOptions().setFillCache(false);
                RocksIterator entries = database.rocks().newIterator(family, once)) {
            if (after.isPresent()) {
                entries.seek(after.get());
                if (entries.isValid() && Arrays.equals(entries.key(), after.get())) {
                    entries.next();
                }
            } else {
                entries.seekToFirst();
            }
            for (; entries.isValid() && !page.isFull(); entries.next()) {
                byte[] key = entries.key();
                try {
                    page.add(decoder.decode(key, entries.value()));
                } catch (StoreException _) {
                    page.addDamaged(DamagedEntry.at(key, place(key, places), "does not decode"));
                }
            }
            entries.status();
        }
        return page.build();
    }

    /// What a row's key says where its value does not decode.
    private static Optional<TokenPlace> place(byte[] key, PlaceDecoder places) {
        try {
            return Optional.of(places.decode(key));
        } catch (StoreException _) {
            return Optional.empty();
        }
    }
}
