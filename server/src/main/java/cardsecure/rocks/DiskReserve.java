package cardsecure.rocks;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Watches the room on a store's disk, and holds a file there that is given up when others have taken the rest: then
/// purges and a new start still find room. Safe for threads.
final class DiskReserve {
    private static final Logger LOG = System.getLogger(DiskReserve.class.getName());

    private static final String BALLAST = "ballast";
    private static final String PROBE = "probe";
    private static final int PROBE_BYTES = 64 << 10;
    private static final int CHUNK_BYTES = 1 << 20;

    /// Asking the file system costs little, but not nothing to each batch.
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /// With less than this the ballast goes, before a write fails.
    private static final long LAST_BYTES = 4 << 20;

    private final Path directory;
    private final Path ballast;
    private final long reserveBytes;
    private final long ballastBytes;
    private boolean holdsBallast;
    private boolean room = true;
    private long lookedAt;

    /// Takes its parts. Touches no file.
    DiskReserve(Path directory, RocksSettings settings) {
        this.directory = directory;
        this.ballast = directory.resolve(BALLAST);
        this.reserveBytes = settings.diskReserveBytes();
        this.ballastBytes = settings.ballastBytes();
        this.holdsBallast = Files.exists(ballast);
        this.lookedAt = System.nanoTime() - LOOK_NANOS;
    }

    /// Whether new rows may be written.
    synchronized boolean hasRoom() {
        if (reserveBytes == 0) {
            return true;
        }
        if (System.nanoTime() - lookedAt >= LOOK_NANOS) {
            look();
        }
        return room;
    }

    private void look() {
        lookedAt = System.nanoTime();
        long usable = usableBytes();
        long missing = holdsBallast ? 0 : ballastBytes;
        room = usable - missing >= reserveBytes;
        if (usable < Math.min(LAST_BYTES, reserveBytes / 2)) {
            releaseBallast();
        }
    }

    /// Gives the ballast up, if it is there.
    synchronized void releaseBallast() {
        if (!holdsBallast) {
            return;
        }
        try {
            Files.deleteIfExists(ballast);
            holdsBallast = false;
            LOG.log(Level.WARNING, "the disk is full: the ballast file was given up, so that purges find room");
        } catch (IOException e) {
            LOG.log(Level.ERROR, "the disk is full, and the ballast file cannot be deleted", e);
        }
    }

    /// Makes the ballast again if there is room for it besides the reserve. Where it cannot be made the store works
    /// without.
    synchronized void restoreBallast() {
        if (ballastBytes == 0 || (holdsBallast && sizeOf(ballast) == ballastBytes) || !hasRoom()) {
            return;
        }
        try (FileChannel file = FileChannel.open(
                ballast, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            holdsBallast = true;
            // Random, so that it takes blocks where the file system presses data or leaves out zeros.
            SplittableRandom random = new SplittableRandom();
            byte[] chunk = new byte[CHUNK_BYTES];
            for (long left = ballastBytes; left > 0; left -= chunk.length) {
                random.nextBytes(chunk);
                writeAll(file, ByteBuffer.wrap(chunk, 0, (int) Math.min(left, chunk.length)));
            }
            file.force(true);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the ballast file cannot be made", e);
            releaseBallast();
        }
    }

    private static void writeAll(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    /// Whether the disk takes a file and brings it down, and has room for what a start would write. Gives the ballast
    /// up for that.
    synchronized boolean takesWrites() {
        if (usableBytes() < logBytes() + LAST_BYTES) {
            releaseBallast();
        }
        if (usableBytes() < logBytes()) {
            return false;
        }
        Path probe = directory.resolve(PROBE);
        try {
            try (FileChannel file = FileChannel.open(
                    probe, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                writeAll(file, ByteBuffer.allocate(PROBE_BYTES));
                file.force(true);
            } finally {
                Files.deleteIfExists(probe);
            }
            return true;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the disk does not take a file", e);
            return false;
        }
    }

    /// What the logs hold, which a start reads and writes into tables.
    private long logBytes() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .mapToLong(DiskReserve::sizeOf)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    /// What a disk that does not say so has left is not zero: the store would refuse its work.
    private long usableBytes() {
        try {
            FileStore disk = Files.getFileStore(directory);
            return disk.getUsableSpace();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the disk does not say how much room it has", e);
            return Long.MAX_VALUE;
        }
    }
}
