package cardsecure.config;

import java.nio.file.Path;
import java.util.Optional;

/// The log.
///
/// @param format how its lines look
/// @param level the least weight that is written
/// @param file where to; none: standard error
public record LogConfig(LogFormat format, LogLevel level, Optional<Path> file) {
    /// The usual log: readable, on standard error.
    public static LogConfig defaults() {
        return new LogConfig(LogFormat.TEXT, LogLevel.INFO, Optional.empty());
    }
}
