package cardsecure.signing;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/// The time of a signed request: GMT, `yyyy-MM-dd'T' HH:mm:ss'Z'`, with a blank after the T or without.
public final class SigningTime {
    /// Where `0` stands there is a digit.
    private static final String FORM = "0000-00-00T00:00:00Z";

    private static final int BLANK_AT = FORM.indexOf('T') + 1;
    private static final DateTimeFormatter WRITTEN = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T' HH:mm:ss'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private SigningTime() {}

    /// The time of a text, if it is one. No day has a second 60.
    public static Optional<Instant> parse(String text) {
        int blank = text.length() > FORM.length() && text.charAt(BLANK_AT) == ' ' ? 1 : 0;
        if (!hasForm(text, blank)) {
            return Optional.empty();
        }
        try {
            LocalDate day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
            LocalTime time = LocalTime.of(
                    number(text, 11 + blank, 13 + blank),
                    number(text, 14 + blank, 16 + blank),
                    number(text, 17 + blank, 19 + blank));
            return Optional.of(Instant.ofEpochSecond(day.toEpochSecond(time, ZoneOffset.UTC)));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /// @param blank how many characters to pass over in front of the hour
    private static boolean hasForm(String text, int blank) {
        if (text.length() != FORM.length() + blank) {
            return false;
        }
        for (int i = 0; i < FORM.length(); i++) {
            char wanted = FORM.charAt(i);
            char c = text.charAt(i < BLANK_AT ? i : i + blank);
            if (wanted == '0' ? c < '0' || c > '9' : c != wanted) {
                return false;
            }
        }
        return true;
    }

    /// Of digits, as [#hasForm] has seen.
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = 10 * number + text.charAt(i) - '0';
        }
        return number;
    }

    /// A time as the vendor's guide writes it, with the blank.
    public static String format(Instant time) {
        return WRITTEN.format(time);
    }
}
