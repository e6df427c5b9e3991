package cardsecure.rocks;

import cardsecure.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;

/// Tells from the files of a directory whether a store stands there, and makes a new one only where
/// none does. RocksDB itself asks for the file `CURRENT` alone: without it, it would make an empty
/// database and delete the tables of the old one.
///
/// While a new store is made a mark stands beside it. So what a first start left behind when it crashed
/// is not taken for a store that has lost a file.
final class StoreFiles {
    private static final String CURRENT = "CURRENT";
    private static final String MARK = "creating";
    private static final String LOG_END = ".log";

    private StoreFiles() {}

    /// Whether a store stands in the directory, whole or not.
    ///
    /// @throws StoreException if the directory cannot be read: then nobody knows
    static boolean exist(Path directory) throws StoreException {
        if (!Files.isDirectory(directory) || Files.exists(directory.resolve(MARK))) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (belongsToStore(file)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new StoreException("the store's directory cannot be read: " + directory, e);
        }
    }

    /// Whether other files stand in the directory, and no store, whole or not, nor one that is being made.
    ///
    /// @throws StoreException if the directory cannot be read
    static boolean areOthers(Path directory) throws StoreException {
        if (!Files.isDirectory(directory) || Files.exists(directory.resolve(MARK)) || exist(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            // What a new file system has.
            return files.anyMatch(file -> !file.endsWith("lost+found"));
        } catch (IOException e) {
            throw new StoreException("the store's directory cannot be read: " + directory, e);
        }
    }

    private static boolean belongsToStore(Path file) throws IOException {
        String name = file.getFileName().toString();
        return List.of(CURRENT, "IDENTITY").contains(name)
                || name.startsWith("MANIFEST-")
                || name.startsWith("OPTIONS-")
                || name.endsWith(".sst")
                || (name.endsWith(LOG_END) && Files.size(file) > 0);
    }

    /// Changes no file.
    ///
    /// @throws StoreException if a store stands in the directory that RocksDB would not find
    static void requireNotLost(Path directory) throws StoreException {
        if (exist(directory) && !Files.exists(directory.resolve(CURRENT))) {
            throw new StoreException("the store in " + directory
                    + " has lost its file CURRENT: restore the directory whole from a backup");
        }
    }

    /// Makes an empty store that only the owner can read, unless one stands there.
    ///
    /// @throws StoreException also as [#requireNotLost]
    static void createIfNone(Path directory, RocksSettings settings) throws StoreException {
        requireNotLost(directory);
        if (exist(directory)) {
            return;
        }
        Path mark = directory.resolve(MARK);
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            sync(Objects.requireNonNullElse(directory.toAbsolutePath().getParent(), directory));
            mark(mark);
            sync(directory);
            deleteEmptyLogs(directory);
            Database.create(directory, settings).close();
            Files.deleteIfExists(mark);
            sync(directory);
        } catch (IOException | UnsupportedOperationException e) {
            throw new StoreException("the store's directory cannot be made: " + directory, e);
        } catch (RocksDBException e) {
            throw new StoreException("the store cannot be made: " + directory + ": " + e.getMessage(), e);
        }
    }

    /// RocksDB makes no database beside a log.
    private static void deleteEmptyLogs(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.toString().endsWith(LOG_END) && Files.size(file) == 0) {
                    Files.delete(file);
                }
            }
        }
    }

    private static void mark(Path mark) throws IOException {
        try {
            Files.createFile(mark);
        } catch (FileAlreadyExistsException crashedBefore) {
            // It stands for this try as well.
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }
}
