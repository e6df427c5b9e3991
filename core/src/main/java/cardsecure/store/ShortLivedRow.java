package cardsecure.store;

import java.time.Instant;

/// What is kept beside a token for a short time, and for one use. At most one stands at a place.
///
/// @param deadline in full seconds, from 1970 on; from then on it counts as gone, whether it is yet or not
/// @param data sealed, at most [#DATA_LENGTH_MAX] bytes
public record ShortLivedRow(TokenPlace place, Instant deadline, SealedData data) {
    /// How many bytes of sealed data it has at most: 4 KiB, and what sealing adds.
    public static final int DATA_LENGTH_MAX = (4 << 10) + 64;

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for a deadline that is not in full seconds, or too many data
    public ShortLivedRow {
        if (deadline.getNano() != 0 || deadline.getEpochSecond() < 0) {
            throw new IllegalArgumentException("a deadline is in full seconds, from 1970 on");
        }
        if (data.bytes().length > DATA_LENGTH_MAX) {
            throw new IllegalArgumentException("short-lived data have at most " + DATA_LENGTH_MAX + " bytes");
        }
    }

    /// Whether its deadline is past: the moment of the deadline itself is.
    public boolean isPast(Instant now) {
        return !now.isBefore(deadline);
    }
}
