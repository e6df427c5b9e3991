package cardsecure.config;

/// How the log's lines look.
public enum LogFormat {
    /// For people.
    TEXT,
    /// One JSON object a line, for programs.
    JSON
}
