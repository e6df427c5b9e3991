package cardsecure.bench;

import java.time.Duration;
import java.util.List;

/// A stretch of the run in which the load stays the same.
///
/// @param label for the progress line
/// @param shares what is asked, by weight
/// @param length when it ends, if its traffic does not end before
record Phase(String label, List<Share> shares, Duration length) {
    /// Longer than any fill takes.
    static final Duration UNTIL_EXHAUSTED = Duration.ofDays(7);

    /// One workload's part in it.
    ///
    /// @param weight positive
    record Share(Traffic traffic, int weight) {}

    /// Keeps a copy.
    Phase {
        shares = List.copyOf(shares);
    }

    /// A phase of one workload alone.
    static Phase alone(String label, Traffic traffic, Duration length) {
        return new Phase(label, List.of(new Share(traffic, 1)), length);
    }
}
