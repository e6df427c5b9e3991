package cardsecure.backup;

import cardsecure.error.Refusal;
import cardsecure.kek.PrivateFile;
import cardsecure.keys.SealedRing;
import cardsecure.store.SealedData;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keystores that a restore has replaced, each in a file of the data directory as the store had it: wrapped by
/// its KEK. Keys that were destroyed since are in them still.
public final class FormerKeystores {
    private static final String PREFIX = "keystore-before-";

    private FormerKeystores() {}

    /// Keeps one, durably.
    ///
    /// @param unique what no other file's draft is named by
    static Path keep(Path data, SealedData keystore, Instant now, long unique) throws IOException {
        String time = now.truncatedTo(ChronoUnit.MILLIS).toString().replace(':', '-');
        Path file = data.resolve(PREFIX + time);
        PrivateFile.create(file, keystore.bytes(), unique);
        return file;
    }

    /// Those of a data directory, the oldest first.
    public static List<Path> in(Path data) throws IOException {
        if (Files.notExists(data)) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(data, PREFIX + "*")) {
            found.forEach(files::add);
        }
        files.sort(null);
        return List.copyOf(files);
    }

    /// What a file holds, if it is one.
    public static Optional<SealedData> read(byte[] bytes) {
        SealedData sealed = new SealedData(bytes);
        try {
            SealedRing.kekId(sealed);
            return Optional.of(sealed);
        } catch (Refusal _) {
            return Optional.empty();
        }
    }
}
