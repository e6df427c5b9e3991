package cardsecure.bench;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Tells each second how fast it goes: on a terminal in one line that is written over, else a line each time.
final class Progress {
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(1);
    private static final int WIDTH = 78;

    private final PrintWriter out;
    private final boolean rewriting;
    private String label = "";
    private long told;
    private long toldCount;
    private boolean open;

    /// Takes its parts.
    ///
    /// @param rewriting whether `out` is a terminal
    Progress(PrintWriter out, boolean rewriting) {
        this.out = out;
        this.rewriting = rewriting;
    }

    void begin(String newLabel) {
        label = newLabel;
        told = System.nanoTime();
        toldCount = 0;
    }

    /// How long until it is time to tell.
    long nanosToNext() {
        return Math.max(1, told + PERIOD - System.nanoTime());
    }

    /// Tells.
    ///
    /// @param count requests that have ended in this phase so far
    void tell(long count) {
        long now = System.nanoTime();
        double rate = (count - toldCount) * 1e9 / (now - told);
        told = now;
        toldCount = count;
        String line = String.format(Locale.ROOT, "%-28s %,12d %,10.0f/s", label, count, rate);
        if (rewriting) {
            out.print("\r" + line + " ".repeat(Math.max(0, WIDTH - line.length())));
            open = true;
        } else {
            out.println(line);
        }
        out.flush();
    }

    /// Leaves the line that was written over, so that something else can be printed.
    void end() {
        if (open) {
            out.print("\r" + " ".repeat(WIDTH) + "\r");
            out.flush();
            open = false;
        }
    }
}
