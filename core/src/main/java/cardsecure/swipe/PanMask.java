package cardsecure.swipe;

import cardsecure.card.Expiry;
import cardsecure.card.Pan;
import cardsecure.secret.SecretBytes;
import java.util.Arrays;
import java.util.Optional;

/// The digits of a card that a reader shows beside the ciphertext. DUKPT authenticates nothing, so that they
/// agree with what was decrypted is worth a check.
///
/// @param digits as long as the PAN; a hidden digit is some other character
/// @param expiry where it is shown
/// @param zeros whether a hidden digit is a zero, or whatever makes the whole pass Luhn's check
record PanMask(SecretBytes digits, Optional<Expiry> expiry, boolean zeros) {
    private static final int SHOWN = 4;

    /// The mask in a masked track; of the one with the number 1 or 2.
    static PanMask ofTrack(SecretBytes track, int number, boolean zeros) {
        byte[] text = track.reveal();
        char separator = number == 1 ? '^' : '=';
        int from = number == 1 ? 2 : 1;
        int end = indexOf(text, separator, from);
        Unreadable.require(from < end, SwipeStep.MASK, "a masked track has no PAN");
        int expiryAt = number == 1 ? indexOf(text, separator, end + 1) + 1 : end + 1;
        return new PanMask(SecretBytes.copyOf(text, from, end - from), Expiry.ofYymm(text, expiryAt), zeros);
    }

    private static int indexOf(byte[] text, char wanted, int from) {
        for (int i = from; i < text.length; i++) {
            if (text[i] == wanted) {
                return i;
            }
        }
        return text.length;
    }

    /// The mask in the value of tag 57, 5A or 9F6B: digits of four bits, those hidden being `C`.
    static PanMask ofTag(SecretBytes value) {
        Nibbles nibbles = new Nibbles(value.reveal());
        int end = 0;
        while (end < nibbles.length() && nibbles.at(end) != 0xD && nibbles.at(end) != 0xF) {
            end++;
        }
        byte[] text = nibbles.text(0, nibbles.length());
        Optional<Expiry> expiry = Expiry.ofYymm(text, end + 1);
        SecretBytes digits = SecretBytes.copyOf(text, 0, end);
        Arrays.fill(text, (byte) 0);
        return new PanMask(digits, expiry, false);
    }

    /// The mask in a tag that is either.
    static PanMask ofEither(SecretBytes value) {
        boolean text = value.length() > 0 && value.reveal()[0] == ';';
        return text ? ofTrack(value, 2, false) : ofTag(value);
    }

    /// Makes sure that a card agrees with it, and that it hides something of the card.
    void requireAgrees(Pan pan, Optional<Expiry> cardExpiry) {
        byte[] shown = digits.reveal();
        byte[] actual = pan.normalised().reveal();
        Unreadable.require(shown.length == actual.length, SwipeStep.MASK, "the masked PAN has another length");
        int hidden = 0;
        for (int i = 0; i < shown.length; i++) {
            boolean atEnds = i < SHOWN || i >= shown.length - SHOWN;
            boolean digit = shown[i] >= '0' && shown[i] <= '9';
            boolean same = shown[i] == actual[i];
            // A zero may stand for a zero.
            hidden += !same || (zeros && !atEnds && shown[i] == '0') ? 1 : 0;
            Unreadable.require(same || !digit || (zeros && !atEnds), SwipeStep.MASK, "the masked PAN has other digits");
        }
        Unreadable.require(hidden > 0, SwipeStep.UNENCRYPTED, "the masked PAN hides nothing");
        // A reader that hides the expiry with digits hides it with zeros, which are no month.
        boolean sameExpiry = expiry.isEmpty() || cardExpiry.isEmpty() || expiry.equals(cardExpiry);
        Unreadable.require(sameExpiry, SwipeStep.MASK, "the masked track has another expiry");
    }
}
