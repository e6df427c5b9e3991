package cardsecure.config;

import java.time.Duration;

/// The limit on everything that a caller can ask for.
///
/// @param requestTargetMax bytes of a request's path and query
/// @param headersMax bytes of all its headers
/// @param bodyMax bytes of its body
/// @param frameMax the largest length that a frame of the raw socket may say
/// @param connectionsMax open at a time, each listener that has no limit of its own
/// @param requestsInFlightMax worked on at a time, all fronts
/// @param writeQueueMax changes that wait for the store
/// @param writeBatchMax changes that the store makes durable at once
/// @param idleTimeout after which a silent connection is closed, of each listener that has no time of its own
/// @param stopTimeout for requests to finish when the server stops
public record LimitsConfig(
        int requestTargetMax,
        int headersMax,
        int bodyMax,
        int frameMax,
        int connectionsMax,
        int requestsInFlightMax,
        int writeQueueMax,
        int writeBatchMax,
        Duration idleTimeout,
        Duration stopTimeout) {
    static final int COUNT_MAX = 1_000_000;
    static final Duration IDLE_MAX = Duration.ofHours(24);
    private static final int SIZE_MIN = 1024;
    private static final int SIZE_MAX = 1 << 20;
    private static final int FRAME_MIN = 256;
    private static final int FRAME_MAX = 9_999;

    /// Checks the parts.
    ///
    /// @throws InvalidConfigException for limits that cannot be, or not together
    public LimitsConfig {
        Rules rules = new Rules()
                .inRange("request-target-max", requestTargetMax, SIZE_MIN, SIZE_MAX)
                .inRange("headers-max", headersMax, SIZE_MIN, SIZE_MAX)
                .inRange("body-max", bodyMax, SIZE_MIN, 16 * SIZE_MAX)
                .inRange("frame-max", frameMax, FRAME_MIN, FRAME_MAX)
                .inRange("connections-max", connectionsMax, 1, COUNT_MAX)
                .inRange("requests-in-flight-max", requestsInFlightMax, 1, COUNT_MAX)
                .inRange("write-queue-max", writeQueueMax, 1, COUNT_MAX)
                .inRange("write-batch-max", writeBatchMax, 1, COUNT_MAX);
        within(rules, "idle-timeout", idleTimeout, IDLE_MAX);
        within(rules, "stop-timeout", stopTimeout, Duration.ofMinutes(10));
        rules.holds(writeBatchMax <= writeQueueMax, "write-batch-max", "is at most write-queue-max")
                .enforce();
    }

    static void within(Rules rules, String key, Duration value, Duration max) {
        boolean holds = value.compareTo(Duration.ofMillis(1)) >= 0 && value.compareTo(max) <= 0;
        rules.holds(holds, key, "is from 1ms to " + max.toMinutes() + "m");
    }

    /// The usual limits.
    public static LimitsConfig defaults() {
        return new LimitsConfig(
                16 * 1024,
                16 * 1024,
                64 * 1024,
                FRAME_MAX,
                10_000,
                2048,
                4096,
                512,
                Duration.ofMinutes(5),
                Duration.ofSeconds(10));
    }
}
