package cardsecure.swipe;

import cardsecure.card.Pan;
import cardsecure.secret.SecretBytes;

/// The digits of a card that a reader shows beside the ciphertext. DUKPT authenticates nothing, so that they
/// agree with what was decrypted is worth a check. Whoever sends a swipe on can change them, though, and would
/// learn each digit that is compared: so no more are than receipts show, and a mask with more is refused before
/// anything is decrypted. The expiry in a mask is not looked at.
///
/// @param digits as long as the PAN; a hidden digit is some other character
/// @param zeros whether a hidden digit is a zero, but one, which makes the whole pass Luhn's check
record PanMask(SecretBytes digits, boolean zeros) {
    /// Digits at either end of a PAN that every reader's mask may show.
    private static final int SHOWN = 4;
    /// Digits at the beginning that PCI DSS (4.0, 3.4.1) lets anybody see.
    private static final int SHOWN_FIRST = 6;

    /// The mask in a masked track; of the one with the number 1 or 2.
    static PanMask ofTrack(SecretBytes track, int number, boolean zeros) {
        byte[] text = track.reveal();
        char separator = number == 1 ? '^' : '=';
        int from = number == 1 ? 2 : 1;
        int end = indexOf(text, separator, from);
        Unreadable.require(from < end, SwipeStep.MASK, "a masked track has no PAN");
        return new PanMask(SecretBytes.copyOf(text, from, end - from), zeros);
    }

    private static int indexOf(byte[] text, char wanted, int from) {
        for (int i = from; i < text.length; i++) {
            if (text[i] == wanted) {
                return i;
            }
        }
        return text.length;
    }

    /// The mask in the value of a tag that names the card. In 57, 5A and 9F6B it is digits of four bits, those
    /// hidden being `C`; in 56 a masked track 1 without its start sentinel.
    static PanMask ofTag(String tag, SecretBytes value) {
        if (!tag.equals("56")) {
            return ofNibbles(value);
        }
        SecretBytes track = SecretBytes.owning(Tlv.joined(new byte[] {'%'}, value.reveal()));
        try {
            return ofTrack(track, 1, false);
        } finally {
            track.destroy();
        }
    }

    private static PanMask ofNibbles(SecretBytes value) {
        Nibbles nibbles = new Nibbles(value.reveal());
        int end = 0;
        while (end < nibbles.length() && nibbles.at(end) != 0xD && nibbles.at(end) != 0xF) {
            end++;
        }
        return new PanMask(SecretBytes.owning(nibbles.text(0, end)), false);
    }

    /// The mask in a tag that has a track 2 of either form.
    static PanMask ofEither(SecretBytes value) {
        boolean text = value.length() > 0 && value.reveal()[0] == ';';
        return text ? ofTrack(value, 2, false) : ofNibbles(value);
    }

    /// Makes sure that it shows the first six and the last four digits at most. Known before a key is: the refusal
    /// says nothing of the card.
    void requireHidden() {
        byte[] shown = digits.reveal();
        int tooMany = 0;
        for (int i = SHOWN_FIRST; i < shown.length - SHOWN; i++) {
            tooMany += isDigit(shown[i]) && !(zeros && shown[i] == '0') ? 1 : 0;
        }
        Unreadable.require(
                tooMany <= (zeros ? 1 : 0),
                SwipeStep.UNENCRYPTED,
                "the masked PAN shows more than its first six and last four digits");
    }

    /// Makes sure that a card agrees with it. Of a mask of zeros only the ends are compared.
    void requireAgrees(Pan pan) {
        byte[] shown = digits.reveal();
        byte[] actual = pan.normalised().reveal();
        Unreadable.require(shown.length == actual.length, SwipeStep.MASK, "the masked PAN has another length");
        for (int i = 0; i < shown.length; i++) {
            boolean atEnds = i < SHOWN || i >= shown.length - SHOWN;
            boolean counts = isDigit(shown[i]) && (atEnds || !zeros);
            Unreadable.require(!counts || shown[i] == actual[i], SwipeStep.MASK, "the masked PAN has other digits");
        }
    }

    /// Whether it shows four digits at either end, which a card that a wrong key makes up does not have.
    boolean showsEnds() {
        byte[] shown = digits.reveal();
        boolean ends = shown.length > 2 * SHOWN;
        for (int i = 0; ends && i < SHOWN; i++) {
            ends = isDigit(shown[i]) && isDigit(shown[shown.length - 1 - i]);
        }
        return ends;
    }

    private static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    /// Overwrites its copy of the digits: a reader that is set wrong shows all of them.
    void destroy() {
        digits.destroy();
    }
}
