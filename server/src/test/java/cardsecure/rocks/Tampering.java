package cardsecure.rocks;

import java.nio.file.Path;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/// Changes the files of a store that nobody has open, as a fault or an intruder might.
public final class Tampering implements AutoCloseable {
    private static final RocksSettings SMALL = new RocksSettings(1 << 20, 1 << 20, 0);

    private final Database database;

    /// Opens a store that is there.
    public Tampering(Path directory) throws RocksDBException {
        this.database = Database.open(directory, SMALL);
    }

    /// Puts any bytes among the rows.
    public void putRow(byte[] key, byte[] value) throws RocksDBException {
        put(database.tokens(), key, value);
    }

    /// Puts any bytes among the entries of the index.
    public void putIndex(byte[] key, byte[] value) throws RocksDBException {
        put(database.fingerprints(), key, value);
    }

    /// Takes an entry of the index away.
    public void deleteIndex(byte[] key) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            batch.delete(database.fingerprints(), key);
            database.write(batch);
        }
    }

    private void put(ColumnFamilyHandle family, byte[] key, byte[] value) throws RocksDBException {
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(family, key, value);
            database.write(batch);
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
