package cardsecure.config;

/// The weight of a log line, the heaviest first.
public enum LogLevel {
    /// The server could not do its work.
    ERROR,
    /// Somebody should look.
    WARN,
    /// What happens in the ordinary course, refusals among it.
    INFO,
    /// For finding faults.
    DEBUG
}
