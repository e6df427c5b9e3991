package cardsecure.rocks;

import cardsecure.store.StoreException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;

/// The database of a store, opened again by itself after a write that failed, and never used after it is closed. Safe
/// for threads.
///
/// After a failed write RocksDB refuses all others, and its way to resume is not offered in Java. Nor would it do: the
/// failed batch may stand in the log, whole, in the page cache only, or cut off. A fresh start settles that: it reads
/// the log and writes what it finds into synced tables. Until the disk takes writes again the old database serves
/// reads, which do not show the failed batch.
final class RecoveringDatabase implements AutoCloseable {
    private static final Logger LOG = System.getLogger(RecoveringDatabase.class.getName());

    private static final long KEEP_MILLIS = 250;
    private static final long RETRY_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long RETRY_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);
    private static final long FLUSH_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Path directory;
    private final RocksSettings settings;
    private final DiskReserve disk;

    /// One writer at a time; also held where the database is exchanged.
    private final ReentrantLock writing = new ReentrantLock();

    /// Shared by all who use [#database], exclusive for who closes it. It keeps nothing for each of many virtual
    /// threads, as other locks do.
    private final StampedLock use = new StampedLock();

    private final ScheduledExecutorService keeper;

    /// None once the store is closed, or where not even reading works.
    private @Nullable Database database;

    /// The last that was acknowledged, of the database that failed.
    private long acknowledged;

    /// Why nothing can be written; none if it can.
    private volatile @Nullable Exception trouble;

    private volatile boolean closed;

    /// Whether logs hold data that were purged since the last flush.
    private volatile boolean remains;

    private long flushedAt = System.nanoTime();
    private long triedAt;
    private long retryNanos;

    private RecoveringDatabase(Path directory, RocksSettings settings, DiskReserve disk, Database database) {
        this.directory = directory;
        this.settings = settings;
        this.disk = disk;
        this.database = database;
        this.keeper = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("rocks-keeper").daemon().factory());
    }

    static RecoveringDatabase open(Path directory, RocksSettings settings, DiskReserve disk) throws StoreException {
        Database database = openFirst(directory, settings, disk);
        disk.restoreBallast();
        RecoveringDatabase opened = new RecoveringDatabase(directory, settings, disk, database);
        var _ = opened.keeper.scheduleWithFixedDelay(opened::keep, KEEP_MILLIS, KEEP_MILLIS, TimeUnit.MILLISECONDS);
        return opened;
    }

    private static Database openFirst(Path directory, RocksSettings settings, DiskReserve disk) throws StoreException {
        try {
            return Database.open(directory, settings);
        } catch (RocksDBException e) {
            if (String.valueOf(e.getMessage()).contains(directory + "/LOCK")) {
                throw new StoreException(
                        "the store is open already, by a server or another command, which has to stop first: "
                                + directory,
                        e);
            }
            if (disk.hasRoom()) {
                throw new StoreException("the store cannot be opened: " + directory + ": " + describe(e), e);
            }
        }
        disk.releaseBallast();
        try {
            return Database.open(directory, settings);
        } catch (RocksDBException e) {
            throw new StoreException("the store cannot be opened, and its disk is nearly full: " + directory, e);
        }
    }

    /// The kind of failure as well, which the message alone leaves out.
    private static String describe(RocksDBException e) {
        Status status = e.getStatus();
        return status == null ? String.valueOf(e.getMessage()) : status.getCode() + " (" + e.getMessage() + ")";
    }

    /// What is done with the open database.
    interface Reading<T> {
        T apply(Database database) throws RocksDBException, StoreException;
    }

    /// What is done with a database that can be written. It may be done a second time, after a first of which nobody
    /// knows whether it reached the disk.
    interface Writing<T> {
        T apply(Database database, boolean again) throws RocksDBException, StoreException, WriteFailure;
    }

    /// The database cannot be written any more.
    static final class WriteFailure extends Exception {
        private static final long serialVersionUID = 1;

        private WriteFailure(RocksDBException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /// Makes a batch durable, within a [Writing].
    static void commit(Database database, WriteBatch batch) throws WriteFailure {
        try {
            database.write(batch);
        } catch (RocksDBException e) {
            throw new WriteFailure(e);
        }
    }

    <T> T read(Reading<T> reading) throws StoreException {
        long stamp = use.readLock();
        try {
            return reading.apply(current());
        } catch (RocksDBException e) {
            throw new StoreException("the store could not read", e);
        } finally {
            use.unlockRead(stamp);
        }
    }

    private Database current() throws StoreException {
        Database current = database;
        if (current == null) {
            throw new StoreException(closed ? "the store is closed" : "the store is " + state());
        }
        return current;
    }

    <T> T write(Writing<T> change) throws StoreException {
        writing.lock();
        try {
            if (trouble != null) {
                throw new StoreException("the store is " + state());
            }
            try {
                return attempt(change, false);
            } catch (WriteFailure first) {
                fail(first);
                if (!recover()) {
                    throw new StoreException("the store could not write", first);
                }
            }
            try {
                return attempt(change, true);
            } catch (WriteFailure second) {
                fail(second);
                throw new StoreException("the store could not write, nor after it was opened again", second);
            }
        } finally {
            writing.unlock();
        }
    }

    private <T> T attempt(Writing<T> change, boolean again) throws StoreException, WriteFailure {
        long stamp = use.readLock();
        try {
            return change.apply(current(), again);
        } catch (RocksDBException e) {
            throw new StoreException("the store could not read", e);
        } finally {
            use.unlockRead(stamp);
        }
    }

    private void fail(WriteFailure cause) throws StoreException {
        acknowledged = read(current -> current.rocks().getLatestSequenceNumber());
        trouble = cause;
        LOG.log(
                Level.ERROR,
                "the store could not write; it opens itself again as soon as the disk takes writes",
                cause);
    }

    /// What keeps the store from being well, in a few words; empty if nothing does.
    String state() {
        if (closed) {
            return "closed";
        }
        Exception cause = trouble;
        return cause == null ? "" : "recovering from a write error: " + cause.getMessage();
    }

    /// Notes that data were purged whose sealed bytes still stand in the log.
    void noteRemains() {
        remains = true;
    }

    private void keep() {
        try {
            if (trouble != null) {
                retry();
            } else {
                disk.restoreBallast();
                flushRemains();
            }
        } catch (RuntimeException e) {
            // Thrown on, it would end the schedule.
            LOG.log(Level.ERROR, "the store's upkeep failed", e);
        }
    }

    private void retry() {
        writing.lock();
        try {
            if (!closed && trouble != null && System.nanoTime() - triedAt >= retryNanos) {
                recover();
            }
        } finally {
            writing.unlock();
        }
    }

    private void flushRemains() {
        if (!remains || System.nanoTime() - flushedAt < FLUSH_NANOS) {
            return;
        }
        remains = false;
        flushedAt = System.nanoTime();
        try {
            read(current -> {
                current.flush();
                return true;
            });
        } catch (StoreException e) {
            remains = true;
            LOG.log(Level.WARNING, "the store's logs could not be given up", e);
        }
    }

    /// Opens the database again, if the disk takes writes. Where that fails all the same, reads go on without writes.
    private boolean recover() {
        boolean recovered = disk.takesWrites() && exchange();
        triedAt = System.nanoTime();
        retryNanos = recovered ? 0 : Math.clamp(2 * retryNanos, RETRY_NANOS_MIN, RETRY_NANOS_MAX);
        return recovered;
    }

    private boolean exchange() {
        cancelBackgroundWork();
        long stamp = use.writeLock();
        try {
            closeCurrent();
            database = Database.open(directory, settings);
            trouble = null;
            LOG.log(Level.INFO, "the store is open again");
            return true;
        } catch (RocksDBException e) {
            LOG.log(Level.ERROR, "the store could not be opened again", e);
            trouble = e;
            openReadOnly();
            return false;
        } finally {
            use.unlockWrite(stamp);
        }
    }

    private void openReadOnly() {
        try {
            Database readOnly = Database.openReadOnly(directory, settings);
            database = readOnly;
            // The failed batch may be read from the page cache and not be on the disk: who saw it would think it kept.
            if (readOnly.rocks().getLatestSequenceNumber() > acknowledged) {
                closeCurrent();
            }
        } catch (RocksDBException e) {
            LOG.log(Level.ERROR, "the store could not be opened for reading either", e);
        }
    }

    /// Else who waits for a long compaction holds up who wants to close.
    private void cancelBackgroundWork() {
        long stamp = use.readLock();
        try {
            Database current = database;
            if (current != null) {
                current.rocks().cancelAllBackgroundWork(false);
            }
        } finally {
            use.unlockRead(stamp);
        }
    }

    private void closeCurrent() {
        Database current = database;
        database = null;
        if (current != null) {
            current.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        keeper.shutdown();
        cancelBackgroundWork();
        writing.lock();
        try {
            long stamp = use.writeLock();
            try {
                closeCurrent();
            } finally {
                use.unlockWrite(stamp);
            }
        } finally {
            writing.unlock();
        }
    }
}
