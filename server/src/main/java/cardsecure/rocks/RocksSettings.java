package cardsecure.rocks;

/// What an operator may choose about a [RocksTokenStore].
///
/// @param blockCacheBytes memory for blocks, indexes and filters that were read
/// @param writeBufferBytes how much gathers in memory before it becomes a file; also about as much is read again by a
///         start after a crash
/// @param diskReserveBytes new rows are refused when less disk is left, so that purges still find room; 0 for none
public record RocksSettings(long blockCacheBytes, long writeBufferBytes, long diskReserveBytes) {
    private static final long MIB = 1 << 20;

    /// What a start after a crash may write besides the buffers: manifest, options, log.
    private static final long RESTART_BYTES = 8 * MIB;

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for sizes that RocksDB would not keep to
    public RocksSettings {
        if (blockCacheBytes < MIB || writeBufferBytes < MIB || diskReserveBytes < 0) {
            throw new IllegalArgumentException("cache and write buffer have at least 1 MiB, the reserve at least none");
        }
    }

    /// For a server that shares its machine.
    public static RocksSettings defaults() {
        return new RocksSettings(128 * MIB, 16 * MIB, 128 * MIB);
    }

    /// How large the file is that is given up when the disk is full: a start must find room for what it reads again.
    long ballastBytes() {
        return Math.min(diskReserveBytes, writeBufferBytes + RESTART_BYTES);
    }
}
