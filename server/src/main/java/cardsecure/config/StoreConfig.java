package cardsecure.config;

import java.time.Duration;

/// The store: where it is, and how this node uses it.
///
/// @param blockCacheBytes of the embedded store: memory for what it read
/// @param diskReserveBytes of the embedded store: when less than this is free, it takes no new rows, so that
///         purges and the log still can be written
/// @param poolSize of a database: connections for look-ups
/// @param timeout of a database: after so long one that does not answer has failed; full seconds
public record StoreConfig(
        StoreLocation location, long blockCacheBytes, long diskReserveBytes, int poolSize, Duration timeout) {
    private static final long MIB = 1 << 20;
    private static final int POOL_MAX = 1000;
    private static final Duration TIMEOUT_MAX = Duration.ofMinutes(1);

    /// Checks the parts.
    ///
    /// @throws InvalidConfigException for sizes that cannot be
    public StoreConfig {
        new Rules()
                .holds(
                        blockCacheBytes >= MIB && blockCacheBytes <= 1024 * 1024 * MIB,
                        "block-cache",
                        "is from 1MiB to 1024GiB")
                .holds(
                        diskReserveBytes >= MIB && diskReserveBytes <= 1024 * 1024 * MIB,
                        "disk-reserve",
                        "is from 1MiB to 1024GiB: with none, a full disk could not be emptied by purging")
                .holds(poolSize >= 1 && poolSize <= POOL_MAX, "pool-size", "is from 1 to " + POOL_MAX)
                .holds(
                        timeout.equals(Duration.ofSeconds(timeout.toSeconds()))
                                && timeout.isPositive()
                                && timeout.compareTo(TIMEOUT_MAX) <= 0,
                        "timeout",
                        "is from 1s to 1m, in full seconds")
                .enforce();
    }

    /// The usual store, in the data directory.
    public static StoreConfig defaults() {
        return new StoreConfig(StoreLocation.usual(), 256 * MIB, 64 * MIB, 10, Duration.ofSeconds(2));
    }

    /// The same for a store elsewhere.
    public StoreConfig withLocation(StoreLocation newLocation) {
        return new StoreConfig(newLocation, blockCacheBytes, diskReserveBytes, poolSize, timeout);
    }
}
