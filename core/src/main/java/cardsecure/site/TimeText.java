package cardsecure.site;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times as settings have them: `90s`, `5m`, `24h`.
final class TimeText {
    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,4})([smh])");

    private TimeText() {}

    /// The time of a text, if it is one.
    static Optional<Duration> parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(matcher.group(1));
        return Optional.of(
                switch (matcher.group(2).charAt(0)) {
                    case 's' -> Duration.ofSeconds(count);
                    case 'm' -> Duration.ofMinutes(count);
                    default -> Duration.ofHours(count);
                });
    }

    /// The shortest text of a time in full seconds, up to `hours`.
    static String of(Duration time, boolean hours) {
        if (time.toSecondsPart() != 0) {
            return time.toSeconds() + "s";
        }
        return hours && time.toMinutesPart() == 0 ? time.toHours() + "h" : time.toMinutes() + "m";
    }
}
