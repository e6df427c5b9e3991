package cardsecure.limit;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How often something may be done, and how often at once: `100/s`, `6/m:10`.
///
/// @param count how many a `per`, 1 to 1,000,000
/// @param burst how many at once after a quiet time, 1 to 1,000,000
public record Rate(int count, Per per, int burst) {
    private static final int MAX = 1_000_000;
    private static final Pattern FORM = Pattern.compile("([0-9]{1,7})/([a-z])(?::([0-9]{1,7}))?");

    /// What a rate counts by.
    public enum Per {
        SECOND('s', TimeUnit.SECONDS.toNanos(1)),
        MINUTE('m', TimeUnit.MINUTES.toNanos(1));

        private final char letter;
        private final long nanos;

        Per(char letter, long nanos) {
            this.letter = letter;
            this.nanos = nanos;
        }
    }

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for a count or a burst that cannot be
    public Rate {
        if (count < 1 || count > MAX || burst < 1 || burst > MAX) {
            throw new IllegalArgumentException("a rate's count and burst are 1 to " + MAX);
        }
    }

    /// The rate of a text; the burst is the count if none is given.
    ///
    /// @throws IllegalArgumentException for a text that is none
    public static Rate parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw notARate();
        }
        char letter = matcher.group(2).charAt(0);
        Per per = Arrays.stream(Per.values())
                .filter(each -> each.letter == letter)
                .findFirst()
                .orElseThrow(Rate::notARate);
        int count = Integer.parseInt(matcher.group(1));
        String burst = matcher.group(3);
        return new Rate(count, per, burst == null ? count : Integer.parseInt(burst));
    }

    private static IllegalArgumentException notARate() {
        return new IllegalArgumentException("a rate is COUNT/s or COUNT/m, or with a burst COUNT/s:BURST");
    }

    /// The time that one takes.
    long nanosEach() {
        return per.nanos / count;
    }

    /// How far ahead of the clock a bucket may be filled and still take one more.
    long slackNanos() {
        return nanosEach() * (burst - 1L);
    }

    /// As [#parse] reads it.
    @Override
    public String toString() {
        String plain = count + "/" + per.letter;
        return burst == count ? plain : plain + ":" + burst;
    }
}
