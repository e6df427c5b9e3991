package cardsecure.card;

/// The check digit of ISO/IEC 7812-1, annex B ("Luhn formula"), over ASCII digits.
public final class Luhn {
    private Luhn() {}

    /// Whether the last of `digits` is the check digit of those before it.
    public static boolean isValid(byte[] digits) {
        return digits.length > 0 && sum(digits, digits.length, false) % 10 == 0;
    }

    /// The check digit, `'0'` to `'9'`, of the first `length` of `digits`.
    public static byte checkDigit(byte[] digits, int length) {
        return (byte) ('0' + (10 - sum(digits, length, true) % 10) % 10);
    }

    /// The digit that makes `digits` valid as a whole when it is put at `place`; what stands there counts for nothing.
    public static byte completing(byte[] digits, int place) {
        boolean doubled = (digits.length - 1 - place) % 2 == 1;
        int rest = sum(digits, digits.length, false) - weighed(digits[place] - '0', doubled);
        int wanted = Math.floorMod(-rest, 10);
        for (int digit = 0; digit < 10; digit++) {
            if (weighed(digit, doubled) % 10 == wanted) {
                return (byte) ('0' + digit);
            }
        }
        throw new AssertionError("doubling permutes the digits, so one always fits");
    }

    private static int sum(byte[] digits, int length, boolean doubleLast) {
        int sum = 0;
        boolean doubled = doubleLast;
        for (int i = length - 1; i >= 0; i--) {
            sum += weighed(digits[i] - '0', doubled);
            doubled = !doubled;
        }
        return sum;
    }

    private static int weighed(int digit, boolean doubled) {
        if (!doubled) {
            return digit;
        }
        return digit > 4 ? 2 * digit - 9 : 2 * digit;
    }
}
