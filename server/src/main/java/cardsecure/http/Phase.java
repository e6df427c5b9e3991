package cardsecure.http;

import java.time.Duration;

/// What a connection is at, and so how long it may stay there without a step.
enum Phase {
    /// It says who speaks (PROXY protocol), or negotiates TLS.
    OPENING,
    /// Nothing of a next request has come.
    IDLE,
    /// A part of a request's head has come.
    HEAD,
    /// The body is being read.
    BODY,
    /// The server is at work.
    WORK,
    /// The answer is being sent.
    SEND,
    /// The last answer is sent, and what the client still sends is thrown away.
    ENDING;

    private static final Duration OPENING_MAX = Duration.ofSeconds(10);
    private static final Duration HEAD_MAX = Duration.ofSeconds(10);
    private static final Duration BODY_MAX = Duration.ofSeconds(30);
    private static final Duration SEND_MAX = Duration.ofSeconds(30);
    private static final Duration ENDING_MAX = Duration.ofSeconds(2);
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    /// How long it may last, all in all and not from byte to byte: who sends a byte a minute is slow, not busy.
    ///
    /// @param idle for which a silent connection stays open; nothing that a client does may take it longer
    Duration max(Duration idle) {
        return switch (this) {
            case OPENING -> shorter(OPENING_MAX, idle);
            case IDLE -> idle;
            case HEAD -> shorter(HEAD_MAX, idle);
            case BODY -> shorter(BODY_MAX, idle);
            case SEND -> shorter(SEND_MAX, idle);
            case ENDING -> shorter(ENDING_MAX, idle);
            case WORK -> FOREVER;
        };
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
