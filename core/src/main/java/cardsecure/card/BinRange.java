package cardsecure.card;

import java.nio.charset.StandardCharsets;

/// A range of BINs, ends included, each of 6 to 12 digits and both of one length: `600649` or `600649-600651`.
public record BinRange(String first, String last) {
    private static final int LENGTH_MIN = 6;
    private static final int LENGTH_MAX = 12;

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException if the ends are no range; the message says why
    public BinRange {
        requireBin(first);
        requireBin(last);
        if (first.length() != last.length()) {
            throw new IllegalArgumentException("both ends of a BIN range have the same number of digits");
        }
        if (first.compareTo(last) > 0) {
            throw new IllegalArgumentException("the first BIN of a range is not above the last");
        }
        if (last.charAt(0) == '9') {
            throw new IllegalArgumentException("a BIN does not start with 9, a token does");
        }
    }

    /// Reads `BIN` or `BIN-BIN`.
    ///
    /// @throws IllegalArgumentException if it is neither
    public static BinRange parse(String text) {
        int hyphen = text.indexOf('-');
        return hyphen < 0
                ? new BinRange(text, text)
                : new BinRange(text.substring(0, hyphen), text.substring(hyphen + 1));
    }

    /// Whether the card's number begins with a BIN of this range.
    public boolean contains(Pan pan) {
        byte[] digits = pan.normalised().reveal();
        String bin = new String(digits, 0, first.length(), StandardCharsets.US_ASCII);
        return first.compareTo(bin) <= 0 && bin.compareTo(last) <= 0;
    }

    private static void requireBin(String bin) {
        boolean digits = bin.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || bin.length() < LENGTH_MIN || bin.length() > LENGTH_MAX) {
            throw new IllegalArgumentException("a BIN has " + LENGTH_MIN + " to " + LENGTH_MAX + " digits");
        }
    }

    @Override
    public String toString() {
        return first.equals(last) ? first : first + "-" + last;
    }
}
