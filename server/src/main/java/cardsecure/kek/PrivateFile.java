package cardsecure.kek;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Files that their owner alone may read.
public final class PrivateFile {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private PrivateFile() {}

    /// Gives a file a second name, as [Files#createLink] does.
    @FunctionalInterface
    interface Linking {
        void link(Path name, Path existing) throws IOException;
    }

    /// Whether nobody but its owner may read or write it, or it is a credential that systemd passes to this
    /// process.
    static boolean isPrivate(Path file) throws IOException {
        return isPrivate(file, Optional.ofNullable(System.getenv("CREDENTIALS_DIRECTORY")));
    }

    /// Systemd keeps credentials as root's and lets the service's user read them by an access list, whose mask
    /// is what is seen as the group's rights. No group can enter their directory for that.
    ///
    /// @param credentials the directory that systemd made for this process
    static boolean isPrivate(Path file, Optional<String> credentials) throws IOException {
        Path real = file.toRealPath();
        if (hasOnly(real, "rwx------")) {
            return true;
        }
        Path directory = real.getParent();
        return credentials.isPresent()
                && directory != null
                && Files.isDirectory(Path.of(credentials.get()))
                && directory.equals(Path.of(credentials.get()).toRealPath())
                && hasOnly(directory, "rwxr-x---")
                && hasOnly(real, "rwxr-----");
    }

    /// Whether a file has no rights but some.
    private static boolean hasOnly(Path file, String some) throws IOException {
        return PosixFilePermissions.fromString(some).containsAll(Files.getPosixFilePermissions(file));
    }

    /// Makes a file, durably; nothing is overwritten. Missing directories are made for the owner alone.
    ///
    /// It is written under another name first, and that is linked to the right one: the file is whole or not there,
    /// also after a crash, and a link, unlike a renaming, overwrites nothing. Where the file system has no
    /// links, as that of most USB sticks, a crash can leave a file that is cut short.
    ///
    /// @param unique what no other file's draft is named by
    /// @throws FileAlreadyExistsException if there is such a file
    public static void create(Path file, byte[] content, long unique) throws IOException {
        create(file, content, unique, Files::createLink);
    }

    static void create(Path file, byte[] content, long unique, Linking linking) throws IOException {
        Path whole = file.toAbsolutePath();
        Path directory = whole.getParent();
        if (directory == null) {
            throw new FileAlreadyExistsException(file.toString());
        }
        createDirectories(directory);
        Path draft = directory.resolve("." + whole.getFileName() + "." + Long.toHexString(unique) + ".new");
        try {
            writeDurably(draft, content);
            if (!linked(whole, draft, linking)) {
                writeInPlace(whole, content);
            }
        } finally {
            Files.deleteIfExists(draft);
        }
        force(directory);
    }

    /// Makes directories that are missing, for their owner alone, durably. That a directory is there already is made
    /// durable as well, if it can be: somebody may have made it a moment ago.
    ///
    /// @throws IOException if they cannot be made
    public static void createDirectories(Path directory) throws IOException {
        Path whole = directory.toAbsolutePath();
        List<Path> made = new ArrayList<>();
        for (Path each = whole; each != null && Files.notExists(each); each = each.getParent()) {
            made.add(each);
        }
        Files.createDirectories(whole, OWNER_DIRECTORY);
        for (Path each : made) {
            forceName(each);
        }
        if (made.isEmpty()) {
            try {
                forceName(whole);
            } catch (IOException _) {
                // It may be a mount point in a file system that cannot be written, or knows no such thing.
            }
        }
    }

    /// Makes durable what somebody else has written, maybe a moment ago, and its place in its directory.
    public static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /// Makes durable where a file, or what its name is a link to, stands. Nothing is done about directories that
    /// the user may not read: they cannot be made durable by it, and are not its doing.
    static void forceName(Path file) throws IOException {
        for (Path name : List.of(file.toAbsolutePath(), file.toRealPath())) {
            Path directory = name.getParent();
            if (directory != null) {
                try {
                    force(directory);
                } catch (AccessDeniedException _) {
                    // As said above.
                }
            }
        }
    }

    /// @return whether the file system has links
    private static boolean linked(Path file, Path draft, Linking linking) throws IOException {
        try {
            linking.link(file, draft);
            return true;
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException _) {
            return false;
        }
    }

    private static void writeInPlace(Path file, byte[] content) throws IOException {
        try {
            writeDurably(file, content);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private static void writeDurably(Path file, byte[] content) throws IOException {
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel out = FileChannel.open(file, options, OWNER_FILE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        }
    }
}
