package cardsecure.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads the values of a configuration file. No message holds the value: it might be a secret in the wrong place.
final class Values {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})(B|KiB|MiB|GiB)?");
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,18}");
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    private Values() {}

    static long size(String text) {
        Matcher parts = SIZE.matcher(text);
        require(parts.matches(), "a size is a number of bytes, or one with KiB, MiB or GiB, such as 64MiB");
        long number = Long.parseLong(parts.group(1));
        String unit = parts.group(2) == null ? "B" : parts.group(2);
        return number
                * switch (unit) {
                    case "KiB" -> 1L << 10;
                    case "MiB" -> 1L << 20;
                    case "GiB" -> 1L << 30;
                    default -> 1L;
                };
    }

    /// A size that has its limit elsewhere; what is too much for an int becomes the most that one can be.
    static int smallSize(String text) {
        return (int) Math.min(size(text), Integer.MAX_VALUE);
    }

    static int number(String text) {
        require(NUMBER.matcher(text).matches(), "a whole number is expected");
        return Integer.parseInt(text);
    }

    static long count(String text) {
        require(COUNT.matcher(text).matches(), "a whole number is expected");
        return Long.parseLong(text);
    }

    static Optional<Duration> durationOrOff(String text) {
        return text.equals("off") ? Optional.empty() : Optional.of(duration(text));
    }

    static Duration duration(String text) {
        Matcher parts = DURATION.matcher(text);
        require(parts.matches(), "a time is a number with ms, s, m or h, such as 10s");
        long number = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    static Path path(String text) {
        try {
            require(!text.isBlank(), "a path is expected");
            return Path.of(text);
        } catch (InvalidPathException _) {
            throw new IllegalArgumentException("this cannot be a path");
        }
    }

    static <E extends Enum<E>> E oneOf(Class<E> kind, String text) {
        return Arrays.stream(kind.getEnumConstants())
                .filter(constant -> label(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the value is one of "
                        + Arrays.stream(kind.getEnumConstants())
                                .map(Values::label)
                                .collect(Collectors.joining(", "))));
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
