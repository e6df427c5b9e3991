package cardsecure.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One workload's line in the table, gathered over the rounds.
final class Row {
    private final String label;
    private final Optional<Row> other;
    private final Tally tally = new Tally();
    private final List<Double> rates = new ArrayList<>();
    private Optional<Row> echo = Optional.empty();
    private long nanos;

    /// Takes its parts.
    ///
    /// @param other the same workload elsewhere
    Row(String label, Optional<Row> other) {
        this.label = label;
        this.other = other;
    }

    /// Has it compared, round by round, with the echo.
    void compareWith(Row newEcho) {
        echo = Optional.of(newEcho);
    }

    void add(Tally round, long roundNanos) {
        tally.add(round);
        nanos += roundNanos;
        rates.add(rate(round, roundNanos));
    }

    Tally tally() {
        return tally;
    }

    String label() {
        return label;
    }

    /// The line above the rows.
    ///
    /// @param width of the labels
    static String head(int width) {
        return String.format(
                Locale.ROOT,
                "%s %12s %11s %8s %8s %8s %8s %7s  %s",
                padded("action", width),
                "requests",
                "requests/s",
                "p50 ms",
                "p99 ms",
                "p99.9 ms",
                "max ms",
                "errors",
                "of hi: median (least-most)");
    }

    /// The line.
    ///
    /// @param width of the labels
    String line(int width) {
        return String.format(
                Locale.ROOT,
                "%s %,12d %,11.0f %8.2f %8.2f %8.2f %8.2f %,7d  %s",
                padded(label, width),
                tally.good(),
                rate(tally, nanos),
                tally.millis(50),
                tally.millis(99),
                tally.millis(99.9),
                tally.millisMax(),
                tally.bad(),
                ratio(echo));
    }

    /// How it compares, round by round, with the same workload elsewhere, if it does.
    Optional<String> compared(int width) {
        return other.map(same -> padded(label, width) + " " + ratio(other) + " of " + same.label);
    }

    /// What went wrong, a line for each sort.
    List<String> errors(int width) {
        return tally.errors().entrySet().stream()
                .map(error -> String.format(
                        Locale.ROOT, "%s %,12d  %s", padded(label, width), error.getValue(), error.getKey()))
                .toList();
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static double rate(Tally tally, long nanos) {
        return nanos == 0 ? 0 : tally.good() * 1e9 / nanos;
    }

    private String ratio(Optional<Row> to) {
        List<Double> sorted = to.stream().flatMap(this::ratios).sorted().toList();
        if (sorted.isEmpty()) {
            return "-";
        }
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return String.format(Locale.ROOT, "%.2f (%.2f-%.2f)", median, sorted.getFirst(), sorted.getLast());
    }

    private Stream<Double> ratios(Row to) {
        return IntStream.range(0, Math.min(rates.size(), to.rates.size()))
                .filter(round -> to.rates.get(round) > 0)
                .mapToObj(round -> rates.get(round) / to.rates.get(round));
    }
}
