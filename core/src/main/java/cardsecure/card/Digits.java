package cardsecure.card;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.nio.charset.StandardCharsets;

/// The rules that all numbers share, in the order in which the first broken one answers.
final class Digits {
    private Digits() {}

    static void requireDecimal(byte[] text, String what) {
        for (byte character : text) {
            if (character < '0' || character > '9') {
                throw new Refusal(ErrorCode.NOT_DECIMAL_DIGITS, what + " has characters other than decimal digits");
            }
        }
    }

    static void requireAtLeast(int lengthMin, int length, String what) {
        if (length < lengthMin) {
            throw new Refusal(ErrorCode.DATA_TOO_SHORT, what + " has at least " + lengthMin + " digits, not " + length);
        }
    }

    static void requireAtMost(int lengthMax, int length, String what) {
        if (length > lengthMax) {
            throw new Refusal(ErrorCode.DATA_TOO_LONG, what + " has at most " + lengthMax + " digits, not " + length);
        }
    }

    static String ascii(byte[] digits, int from, int to) {
        return new String(digits, from, to - from, StandardCharsets.US_ASCII);
    }

    /// The first two and the last four; a number has at least four digits, so in a short one they overlap.
    static VisibleDigits.Ends ends(byte[] first, byte[] last) {
        return new VisibleDigits.Ends(ascii(first, 0, 2), ascii(last, last.length - 4, last.length));
    }
}
