package cardsecure.server;

import cardsecure.store.Peers;
import cardsecure.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/// What time it is by this machine, and by the store's clock, if the store has one of its own. What has a
/// deadline is removed for all servers of a store, so no single wrong clock may say that it is past.
///
/// @param own this machine's
/// @param shared the store's, or this machine's again
/// @param difference how far this machine's is ahead of the store's; negative where it is behind
record Clocks(Instant own, Instant shared, Duration difference) {
    /// More than machines that are kept right differ, and less than anything here lives.
    static final Duration DIFFERENCE_MAX = Duration.ofSeconds(10);

    /// Asks both. How long the store takes to answer is no difference.
    static Clocks read(Peers peers, InstantSource clock) throws StoreException {
        Instant before = clock.instant();
        Optional<Instant> shared = peers.clock();
        Instant after = clock.instant();
        return shared.map(theirs -> new Clocks(after, theirs, difference(before, after, theirs)))
                .orElseGet(() -> new Clocks(after, after, Duration.ZERO));
    }

    private static Duration difference(Instant before, Instant after, Instant theirs) {
        if (theirs.isBefore(before)) {
            return Duration.between(theirs, before);
        }
        return theirs.isAfter(after) ? Duration.between(theirs, after) : Duration.ZERO;
    }

    /// Whether they differ by so much that one of them is wrong.
    boolean differ() {
        return difference.abs().compareTo(DIFFERENCE_MAX) > 0;
    }

    /// A moment that is past by both: what ends at it, or before, has ended.
    Instant earlier() {
        return own.isBefore(shared) ? own : shared;
    }

    /// What is wrong, for people.
    Optional<String> warning() {
        return differ()
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "this machine's clock is %d s %s the database's: this server removes nothing that is past its"
                                + " deadline until they agree to %d s; set them by NTP",
                        difference.abs().toSeconds(),
                        difference.isNegative() ? "behind" : "ahead of",
                        DIFFERENCE_MAX.toSeconds()))
                : Optional.empty();
    }
}
