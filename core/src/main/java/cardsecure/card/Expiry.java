package cardsecure.card;

import java.time.YearMonth;
import java.util.Optional;

/// The last month in which a card is valid. Cardholder data beside a PAN, so it is not printed.
///
/// @param year four digits
/// @param month 1 to 12
public record Expiry(int year, int month) {
    private static final int CENTURY = 2000;
    private static final int MONTHS = 12;
    private static final int YEARS_AHEAD_MAX = 20;
    /// What cards have that never expire (by custom of the schemes).
    private static final Expiry NEVER = new Expiry(2049, MONTHS);

    /// Checks the month.
    ///
    /// @throws IllegalArgumentException for one that is none, or a year of another century
    public Expiry {
        if (month < 1 || month > MONTHS || year < CENTURY || year > CENTURY + 99) {
            throw new IllegalArgumentException("no month of this century");
        }
    }

    /// The expiry that stands in `text` as `YYMM` from `at` on (ISO/IEC 7813); nothing, if these are not four
    /// digits or no month.
    public static Optional<Expiry> ofYymm(byte[] text, int at) {
        if (at < 0 || at + 4 > text.length) {
            return Optional.empty();
        }
        for (int i = at; i < at + 4; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return Optional.empty();
            }
        }
        int month = two(text, at + 2);
        return month < 1 || month > MONTHS ? Optional.empty() : Optional.of(new Expiry(CENTURY + two(text, at), month));
    }

    private static int two(byte[] text, int at) {
        return (text[at] - '0') * 10 + text[at + 1] - '0';
    }

    /// Whether a card that is used `now` may have it: it may have expired long ago, but no card is issued for
    /// more than 20 years, unless it says that it never expires (`4912`).
    public boolean isPlausible(YearMonth now) {
        return equals(NEVER) || !YearMonth.of(year, month).isAfter(now.plusYears(YEARS_AHEAD_MAX));
    }

    /// `YYMM`, as on a track.
    public String yymm() {
        return twoDigits(year % 100) + twoDigits(month);
    }

    /// `MMYY`, as in an authorization.
    public String mmyy() {
        return twoDigits(month) + twoDigits(year % 100);
    }

    private static String twoDigits(int number) {
        return number < 10 ? "0" + number : String.valueOf(number);
    }

    @Override
    public String toString() {
        return "Expiry[****]";
    }
}
