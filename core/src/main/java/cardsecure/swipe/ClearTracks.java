package cardsecure.swipe;

import cardsecure.card.Luhn;
import java.util.Arrays;

/// Finds card data that nobody encrypted.
final class ClearTracks {
    private static final int PAN_MIN = 12;
    private static final int PAN_MAX = 19;
    /// Digits of a track 3 before its PAN (ISO 4909).
    private static final int FORMAT_CODE = 2;
    /// Digits that anybody may see (PCI DSS 4.0, 3.4.1).
    private static final int SHOWN_FIRST = 6;

    private static final int SHOWN_LAST = 4;
    /// Digits of a number whose middle is long enough to tell zeros that hide from zeros by chance.
    private static final int MASK_MIN = 14;

    private ClearTracks() {}

    /// Whether a text is a card number.
    static boolean isPan(byte[] text) {
        return isPan(text, 0, text.length);
    }

    private static boolean isPan(byte[] text, int from, int to) {
        if (to - from < PAN_MIN || to - from > PAN_MAX || from + digits(text, from) < to) {
            return false;
        }
        byte[] digits = Arrays.copyOfRange(text, from, to);
        boolean valid = Luhn.isValid(digits);
        Arrays.fill(digits, (byte) 0);
        return valid;
    }

    /// Whether a card number begins a text, or is in it somewhere: 12 digits or more that pass Luhn's check and
    /// begin as cards' do. A number that is none has one with a likelihood of a tenth, and that for each place.
    static boolean isPanIn(byte[] text) {
        for (int from = 0; from + PAN_MIN <= text.length; from++) {
            if (isPanFrom(text, from)) {
                return true;
            }
        }
        return false;
    }

    /// Whether some of the digits from `from` on are a card number.
    static boolean isPanFrom(byte[] text, int from) {
        int end = Math.min(from + digits(text, from), from + PAN_MAX);
        for (int to = from + PAN_MIN; to <= end; to++) {
            if (isIssued(text[from]) && isPan(text, from, to)) {
                return true;
            }
        }
        return false;
    }

    /// Whether a value that is not encrypted has a track with a card number: one that a separator follows, as
    /// text anywhere, or in digits of four bits as the whole value. A mask of zeros is none: such can pass
    /// Luhn's check, and so can what is left of one without its first digits.
    static boolean hasTrack(byte[] value) {
        int at = 0;
        while (at < value.length) {
            int end = at + digits(value, at);
            boolean separated = end < value.length && (value[end] == '=' || value[end] == '^' || value[end] == 'D');
            if (separated && (isShownCard(value, at, end) || isShownCardInTrack3(value, at, end))) {
                return true;
            }
            at = end + 1;
        }
        Nibbles nibbles = new Nibbles(value);
        int end = nibbles.digitsFrom(0);
        boolean separated = end < nibbles.length() && nibbles.at(end) == 0xD;
        if (!separated || !isTagValue(value)) {
            return false;
        }
        byte[] pan = nibbles.text(0, end);
        boolean card = isIssued(pan[0]) && !isMask(pan, 0, pan.length);
        Arrays.fill(pan, (byte) 0);
        return card;
    }

    /// Whether zeros stand between the first six and the last four digits, but for one at most, as MagTek's
    /// readers mask. Of the cards that there are, hardly one has as many.
    private static boolean isMask(byte[] digits, int from, int to) {
        int shown = 0;
        for (int i = from + SHOWN_FIRST; i < to - SHOWN_LAST; i++) {
            shown += digits[i] == '0' ? 0 : 1;
        }
        return shown <= 1 && to - from >= MASK_MIN;
    }

    /// As [#isPanInTrack3], of a track that may be masked with zeros.
    static boolean isPanInMaskedTrack3(byte[] track) {
        return isPanInTrack3(track, true);
    }

    /// Whether a track 3 has a card number: digits without others around them, or with the format code before
    /// them.
    static boolean isPanInTrack3(byte[] track) {
        return isPanInTrack3(track, false);
    }

