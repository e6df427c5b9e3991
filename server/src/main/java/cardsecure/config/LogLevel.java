package cardsecure.config;

/// The weight of a log line, the heaviest first.
public enum LogLevel {
    /// The server could not do its work.
    ERROR,
    /// Somebody should look: refused requests among it.
    WARN,
    /// What happens in the ordinary course.
    INFO,
    /// For finding faults.
    DEBUG
}
