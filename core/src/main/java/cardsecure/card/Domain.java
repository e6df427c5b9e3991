package cardsecure.card;

import java.util.Arrays;
import java.util.Optional;

/// What kind of data a token stands for. A token of one domain is unknown in another.
public enum Domain {
    /// A payment card or a bank account for payment.
    CARD('C'),
    /// An account number.
    ACCOUNT('A'),
    /// Personal data.
    PERSONAL('P'),
    /// A social security number.
    SOCIAL_SECURITY('S');

    private final char letter;

    Domain(char letter) {
        this.letter = letter;
    }

    /// The letter that its actions begin with; also the byte that stands for the domain in rows and fingerprints.
    public char letter() {
        return letter;
    }

    /// The domain of a letter, if it is one's.
    public static Optional<Domain> of(char letter) {
        return Arrays.stream(values()).filter(domain -> domain.letter == letter).findFirst();
    }
}