    private static boolean isPanInTrack3(byte[] track, boolean masked) {
        int at = 0;
        while (at < track.length) {
            int end = at + digits(track, at);
            boolean first = at <= 1 && end - at > FORMAT_CODE;
            int from = first && !isCard(track, at, end) ? at + FORMAT_CODE : at;
            boolean hidden = masked && (isMaskedCard(track, at, end) || isMask(track, from, end));
            if (end > at && isCard(track, from, end) && !hidden) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }

    private static boolean isShownCard(byte[] text, int from, int to) {
        return from < to && isCard(text, from, to) && !isMask(text, from, to);
    }

    /// Track 3 has a format code before the number (ISO/IEC 4909). What is a mask as a whole has none.
    private static boolean isShownCardInTrack3(byte[] text, int from, int to) {
        return !isMaskedCard(text, from, to) && isShownCard(text, from + FORMAT_CODE, to);
    }

    /// Whether digits are a mask of zeros as a whole. With a format code a number of 12 or 13 digits can look so, too;
    /// but those in use begin with 0, or with 9 where issuers choose them (ISO/IEC 4909 reserves 03 to 89).
    private static boolean isMaskedCard(byte[] text, int from, int to) {
        return isIssued(text[from]) && isMask(text, from, to);
    }

    private static boolean isCard(byte[] text, int from, int to) {
        return isIssued(text[from]) && isPan(text, from, to);
    }

    /// No industry has 0, and 9 is for what states number themselves (ISO/IEC 7812-1).
    private static boolean isIssued(byte first) {
        return first >= '1' && first <= '8';
    }

    /// Whether bytes are a card number, have a track of one somewhere, or are what chips have for track 2.
    static boolean areIn(byte[] bytes) {
        if (isPan(bytes)) {
            return true;
        }
        for (int i = 0; i + PAN_MIN < bytes.length; i++) {
            if (isTrackAt(bytes, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTrackAt(byte[] bytes, int at) {
        int panAt = at + (bytes[at] == '%' ? 2 : 1);
        char separator = bytes[at] == '%' ? '^' : '=';
        if (bytes[at] != '%' && bytes[at] != ';') {
            return false;
        }
        int end = panAt + digits(bytes, panAt);
        return end < bytes.length && bytes[end] == separator && isPan(bytes, panAt, end);
    }

    /// Whether the whole value of a tag 57, 5A or 9F6B is a card in clear: digits of four bits, perhaps `D`, a year
    /// and a month, digits; then the end, or `F` and nothing but `F` and padding. Of ciphertexts one in 17,000 is
    /// such, if it has 8 bytes; one in 1E9 of 16; fewer of longer ones.
    static boolean isTagValue(byte[] value) {
        Nibbles nibbles = new Nibbles(value);
        int panEnd = nibbles.digitsFrom(0);
        int end = panEnd;
        if (end < nibbles.length() && nibbles.at(end) == 0xD) {
            end = nibbles.digitsFrom(panEnd + 1);
            if (end < panEnd + 5 || !isMonth(nibbles.at(panEnd + 3), nibbles.at(panEnd + 4))) {
                return false;
            }
        }
        for (int i = end; i < nibbles.length(); i++) {
            if (nibbles.at(i) != 0xF && (i == end || nibbles.at(i) != 0)) {
                return false;
            }
        }
        byte[] digits = nibbles.text(0, panEnd);
        boolean pan = isPan(digits);
        Arrays.fill(digits, (byte) 0);
        return pan;
    }

    private static boolean isMonth(int tens, int ones) {
        int month = 10 * tens + ones;
        return month >= 1 && month <= 12;
    }

    private static int digits(byte[] bytes, int from) {
        int end = from;
        while (end < bytes.length && bytes[end] >= '0' && bytes[end] <= '9') {
            end++;
        }
        return Math.max(0, end - from);
    }
}
