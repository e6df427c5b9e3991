package cardsecure.rocks;

import cardsecure.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.DataBlockIndexType;
import org.rocksdb.Filter;
import org.rocksdb.FlushOptions;
import org.rocksdb.HyperClockCache;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Logger;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// An open RocksDB with all that belongs to it in native memory. To call one that is closed crashes the JVM:
/// [RocksTokenStore] sees to it that nobody does.
final class Database implements AutoCloseable {
    private static final byte[] TOKENS = "tokens".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FINGERPRINTS = "fingerprints".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MARKS = "marks".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SHORT_LIVED = "short-lived".getBytes(StandardCharsets.US_ASCII);

    /// All families in the order in which versions added them; the first version had [#FIRST_FAMILIES].
    private static final List<String> FAMILIES = List.of("default", "tokens", "fingerprints", "marks", "short-lived");

    private static final int FIRST_FAMILIES = 3;

    /// Of the on-disk tables; fixed, so that a newer library writes what an older one reads.
    private static final int FORMAT_VERSION = 6;

    /// Larger blocks have a smaller index, smaller ones less to read for a row.
    private static final int BLOCK_BYTES = 8 << 10;

    /// A miss in a table, which each new row has twice in each, is wrong in one of a hundred.
    private static final double FILTER_BITS = 10;

    private static final long TABLE_BYTES = 32 << 20;
    private static final long COMPACTION_BYTES = 8 * TABLE_BYTES;
    private static final long LOG_BYTES = 1 << 20;
    private static final long LOGS = 3;
    private static final long MANIFEST_BYTES = 4 << 20;

    /// How old a change may grow before it is merged down to where an old version of the row lies, and destroys that.
    private static final long MERGE_SECONDS = 12 * 60 * 60;

    private static final int MERGE_CHECK_SECONDS = 60 * 60;

    /// What has to be closed, the last first.
    private final Deque<AbstractNativeReference> natives = new ArrayDeque<>();

    private final RowCache rowCache = new RowCache();
    private final ReadOptions readOptions;
    private final WriteOptions durably;
    private final RocksDB rocks;
    private final ColumnFamilyHandle settings;
    private final ColumnFamilyHandle tokens;
    private final ColumnFamilyHandle fingerprints;
    private final ColumnFamilyHandle marks;
    private final @Nullable ColumnFamilyHandle shortLived;

    private enum Mode {
        NEW,
        WRITABLE,
        READ_ONLY,
        SETTINGS_ONLY
    }

    /// Creates a database where none is. A directory that has lost its `CURRENT` would lose all else: ask
    /// [StoreFiles] first.
    static Database create(Path directory, RocksSettings settings) throws RocksDBException {
        return new Database(directory, settings, Mode.NEW);
    }

    /// Opens a database that is there. One that an older version made gets the families that this version added.
    static Database open(Path directory, RocksSettings settings) throws RocksDBException {
        return new Database(directory, settings, Mode.WRITABLE);
    }

    /// Opens a database without changing any file. Marks must not be asked for, nor short-lived rows.
    static Database openReadOnly(Path directory, RocksSettings settings) throws RocksDBException {
        return new Database(directory, settings, Mode.READ_ONLY);
    }

    /// Opens the settings alone, without changing any file. Nothing else must be asked for.
    static Database openSettings(Path directory, RocksSettings settings) throws RocksDBException {
        return new Database(directory, settings, Mode.SETTINGS_ONLY);
    }

    private Database(Path directory, RocksSettings chosen, Mode mode) throws RocksDBException {
        RocksDB.loadLibrary();
        boolean opened = false;
        try {
            readOptions = keep(new ReadOptions());
            durably = keep(new WriteOptions().setSync(true));
            DBOptions options = databaseOptions(chosen, mode)
                    .setCreateMissingColumnFamilies(
                            mode == Mode.NEW || (mode == Mode.WRITABLE && isOfOlderVersion(directory)));
            List<ColumnFamilyDescriptor> families = families(chosen, mode);
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            String path = directory.toString();
            rocks = keep(
                    mode == Mode.NEW || mode == Mode.WRITABLE
                            ? RocksDB.open(options, path, families, handles)
                            : RocksDB.openReadOnly(options, path, families, handles));
            handles.forEach(this::keep);
            settings = handles.getFirst();
            tokens = handles.get(mode == Mode.SETTINGS_ONLY ? 0 : 1);
            fingerprints = handles.get(mode == Mode.SETTINGS_ONLY ? 0 : 2);
            boolean whole = handles.size() == FAMILIES.size();
            marks = handles.get(whole ? FIRST_FAMILIES : 0);
            shortLived = whole ? handles.getLast() : null;
            opened = true;
        } finally {
            if (!opened) {
                close();
            }
        }
    }

    private <T extends AbstractNativeReference> T keep(T owned) {
        natives.push(owned);
        return owned;
    }

