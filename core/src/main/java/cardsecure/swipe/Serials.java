package cardsecure.swipe;

import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Serial numbers of readers as they stand in swipes: text that zeros or blanks fill up.
final class Serials {
    private static final int LENGTH_MAX = 32;

    private Serials() {}

    /// The serial number; nothing, if there are no printable characters. It goes into lists and logs, so
    /// nothing else is let through.
    static Optional<String> of(SecretBytes field) {
        String text = new String(field.reveal(), StandardCharsets.ISO_8859_1)
                .replace('\0', ' ')
                .strip();
        boolean printable = text.chars().allMatch(character -> character > ' ' && character < 0x7F);
        return text.isEmpty() || text.length() > LENGTH_MAX || !printable || couldBePan(text)
                ? Optional.empty()
                : Optional.of(text);
    }

    /// Serial numbers are printed; what could be a card number in their place is not.
    private static boolean couldBePan(String text) {
        return ClearTracks.isPan(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
