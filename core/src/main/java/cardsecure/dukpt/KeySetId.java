package cardsecure.dukpt;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Which devices share a base key: how their KSNs begin. Vendors give out prefixes of different lengths, so an operator
/// says how long; where several fit, the longest counts.
///
/// @param digits 6 to 16 hexadecimal digits, upper case
public record KeySetId(String digits) {
    /// The fewest digits: an issuer's number of three bytes.
    public static final int DIGITS_MIN = 6;
    /// The most digits: all of a device's own.
    public static final int DIGITS_MAX = 16;

    private static final int AES_DIGITS_MIN = 8;
    private static final int TDES_DIGITS = 2 * Ksn.TDES_LENGTH;

    /// Takes digits of either case.
    ///
    /// @throws Refusal `0044` for what is none
    public KeySetId {
        boolean hex = digits.chars().allMatch(each -> Character.digit(each, 16) >= 0 && each < 0x80);
        if (digits.length() < DIGITS_MIN || digits.length() > DIGITS_MAX || !hex) {
            throw refused("a key set is named by 6 to 16 hexadecimal digits, with which the readers' KSNs begin;"
                    + " `cardsecure bdk add --help` has examples");
        }
        digits = digits.toUpperCase(Locale.ROOT);
    }

    /// Of those that are for a key set, the one with the longest that `ksn` begins with. The counter does not matter,
    /// of which 16 digits of TDES have the first bits.
    ///
    /// @param keySet what each is for
    public static <T> Optional<T> longest(Collection<T> all, Function<T, KeySetId> keySet, Ksn ksn) {
        String device = ksn.device();
        return all.stream()
                .filter(each -> device.startsWith(keySet.apply(each).digits()))
                .max(Comparator.comparingInt(each -> keySet.apply(each).digits().length()));
    }

    /// Makes sure that KSNs of a scheme can begin so.
    ///
    /// @throws Refusal `0044` if none can
    public void requireFor(Scheme scheme) {
        switch (scheme) {
            case TDES -> requireWithoutCounter();
            case AES -> {
                if (digits.length() < AES_DIGITS_MIN) {
                    throw refused(
                            "a key set of AES has at least 8 digits, the base key's id (X9.24-3:2017, 6.1); add those"
                                    + " that follow in the readers' KSNs");
                }
            }
        }
    }

    private void requireWithoutCounter() {
        int counterDigits = TDES_DIGITS - digits.length();
        long value = Long.parseUnsignedLong(digits, 16);
        // What the digits have of the counter's 21 bits.
        long counterBits = Ksn.TDES_COUNTER_MASK >> (4 * counterDigits);
        if (counterDigits * 4 < Integer.SIZE && (value & counterBits) != 0) {
            throw refused("the key set has bits of the counter (the last 21 of a KSN's 80); leave its last digit out");
        }
    }

    private static Refusal refused(String reason) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, reason);
    }

    @Override
    public String toString() {
        return digits;
    }
}
