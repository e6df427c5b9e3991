package cardsecure.kek;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.AesKeyWrapper;
import cardsecure.keys.KeyWrapper;
import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// A KEK in a file that its owner alone may read: 64 hex digits and a line end. Whoever has this file and the
/// store has everything, so it is for trying out and for machines whose disks are guarded by other means.
public final class FileKek {
    private static final int DIGITS = 2 * AesKeyWrapper.LENGTH;

    private FileKek() {}

    /// The KEK of a file.
    ///
    /// @param random cryptographically strong
    /// @throws Refusal `0027` if the file is missing, is no KEK, or can be read by others
    public static KeyWrapper open(Path file, RandomGenerator random) {
        try {
            if (!Files.exists(file)) {
                throw missing(file);
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
            write(file, random);
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

    /// The KEK of a file, which is made if there is none. Only for a vault that does not exist yet: an existing
    /// one is opened by the KEK it was made with, and by no new one.
    ///
    /// A file that is there is made durable: somebody may have put it there a moment ago, and what is wrapped by
    /// it must not outlive it.
    ///
    /// @param random cryptographically strong
    /// @throws Refusal `0027` as [#open] and [#create], or if it cannot be made durable
    public static KeyWrapper openOrCreate(Path file, RandomGenerator random) {
        if (!Files.exists(file)) {
            return create(file, random);
        }
        KeyWrapper kek = open(file, random);
        try {
            if (!Files.getFileStore(file).isReadOnly()) {
                PrivateFile.force(file);
                PrivateFile.forceName(file);
            }
        } catch (IOException e) {
            throw new Refusal(
                    ErrorCode.KEYSTORE_NOT_INITIALIZED,
                    "KEK file " + file + " cannot be made durable: " + e.getMessage() + "; put it on a sound disk",
                    e);
        }
        return kek;
    }

    private static void requirePrivate(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw refusal("KEK file " + file + " is not a file");
        }
        if (!PrivateFile.isPrivate(file)) {
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

    private static void write(Path file, RandomGenerator random) throws IOException {
        byte[] key = new byte[AesKeyWrapper.LENGTH];
        byte[] text = new byte[DIGITS + 1];
        try {
            random.nextBytes(key);
            for (int i = 0; i < DIGITS; i++) {
                int digit = i % 2 == 0 ? key[i / 2] >> 4 : key[i / 2];
                text[i] = (byte) HexFormat.of().toLowHexDigit(digit);
            }
            text[DIGITS] = '\n';
            PrivateFile.create(file, text, random.nextLong());
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(text, (byte) 0);
        }
    }

    static Refusal missing(Path file) {
        return refusal("KEK file " + file + " is missing: put back the one that the vault was made with");
    }

    private static Refusal refusal(String reason) {
        return new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, reason);
    }
}
