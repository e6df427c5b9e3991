package cardsecure.swipe;

import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Serial numbers of readers as they stand in swipes: text that zeros or blanks fill up.
final class Serials {
    /// MagTek's have 16 characters, ID TECH's 10, those in a tag 9F1E 8.
    private static final int LENGTH_MAX = 16;

    private Serials() {}

    /// The serial number; nothing, if there are no printable characters. It is compared with lists as it is;
    /// what of it may be logged says [Source#serialForLog].
    static Optional<String> of(SecretBytes field) {
        String text = new String(field.reveal(), StandardCharsets.ISO_8859_1)
                .replace('\0', ' ')
                .strip();
        boolean printable = text.chars().allMatch(character -> character > ' ' && character < 0x7F);
        return text.isEmpty() || text.length() > LENGTH_MAX || !printable ? Optional.empty() : Optional.of(text);
    }
}
