package cardsecure.server;

import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the store forget signed requests that are too old to be taken again. Safe for threads.
final class MarkSweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MarkSweeper.class);
    private static final Duration PAUSE = Duration.ofSeconds(15);

    /// For requests that wait between the check of their time and the store, and for nodes whose clocks differ.
    private static final Duration GRACE = Duration.ofMinutes(1);

    private static final String LEASE_NAME = "mark-sweeper";

    /// Longer than a pause, so that the same node goes on as long as it lives.
    private static final Duration LEASE = PAUSE.multipliedBy(2);

    private final TokenStore store;
    private final Supplier<List<Duration>> windows;
    private final InstantSource clock;
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("mark-sweeper").daemon().factory());

    /// Takes its parts.
    ///
    /// @param windows those of all sites
    MarkSweeper(TokenStore store, Supplier<List<Duration>> windows, InstantSource clock) {
        this.store = store;
        this.windows = windows;
        this.clock = clock;
    }

    /// Sweeps every now and then, until it is closed.
    MarkSweeper start() {
        var _ = schedule.scheduleWithFixedDelay(
                this::sweepQuietly, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    private void sweepQuietly() {
        try {
            sweep();
        } catch (StoreException | RuntimeException e) {
            // Thrown on, it would end the schedule.
            LOG.warn("old signed requests could not be forgotten; it is tried again", e);
        }
    }

    /// Sweeps once.
    void sweep() throws StoreException {
        Duration longest = windows.get().stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
        Instant now = clock.instant();
        if (!store.peers().lease(LEASE_NAME, LEASE)) {
            return;
        }
        store.forgetMarks(now.minus(longest).minus(GRACE));
    }

    @Override
    public void close() {
        schedule.close();
    }
}
