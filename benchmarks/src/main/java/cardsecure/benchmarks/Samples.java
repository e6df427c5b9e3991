package cardsecure.benchmarks;

import cardsecure.card.Luhn;
import cardsecure.card.Pan;
import cardsecure.secret.SecretBytes;
import java.util.Arrays;

/// Data to work on: card numbers that nobody owns.
final class Samples {
    private static final int PAN_LENGTH = 16;
    private static final byte[] BIN = {'4', '0', '0', '0', '0', '0'};

    private Samples() {}

    /// The digits of one of 10^9 cards.
    static byte[] digits(long number) {
        byte[] digits = Arrays.copyOf(BIN, PAN_LENGTH);
        long rest = number;
        for (int i = PAN_LENGTH - 2; i >= BIN.length; i--) {
            digits[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        digits[PAN_LENGTH - 1] = Luhn.checkDigit(digits, PAN_LENGTH - 1);
        return digits;
    }

    static Pan pan(long number) {
        return Pan.parse(SecretBytes.owning(digits(number)));
    }
}