    private DBOptions databaseOptions(RocksSettings chosen, Mode mode) {
        DBOptions options = keep(new DBOptions())
                .setParanoidChecks(true)
                // What was cut off at the end of a log was never acknowledged: each log is synced to its end before
                // the next begins. Damage elsewhere must stop the start.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                // What a start reads from the logs goes into a new table, synced. After a failed sync the page cache
                // may hold what the disk does not, and nothing else would ever write it again.
                .setAvoidFlushDuringRecovery(false)
                .setMaxTotalWalSize(chosen.writeBufferBytes())
                .setMaxManifestFileSize(MANIFEST_BYTES)
                .setManifestPreallocationSize(64 << 10)
                .setMaxCompactionTriggerWakeupSeconds(MERGE_CHECK_SECONDS)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0);
        if (mode == Mode.NEW || mode == Mode.WRITABLE) {
            return options.setCreateIfMissing(mode == Mode.NEW)
                    // Compactions log their ranges at a lower level, and those are rows' keys.
                    .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                    .setMaxLogFileSize(LOG_BYTES)
                    .setKeepLogFileNum(LOGS);
        }
        // Without a logger of its own it would write its log into the directory.
        return options.setMaxOpenFiles(64).setLogger(keep(new SilentLogger()));
    }

    private List<ColumnFamilyDescriptor> families(RocksSettings chosen, Mode mode) {
        ColumnFamilyOptions options = familyOptions(chosen);
        ColumnFamilyDescriptor settingsFamily = new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, options);
        if (mode == Mode.SETTINGS_ONLY) {
            return List.of(settingsFamily);
        }
        List<ColumnFamilyDescriptor> families = new ArrayList<>(List.of(
                settingsFamily,
                new ColumnFamilyDescriptor(TOKENS, options),
                new ColumnFamilyDescriptor(FINGERPRINTS, options)));
        if (mode != Mode.READ_ONLY) {
            families.add(new ColumnFamilyDescriptor(MARKS, options));
            families.add(new ColumnFamilyDescriptor(SHORT_LIVED, options));
        }
        return families;
    }

    /// Whether it is as an older version left it, which knew fewer families. One that lacks any other is damaged, and
    /// is not to be made whole with emptiness.
    private static boolean isOfOlderVersion(Path directory) throws RocksDBException {
        List<String> names = new ArrayList<>();
        try (Options usual = new Options()) {
            for (byte[] name : RocksDB.listColumnFamilies(usual, directory.toString())) {
                names.add(new String(name, StandardCharsets.US_ASCII));
            }
        }
        int count = names.size();
        return count >= FIRST_FAMILIES && count < FAMILIES.size() && names.containsAll(FAMILIES.subList(0, count));
    }

    private ColumnFamilyOptions familyOptions(RocksSettings chosen) {
        Filter filter = keep(new BloomFilter(FILTER_BITS));
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setFormatVersion(FORMAT_VERSION)
                .setBlockSize(BLOCK_BYTES)
                // Not the LRU one, whose look-ups wait for each other.
                .setBlockCache(keep(new HyperClockCache(chosen.blockCacheBytes(), 0, -1, false)))
                .setDataBlockIndexType(DataBlockIndexType.kDataBlockBinaryAndHash)
                .setFilterPolicy(filter)
                .setOptimizeFiltersForMemory(true)
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
        return keep(new ColumnFamilyOptions())
                .setTableFormatConfig(table)
                // Sealed data and fingerprints are random; what could be pressed are a token's digits.
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setWriteBufferSize(chosen.writeBufferBytes())
                .setMaxWriteBufferNumber(3)
                // Each new row is looked for in vain; a filter saves the walk through the buffer.
                .setMemtablePrefixBloomSizeRatio(0.05)
                .setMemtableWholeKeyFiltering(true)
                .setTargetFileSizeBase(TABLE_BYTES)
                .setMaxBytesForLevelBase(4 * TABLE_BYTES)
                // A compaction needs as much room again as it reads.
                .setMaxCompactionBytes(COMPACTION_BYTES)
                .setTtl(MERGE_SECONDS);
    }

    RocksDB rocks() {
        return rocks;
    }

    RowCache rowCache() {
        return rowCache;
    }

    ReadOptions readOptions() {
        return readOptions;
    }

    ColumnFamilyHandle settings() {
        return settings;
    }

    ColumnFamilyHandle tokens() {
        return tokens;
    }

    ColumnFamilyHandle fingerprints() {
        return fingerprints;
    }

    ColumnFamilyHandle marks() {
        return marks;
    }

    /// @throws StoreException if the database is open for reading alone
    ColumnFamilyHandle shortLived() throws StoreException {
        ColumnFamilyHandle family = shortLived;
        if (family == null) {
            throw new StoreException("short-lived data cannot be had while the store recovers");
        }
        return family;
    }

    /// Writes, and returns when the log is on the disk. After a failure this database must not be written to again: it
    /// would give the failed batch's sequence numbers to another, and both may be in the log.
    void write(WriteBatch batch) throws RocksDBException {
        rocks.write(durably, batch);
    }

    /// Moves what is in memory into tables, and so lets go of the logs.
    void flush() throws RocksDBException {
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            List<ColumnFamilyHandle> all = new ArrayList<>(List.of(settings, tokens, fingerprints, marks));
            if (shortLived != null) {
                all.add(shortLived);
            }
            rocks.flush(options, all);
        }
    }

    @Override
    public void close() {
        while (!natives.isEmpty()) {
            natives.pop().close();
        }
    }

    private static final class SilentLogger extends Logger {
        SilentLogger() {
            super(InfoLogLevel.FATAL_LEVEL);
        }

        @Override
        protected void log(InfoLogLevel level, String message) {
            // What matters comes as an exception.
        }
    }
}
