package cardsecure.swipe;

import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a swipe says of its reader and its key. Nothing of it is secret.
///
/// @param serialNumber the reader's, printable ASCII, if it is told
/// @param variant which of the swipe's keys it is encrypted with, if it is told
public record Source(
        SwipeFormat format, Ksn ksn, Optional<String> serialNumber, SwipeCipher cipher, Optional<KeyVariant> variant) {
    private static final int BIN = 6;

    /// The KSN's key set for a log: its digits; if there is a card number where the KSN should be, no more than
    /// the first six of them.
    public String keySetForLog() {
        String digits = ksn.keySet().digits();
        boolean card = digits.chars().allMatch(Character::isDigit)
                && ClearTracks.isPanFrom(ksn.hex().getBytes(StandardCharsets.US_ASCII), 0);
        return card ? digits.substring(0, BIN) + "*".repeat(digits.length() - BIN) : digits;
    }
}
