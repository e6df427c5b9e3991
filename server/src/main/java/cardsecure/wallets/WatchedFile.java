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

/// A small file, read again when it changed, and until it can be used. One that cannot leaves what was read of
/// it before in force. For one thread, but for [#value] and [#complaint].
///
/// @param <T> what it holds; immutable
final class WatchedFile<T> {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedFile.class);
    private static final int LENGTH_MAX = 1 << 20;

    private final Path file;
    private final Parser<T> parser;
    private volatile Optional<T> value = Optional.empty();
    private volatile Optional<String> complaint = Optional.empty();

    /// The file that can be used, as it was.
    private Optional<Stamp> read = Optional.empty();

    /// What a file holds.
    ///
    /// @param <T> likewise
    interface Parser<T> {
        /// Reads it.
        ///
        /// @param former what was in force before
        /// @throws Refusal for a file that is none of its kind, or must not take the place of the former
        T parse(byte[] content, Optional<T> former);
    }

    private record Stamp(FileTime modified, long size, Optional<Object> key) {}

    /// Nothing is read yet.
    WatchedFile(Path file, Parser<T> parser) {
        this.file = file;
        this.parser = parser;
    }

    /// Reads the file for the first time.
    ///
    /// @throws Refusal `0044` with the file and what is wrong with it
    WatchedFile<T> required() {
        Optional<Stamp> now = stamp();
        value = Optional.of(parsed());
        read = now;
        return this;
    }

    /// What is in force; nothing as long as the file could not be used.
    Optional<T> value() {
        return value;
    }

    /// What is wrong with the file as it is now, for people.
    Optional<String> complaint() {
        return complaint;
    }

    Path file() {
        return file;
    }

    /// Reads the file again if it changed, or could not be used.
    ///
    /// @return whether something else is in force now
    boolean look() {
        // Before it is read: what changes meanwhile is read again.
        Optional<Stamp> now = stamp();
        if (now.isPresent() && now.equals(read)) {
            // It may have been away.
            complaint = Optional.empty();
            return false;
        }
        try {
            value = Optional.of(parsed());
            read = now;
            complaint = Optional.empty();
            LOG.atInfo().addKeyValue("file", file).log("a file of roots for wallets was read");
            return true;
        } catch (Refusal e) {
            if (!complaint.equals(Optional.of(e.reason()))) {
                LOG.atWarn()
                        .addKeyValue("file", file)
                        .addKeyValue("reason", e.reason())
                        .log("a file of roots for wallets cannot be used; "
                                + (value.isPresent() ? "what it held before stays in force" : "nothing is in force"));
            }
            complaint = Optional.of(e.reason());
            return false;
        }
    }

    /// Lets go of what it held, and reads the file again: what is known beside it has changed.
    void readAnew() {
        value = Optional.empty();
        read = Optional.empty();
        // It may have been said before, but not that nothing is in force.
        complaint = Optional.empty();
        var _ = look();
    }

    private T parsed() {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(LENGTH_MAX + 1);
            if (content.length > LENGTH_MAX) {
                throw refusal("is too long", Optional.empty());
            }
            return parser.parse(content, value);
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
