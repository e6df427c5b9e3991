package cardsecure.signing;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
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
        String bare = text.length() == FORM.length() + 1 && text.charAt(BLANK_AT) == ' '
                ? text.substring(0, BLANK_AT) + text.substring(BLANK_AT + 1)
                : text;
        if (!hasForm(bare)) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDateTime.of(
                            number(bare, 0, 4),
                            number(bare, 5, 7),
                            number(bare, 8, 10),
                            number(bare, 11, 13),
                            number(bare, 14, 16),
                            number(bare, 17, 19))
                    .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static boolean hasForm(String text) {
        if (text.length() != FORM.length()) {
            return false;
        }
        for (int i = 0; i < FORM.length(); i++) {
            char wanted = FORM.charAt(i);
            char c = text.charAt(i);
            if (wanted == '0' ? c < '0' || c > '9' : c != wanted) {
                return false;
            }
        }
        return true;
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }

    /// A time as the vendor's guide writes it, with the blank.
    public static String format(Instant time) {
        return WRITTEN.format(time);
    }
}
