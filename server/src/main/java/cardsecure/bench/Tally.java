package cardsecure.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// What became of one workload's requests. For one thread at a time.
final class Tally {
    private static final long LATENCY_MIN = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long LATENCY_MAX = TimeUnit.MINUTES.toNanos(5);

    private final Histogram latencies = new Histogram(LATENCY_MIN, LATENCY_MAX, 3);
    private final Map<String, Long> errors = new TreeMap<>();

    void answered(long nanos) {
        latencies.recordValue(Math.min(nanos, LATENCY_MAX));
    }

    void failed(String error) {
        errors.merge(error, 1L, Long::sum);
    }

    void add(Tally other) {
        latencies.add(other.latencies);
        addErrors(other);
    }

    /// Adds what went wrong and nothing else: of a time that is not measured.
    void addErrors(Tally other) {
        other.errors.forEach((error, count) -> errors.merge(error, count, Long::sum));
    }

    /// Requests that got the reply they must get.
    long good() {
        return latencies.getTotalCount();
    }

    /// All others.
    long bad() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    /// How often each error came.
    Map<String, Long> errors() {
        return errors;
    }

    /// The latency that so many percent of the good requests stay under.
    double millis(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e6;
    }

    /// The worst latency of a good request.
    double millisMax() {
        return good() == 0 ? 0 : latencies.getMaxValue() / 1e6;
    }
}
