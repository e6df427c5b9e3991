package cardsecure.swipe;

import cardsecure.card.Luhn;
import java.util.Arrays;

/// Finds card data that nobody encrypted.
final class ClearTracks {
    private static final int PAN_MIN = 12;
    private static final int PAN_MAX = 19;
    /// Digits of a track 3 before its PAN (ISO 4909).
    private static final int FORMAT_CODE = 2;

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

    /// Whether a track 3 has a card number: digits without others around them, or with the format code before
    /// them.
    static boolean isPanInTrack3(byte[] track) {
        int at = 0;
        while (at < track.length) {
            int end = at + digits(track, at);
            boolean first = at <= 1 && end - at > FORMAT_CODE;
            if (end > at && (isCard(track, at, end) || (first && isCard(track, at + FORMAT_CODE, end)))) {
                return true;
            }
            at = end + 1;
        }
        return false;
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
