package cardsecure.rsa;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How a message is padded before it is encrypted. It belongs to the key: a key that took both could be used to
/// attack the one by the other.
public enum RsaPadding {
    /// RSAES-PKCS1-v1_5 (RFC 8017, 7.2), which the legacy clients have.
    PKCS1('1'),
    /// RSAES-OAEP (RFC 8017, 7.1) with SHA-256, MGF1 with SHA-256, and no label.
    OAEP_SHA256('O');

    private final char letter;

    RsaPadding(char letter) {
        this.letter = letter;
    }

    /// As commands write it.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// As the store has it.
    char letter() {
        return letter;
    }

    /// The padding of a label, if it is one's.
    public static Optional<RsaPadding> of(String label) {
        return Arrays.stream(values())
                .filter(padding -> padding.label().equals(label))
                .findFirst();
    }

    /// The padding of a letter, if it is one's.
    static Optional<RsaPadding> of(char letter) {
        return Arrays.stream(values())
                .filter(padding -> padding.letter == letter)
                .findFirst();
    }
}
