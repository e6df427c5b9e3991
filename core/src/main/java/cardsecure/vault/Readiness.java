package cardsecure.vault;

import cardsecure.store.GroupCommit;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Whether requests can be answered now, for a load balancer: whether the store can be read, and whether
/// this process has the keys that new data need. The store is asked once a second at most, however many ask. Safe for
/// threads.
final class Readiness {
    private static final Duration KNOWN = Duration.ofSeconds(1);

    /// There need be none of this name.
    private static final String ASKED = "readiness";

    private record Look(Instant at, boolean ready) {}

    private final TokenStore store;
    private final GroupCommit commits;
    private final InstantSource clock;
    private volatile Optional<Look> last = Optional.empty();

    Readiness(TokenStore store, GroupCommit commits, InstantSource clock) {
        this.store = store;
        this.commits = commits;
        this.clock = clock;
    }

    boolean ready() {
        Instant now = clock.instant();
        Optional<Look> known = last.filter(
                look -> !now.isBefore(look.at()) && now.isBefore(look.at().plus(KNOWN)));
        return known.isPresent() ? known.get().ready() : look();
    }

    private synchronized boolean look() {
        boolean ready = !commits.isLeftBehind();
        try {
            var _ = store.setting(ASKED);
        } catch (StoreException | RuntimeException e) {
            ready = false;
        }
        last = Optional.of(new Look(clock.instant(), ready));
        return ready;
    }
}
