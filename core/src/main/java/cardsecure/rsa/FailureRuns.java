package cardsecure.rsa;

import cardsecure.site.SiteId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Decryptions that failed one after the other, site by site: somebody encrypts for the wrong key, or tries
/// ciphertexts. Safe for threads.
public final class FailureRuns {
    /// So many in a row are told of, and then each time that they are twice as many.
    static final long FIRST_TOLD = 10;

    /// A run that the operator should know of.
    ///
    /// @param count how many have failed so far
    /// @param since the first of them
    public record Run(long count, Instant since) {}

    private final Map<SiteId, Run> runs = new ConcurrentHashMap<>();
    private final LongAdder failures = new LongAdder();
    private final InstantSource clock;

    /// Takes its parts.
    public FailureRuns(InstantSource clock) {
        this.clock = clock;
    }

    /// Counts a failure.
    ///
    /// @return the run, if it is time to tell of it
    public Optional<Run> failed(SiteId site) {
        failures.increment();
        Run run =
                runs.merge(site, new Run(1, clock.instant()), (known, _) -> new Run(known.count() + 1, known.since()));
        return isToldAt(run.count()) ? Optional.of(run) : Optional.empty();
    }

    private static boolean isToldAt(long count) {
        return count >= FIRST_TOLD && count % FIRST_TOLD == 0 && Long.bitCount(count / FIRST_TOLD) == 1;
    }

    /// Ends the site's run.
    public void succeeded(SiteId site) {
        runs.remove(site);
    }

    /// All failures since the start.
    public long failures() {
        return failures.sum();
    }
}
