package cardsecure.postgres;

import java.time.Duration;

/// How the store uses its database.
///
/// @param poolSize connections for look-ups; a few more are there for what is written, and one to hear of changes
/// @param timeout full seconds, at least one: after so long a database that does not answer has failed
public record PostgresSettings(int poolSize, Duration timeout) {
    /// The usual ones: 10 connections, 2 seconds.
    public static PostgresSettings defaults() {
        return new PostgresSettings(10, Duration.ofSeconds(2));
    }

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for settings that cannot be
    public PostgresSettings {
        if (poolSize < 1 || timeout.toSeconds() < 1) {
            throw new IllegalArgumentException("a pool has a connection at least, and a timeout is a second at least");
        }
    }
}
