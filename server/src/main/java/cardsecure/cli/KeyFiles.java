package cardsecure.cli;

import cardsecure.backup.KeyBackup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Files with keys that commands are given.
final class KeyFiles {
    private KeyFiles() {}

    /// @throws InputException if the file cannot be read
    /// @throws cardsecure.error.Refusal `0063` if it is no backup
    static KeyBackup backup(Path file) throws InputException {
        return backup(read(file));
    }

    /// @throws cardsecure.error.Refusal `0063` if it is no backup
    static KeyBackup backup(byte[] content) {
        return KeyBackup.parse(new String(content, StandardCharsets.ISO_8859_1));
    }

    /// What a file holds, as far as a backup can be long.
    ///
    /// @throws InputException if it cannot be read
    static byte[] read(Path file) throws InputException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(KeyBackup.LENGTH_MAX + 1);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static InputException unreadable(Path file, IOException why) {
        return new InputException(
                file + (why instanceof NoSuchFileException ? " does not exist" : " cannot be read"),
                "name a file that you can read");
    }
}
