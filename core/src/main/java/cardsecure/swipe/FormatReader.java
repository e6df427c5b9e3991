package cardsecure.swipe;

import java.util.Optional;

/// Reads swipes of a maker.
@FunctionalInterface
interface FormatReader {
    /// The swipe; nothing, if the bytes look like none of this maker's.
    ///
    /// @throws Unreadable if they do, and something is wrong with them
    Optional<EncryptedSwipe> read(byte[] bytes);
}
