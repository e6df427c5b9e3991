package cardsecure.cli;

import cardsecure.stores.Progress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/// Says how far a long walk is: each second at first, each ten seconds later. For one thread.
final class ProgressLines implements Progress {
    private static final long OFTEN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SELDOM_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int OFTEN = 10;

    private final Terminal terminal;
    private Optional<Phase> phase = Optional.empty();
    private long began;
    private long doneAtBegin;
    private long saidAt;
    private int said;

    ProgressLines(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void report(Phase now, long done, OptionalLong total) {
        long time = System.nanoTime();
        if (!phase.equals(Optional.of(now))) {
            phase = Optional.of(now);
            began = time;
            doneAtBegin = done;
            saidAt = time;
            said = 0;
        }
        if (time - saidAt >= (said < OFTEN ? OFTEN_NANOS : SELDOM_NANOS)) {
            saidAt = time;
            said++;
            terminal.say(line(now, done, total, time - began));
        }
    }

    private String line(Phase now, long done, OptionalLong total, long nanos) {
        String of = total.isPresent() ? String.format(Locale.ROOT, " of about %,d", total.getAsLong()) : "";
        long speed = (done - doneAtBegin) * OFTEN_NANOS / Math.max(nanos, 1);
        String left = speed > 0 && total.isPresent()
                ? ", about "
                        + Duration.ofSeconds(Math.max(total.getAsLong() - done, 0) / speed)
                                .toString()
                                .substring(2)
                                .toLowerCase(Locale.ROOT)
                        + " left"
                : "";
        return String.format(Locale.ROOT, "%s: %,d%s, %,d a second%s", label(now), done, of, speed, left);
    }

    private static String label(Phase phase) {
        return switch (phase) {
            case CATCHING_UP -> "rows copied before, looked at again";
            case COPYING -> "rows copied";
            case COMPARING -> "rows compared";
            case VERIFYING -> "rows verified";
            case VERIFYING_INDEX -> "entries of the index verified";
        };
    }
}
