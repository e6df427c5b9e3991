package cardsecure.wallets;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A small file, read again when it changed. One that cannot be read any more leaves what was read of it in
/// force. For one thread, but for [#value].
///
/// @param <T> what it holds; immutable
final class WatchedFile<T> {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);
    private static final int LENGTH_MAX = 1 << 20;

    private final Path file;
    private final Parser<T> parser;
    private volatile T value;
    private Optional<Stamp> read;

    /// What a file holds.
    ///
    /// @param <T> likewise
    interface Parser<T> {
        /// Reads it.
        ///
        /// @throws Refusal for a file that is none of its kind
        T parse(byte[] content);
    }

    private record Stamp(FileTime modified, long size, Optional<Object> key) {}

    /// Reads the file.
    ///
    /// @throws Refusal `0044` with the file and what is wrong with it
    WatchedFile(Path file, Parser<T> parser) {
        this.file = file;
        this.parser = parser;
        // Before it is read: what changes meanwhile is read again.
        this.read = stamp();
        this.value = parsed();
    }

    T value() {
        return value;
    }

    Path file() {
        return file;
    }

    /// Reads the file again if it changed.
    ///
    /// @return whether something else is in force now
    boolean look() {
        Optional<Stamp> now = stamp();
        if (now.equals(read)) {
            return false;
        }
        read = now;
        try {
            value = parsed();
            LOG.atInfo().addKeyValue("file", file).log("a file of roots for wallets was read again");
            return true;
        } catch (Refusal e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", e.reason())
                    .log("a changed file of roots for wallets cannot be used; what it held before stays in force");
            return false;
        }
    }

    private T parsed() {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(LENGTH_MAX + 1);
            if (content.length > LENGTH_MAX) {
                throw refusal("is too long", Optional.empty());
            }
            return parser.parse(content);
        } catch (NoSuchFileException e) {
            throw refusal("is missing", Optional.of(e));
        } catch (IOException e) {
            throw refusal("cannot be read", Optional.of(e));
        } catch (Refusal e) {
            throw refusal("cannot be used: " + e.reason(), Optional.of(e));
        }
    }

    private Refusal refusal(String problem, Optional<Exception> cause) {
        String reason = "file " + file + " " + problem;
        return cause.map(e -> new Refusal(ErrorCode.CONFIG_ITEM_BAD, reason, e))
                .orElseGet(() -> new Refusal(ErrorCode.CONFIG_ITEM_BAD, reason));
    }

    private Optional<Stamp> stamp() {
        try {
            BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Stamp(seen.lastModifiedTime(), seen.size(), Optional.ofNullable(seen.fileKey())));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
