package cardsecure.swipe;

import cardsecure.card.Luhn;
import java.util.Arrays;

/// Finds card data that nobody encrypted.
final class ClearTracks {
    private static final int PAN_MIN = 12;
    private static final int PAN_MAX = 19;

    private ClearTracks() {}

    /// Whether a text is a card number.
    static boolean isPan(byte[] text) {
        return text.length >= PAN_MIN && text.length <= PAN_MAX && digits(text, 0) == text.length && Luhn.isValid(text);
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
        return end < bytes.length && bytes[end] == separator && isPan(Arrays.copyOfRange(bytes, panAt, end));
    }

    /// Whether a value of tag 57, 5A or 9F6B is a card number in clear: digits of four bits, and after them the
    /// end, `D`, or `F` to the end.
    static boolean isTagValue(byte[] value) {
        Nibbles nibbles = new Nibbles(value);
        int end = nibbles.digitsFrom(0);
        boolean ends = end == nibbles.length() || nibbles.at(end) == 0xD || nibbles.at(end) == 0xF;
        return ends && isPan(nibbles.text(0, end));
    }

    private static int digits(byte[] bytes, int from) {
        int end = from;
        while (end < bytes.length && bytes[end] >= '0' && bytes[end] <= '9') {
            end++;
        }
        return Math.max(0, end - from);
    }
}
