package cardsecure.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// One workload's line in the table, gathered over the rounds.
final class Row {
    static final String HEAD = String.format(
            Locale.ROOT,
            "%-8s %12s %11s %8s %8s %8s %8s %7s  %s",
            "action",
            "requests",
            "requests/s",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "max ms",
            "errors",
            "of hi: median (least-most)");

    private final String label;
    private final Tally tally = new Tally();
    private final List<Double> ratios = new ArrayList<>();
    private long nanos;

    Row(String label) {
        this.label = label;
    }

    void add(Tally round, long roundNanos) {
        tally.add(round);
        nanos += roundNanos;
    }

    /// How its rate compared with that of the echo in one round.
    void addRatio(double ratio) {
        ratios.add(ratio);
    }

    Tally tally() {
        return tally;
    }

    String label() {
        return label;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-8s %,12d %,11.0f %8.2f %8.2f %8.2f %8.2f %,7d  %s",
                label,
                tally.good(),
                nanos == 0 ? 0 : tally.good() * 1e9 / nanos,
                tally.millis(50),
                tally.millis(99),
                tally.millis(99.9),
                tally.millisMax(),
                tally.bad(),
                ratio());
    }

    private String ratio() {
        if (ratios.isEmpty()) {
            return "-";
        }
        List<Double> sorted = ratios.stream().sorted().toList();
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return String.format(Locale.ROOT, "%.2f (%.2f-%.2f)", median, Collections.min(sorted), Collections.max(sorted));
    }
}
