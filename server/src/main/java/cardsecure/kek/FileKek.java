package cardsecure.kek;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.AesKeyWrapper;
import cardsecure.keys.KeyWrapper;
import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.random.RandomGenerator;

/// A KEK in a file that its owner alone may read: 64 hex digits and a line end. Whoever has this file and the store has
/// everything, so it is for trying out and for machines whose disks are guarded by other means.
public final class FileKek {
    private static final int DIGITS = 2 * AesKeyWrapper.LENGTH;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private FileKek() {}

    /// The KEK of a file.
    ///
    /// @param random cryptographically strong
    /// @throws Refusal `0027` if the file is missing, is no KEK, or can be read by others
    public static KeyWrapper open(Path file, RandomGenerator random) {
        try {
            if (!Files.exists(file)) {
                throw refusal("KEK file " + file + " is missing: put back the one that the vault was made with");
            }
            requirePrivate(file);
            return new AesKeyWrapper(read(file), random);
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.KEYSTORE_NOT_INITIALIZED,
                    "KEK file " + file + " cannot be read: let the user that the server runs as read it",
                    e);
        }
    }

    /// A new KEK, in a file of its own, durably; nothing is overwritten. Missing directories are made for the owner
    /// alone.
    ///
    /// @param random cryptographically strong
    /// @throws Refusal `0027` if there is such a file, or it cannot be written
    public static KeyWrapper create(Path file, RandomGenerator random) {
        try {
            write(file.toAbsolutePath(), random);
        } catch (FileAlreadyExistsException _) {
            throw refusal("KEK file " + file + " exists already and is not overwritten");
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.KEYSTORE_NOT_INITIALIZED,
                    "KEK file " + file + " cannot be made: let the user that the server runs as write its directory",
                    e);
        }
        return open(file, random);
    }

    /// The KEK of a file, which is made if there is none. Only for a vault that does not exist yet: an existing one is
    /// opened by the KEK it was made with, and by no new one.
    ///
    /// @param random cryptographically strong
    /// @throws Refusal `0027` as [#open] and [#create]
    public static KeyWrapper openOrCreate(Path file, RandomGenerator random) {
        return Files.exists(file) ? open(file, random) : create(file, random);
    }

    private static void requirePrivate(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw refusal("KEK file " + file + " is not a file");
        }
        Set<PosixFilePermission> others = EnumSet.copyOf(Files.getPosixFilePermissions(file));
        others.removeAll(PosixFilePermissions.fromString("rwx------"));
        if (!others.isEmpty()) {
            throw refusal("KEK file " + file + " is open to other users: chmod 600 " + file
                    + ", and think about who may have read it");
        }
    }

    private static SecretBytes read(Path file) throws IOException {
        byte[] text = new byte[0];
        byte[] key = new byte[AesKeyWrapper.LENGTH];
        try (InputStream in = Files.newInputStream(file)) {
            text = in.readNBytes(DIGITS + 2);
            boolean whole = text.length == DIGITS || (text.length == DIGITS + 1 && text[DIGITS] == '\n');
            for (int i = 0; i < DIGITS; i++) {
                if (!whole || !HexFormat.isHexDigit(text[i])) {
                    throw refusal("KEK file " + file + " is damaged: it has " + DIGITS
                            + " hex digits and a line end; put back the one that the vault was made with");
                }
                key[i / 2] = (byte) (key[i / 2] << 4 | HexFormat.fromHexDigit(text[i]));
            }
            return SecretBytes.copyOf(key);
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
    }

    /// Writes under another name first and links that to the right one: the file is whole or not there, also after a
    /// crash, and a link, unlike a renaming, overwrites nothing.
    private static void write(Path file, RandomGenerator random) throws IOException {
        Path directory = file.getParent();
        if (directory == null) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Files.createDirectories(directory, OWNER_DIRECTORY);
        Path draft = directory.resolve("." + file.getFileName() + "." + Long.toHexString(random.nextLong()) + ".new");
        byte[] key = new byte[AesKeyWrapper.LENGTH];
        byte[] text = new byte[DIGITS + 1];
        try {
            random.nextBytes(key);
            for (int i = 0; i < DIGITS; i++) {
                int digit = i % 2 == 0 ? key[i / 2] >> 4 : key[i / 2];
                text[i] = (byte) HexFormat.of().toLowHexDigit(digit);
            }
            text[DIGITS] = '\n';
            writeDurably(draft, text);
            Files.createLink(file, draft);
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(text, (byte) 0);
            Files.deleteIfExists(draft);
        }
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    private static void writeDurably(Path file, byte[] text) throws IOException {
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel out = FileChannel.open(file, options, OWNER_FILE)) {
            ByteBuffer rest = ByteBuffer.wrap(text);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        }
    }

    private static Refusal refusal(String reason) {
        return new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, reason);
    }
}
