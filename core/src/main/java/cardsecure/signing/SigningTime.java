package cardsecure.signing;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The time of a signed request: GMT, `yyyy-MM-dd'T' HH:mm:ss'Z'`, with a blank after the T or without.
public final class SigningTime {
    private static final Pattern FORM =
            Pattern.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})T ?([0-9]{2}):([0-9]{2}):([0-9]{2})Z");
    private static final DateTimeFormatter WRITTEN = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T' HH:mm:ss'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private SigningTime() {}

    /// The time of a text, if it is one. No day has a second 60.
    public static Optional<Instant> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDateTime.of(
                            number(matcher, 1),
                            number(matcher, 2),
                            number(matcher, 3),
                            number(matcher, 4),
                            number(matcher, 5),
                            number(matcher, 6))
                    .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    /// A time as the vendor's guide writes it, with the blank.
    public static String format(Instant time) {
        return WRITTEN.format(time);
    }
}
