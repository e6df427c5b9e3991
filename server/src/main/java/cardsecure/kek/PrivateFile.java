package cardsecure.kek;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/// Files that their owner alone may read.
public final class PrivateFile {
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private PrivateFile() {}

    /// Whether nobody but its owner may read or write it.
    static boolean isPrivate(Path file) throws IOException {
        Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        others.removeAll(PosixFilePermissions.fromString("rwx------"));
        return others.isEmpty();
    }

    /// Makes a file, durably; nothing is overwritten. Missing directories are made for the owner alone.
    ///
    /// It is written under another name first, and that is linked to the right one: the file is whole or not there,
    /// also after a crash, and a link, unlike a renaming, overwrites nothing.
    ///
    /// @param unique what no other file's draft is named by
    /// @throws FileAlreadyExistsException if there is such a file
    public static void create(Path file, byte[] content, long unique) throws IOException {
        Path whole = file.toAbsolutePath();
        Path directory = whole.getParent();
        if (directory == null) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Files.createDirectories(directory, OWNER_DIRECTORY);
        Path draft = directory.resolve("." + whole.getFileName() + "." + Long.toHexString(unique) + ".new");
        try {
            writeDurably(draft, content);
            Files.createLink(whole, draft);
        } finally {
            Files.deleteIfExists(draft);
        }
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
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
