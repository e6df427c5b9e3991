package cardsecure.swipe;

import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a swipe says of its reader and its key. Nothing of it is secret, unless a reader is set wrong, or a
/// caller sends something else: then a card number may stand in place of KSN or serial number. Prints as logs
/// may have it.
///
/// @param serialNumber the reader's, printable ASCII, if it is told
/// @param variant which of the swipe's keys it is encrypted with, if it is told
public record Source(
        SwipeFormat format, Ksn ksn, Optional<String> serialNumber, SwipeCipher cipher, Optional<KeyVariant> variant) {
    private static final int BIN = 6;
    private static final int LAST = 4;

    /// The KSN's key set for a log: its digits; if there is a card number where the KSN should be, no more than
    /// the first six of them.
    public String keySetForLog() {
        String digits = ksn.keySet().digits();
        boolean card = digits.chars().allMatch(Character::isDigit)
                && ClearTracks.isPanFrom(ksn.hex().getBytes(StandardCharsets.US_ASCII), 0);
        return card ? digits.substring(0, BIN) + "*".repeat(digits.length() - BIN) : digits;
    }

    /// The serial number for a log, if it is told: as it is, or the last four characters, if a card number
    /// could be in it. Of readers whose serial numbers are digits alone that is so for many.
    public Optional<String> serialForLog() {
        return serialNumber.map(serial -> ClearTracks.isPanIn(serial.getBytes(StandardCharsets.US_ASCII))
                ? "*".repeat(serial.length() - LAST) + serial.substring(serial.length() - LAST)
                : serial);
    }

    @Override
    public String toString() {
        return "Source[" + format + ", " + keySetForLog() + ", "
                + serialForLog().orElse("no serial number") + ", " + cipher + ", " + variant + "]";
    }
}
