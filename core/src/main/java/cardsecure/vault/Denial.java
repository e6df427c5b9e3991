package cardsecure.vault;

import java.time.Duration;

/// A caller is turned away before its request is looked at. No error of the protocol: each transport has a way of its
/// own to say so.
final class Denial extends RuntimeException {

    /// What the caller could do about it.
    sealed interface Kind {
        /// Show credentials, or better ones.
        record Credentials() implements Kind {}

        /// Come again later.
        record TooMany(Duration retryAfter) implements Kind {}

        /// Come again: the server is busy with others.
        record Overload() implements Kind {}

        /// As HTTP numbers it, and the log.
        default String status() {
            return switch (this) {
                case Credentials _ -> "401";
                case TooMany _ -> "429";
                case Overload _ -> "503";
            };
        }
    }

    private final transient Kind kind;

    /// @param reason for the log, without the caller's text
    Denial(Kind kind, String reason) {
        super(reason, null, false, false);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
