package cardsecure.config;

/// The embedded store, which lives in the data directory.
///
/// @param blockCacheBytes memory for what it read
/// @param diskReserveBytes when less than this is free, it takes no new rows, so that purges and the log still can be
/// written
public record StoreConfig(long blockCacheBytes, long diskReserveBytes) {
    private static final long MIB = 1 << 20;

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
                .enforce();
    }

    /// The usual sizes.
    public static StoreConfig defaults() {
        return new StoreConfig(256 * MIB, 64 * MIB);
    }
}
