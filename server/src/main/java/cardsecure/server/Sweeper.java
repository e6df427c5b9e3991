package cardsecure.server;

import cardsecure.crypto.ShortLivedKeys;
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

/// Removes what has a deadline, when it is past: short-lived data with their keys, and marks of signed requests
/// and wallets' payloads that are too old to be taken again. Of several nodes one does it; should that one end
/// without a word, another goes on before a minute is over. One whose clock is not the store's removes nothing.
/// Safe for threads.
final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

    /// Short-lived data are gone from the store within a minute of their deadline, also when the lease has to run out
    /// first.
    private static final Duration PAUSE = Duration.ofSeconds(15);

    /// For requests that wait between the check of their time and the store, and for nodes whose clocks differ.
    private static final Duration GRACE = Duration.ofMinutes(1);

    private static final String LEASE_NAME = "sweeper";

    /// Longer than a pause, so that the same node goes on as long as it lives.
    private static final Duration LEASE = PAUSE.multipliedBy(2);

    private static final Duration TOLD_EVERY = Duration.ofMinutes(10);

    private final TokenStore store;
    private final ShortLivedKeys keys;
    private final Supplier<List<Duration>> windows;
    private final InstantSource clock;
    private final ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sweeper").daemon().factory());
    private long toldAt = System.nanoTime() - TOLD_EVERY.toNanos();

    /// Takes its parts.
    ///
    /// @param keys of the short-lived data in `store`
    /// @param windows how long after the time of its mark what came once could be taken again, were it not marked
    Sweeper(TokenStore store, ShortLivedKeys keys, Supplier<List<Duration>> windows, InstantSource clock) {
        this.store = store;
        this.keys = keys;
        this.windows = windows;
        this.clock = clock;
    }

    /// Sweeps at once, for what became due while no server ran, and every now and then until it is closed.
    Sweeper start() {
        var _ = schedule.scheduleWithFixedDelay(this::sweep, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    /// Sweeps once. What fails keeps nothing else from being removed, and is tried again the next time.
    void sweep() {
        keys.forgetPast(clock.instant());
        settleQuietly();
        // The keys after the rows: as long as there is a row it should open. Without the rows, too: what makes data
        // worthless is that their key is gone.
        removeQuietly("short-lived data", store::destroyShortLived);
        removeQuietly("keys of short-lived data", keys::destroyPast);
        removeQuietly("old signed requests", this::forgetMarks);
    }

    /// By each node, whichever has the lease: no other one knows that changes of this one are over.
    private void settleQuietly() {
        try {
            keys.settleRemains();
        } catch (StoreException | RuntimeException e) {
            LOG.atWarn().setCause(e).log("what is left of former keys could not be noted; it is tried again");
        }
    }

    private interface Removal {
        void remove(Instant now) throws StoreException;
    }

    /// The lease is asked for before each step, as one may take longer than it lasts. Two nodes that sweep at
    /// once do no harm: each step can be done twice.
    private void removeQuietly(String what, Removal removal) {
        try {
            Clocks clocks = Clocks.read(store.peers(), clock);
            if (clocks.differ()) {
                warnOfClocks(clocks);
                store.peers().release(LEASE_NAME);
            } else if (store.peers().lease(LEASE_NAME, LEASE)) {
                removal.remove(clocks.earlier());
            }
        } catch (StoreException | RuntimeException e) {
            // Thrown on, it would end the schedule.
            LOG.atWarn().setCause(e).addKeyValue("what", what).log("could not be removed; it is tried again");
        }
    }

    /// By the machine's own clock nothing would be said any more where that is put back.
    private void warnOfClocks(Clocks clocks) {
        long nanos = System.nanoTime();
        if (nanos - toldAt >= TOLD_EVERY.toNanos()) {
            toldAt = nanos;
            LOG.atWarn().log("CLOCKS DIFFER: {}", clocks.warning().orElse(""));
        }
    }

    private void forgetMarks(Instant now) throws StoreException {
        Duration longest = windows.get().stream().max(Comparator.naturalOrder()).orElse(Duration.ZERO);
        store.forgetMarks(now.minus(longest).minus(GRACE));
    }

    @Override
    public void close() {
        schedule.close();
    }
}
