package cardsecure.bench;

import cardsecure.card.Luhn;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/// Card numbers that nobody owns, none twice: `400000` (a BIN that processors publish for tests), nine digits,
/// the check digit. A run takes them in order from a place of its own. Safe for threads.
final class CardSequence {
    /// Digits of each number.
    static final int LENGTH = 16;

    /// So many numbers there are.
    static final long SIZE = 1_000_000_000;

    private static final byte[] BIN = {'4', '0', '0', '0', '0', '0'};

    private final long start;
    private final AtomicLong taken = new AtomicLong();

    CardSequence(long seed) {
        this.start = Math.floorMod(seed, SIZE);
    }

    /// The next card's place among all.
    long next() {
        return (start + taken.getAndIncrement()) % SIZE;
    }

    /// The digits of the card at a place, a fresh array.
    static byte[] digits(long place) {
        byte[] digits = Arrays.copyOf(BIN, LENGTH);
        long rest = place;
        for (int i = LENGTH - 2; i >= BIN.length; i--) {
            digits[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        digits[LENGTH - 1] = Luhn.checkDigit(digits, LENGTH - 1);
        return digits;
    }

    /// The BIN view that `CT` gives for each of them.
    static byte[] binView() {
        return digits(0);
    }
}
