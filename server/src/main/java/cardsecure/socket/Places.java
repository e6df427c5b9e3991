package cardsecure.socket;

import cardsecure.config.ListenerConfig.WhenFull;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// The places of a listener, one a connection.
final class Places {
    private final int max;
    private final WhenFull whenFull;
    private final Semaphore free;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder waited = new LongAdder();
    private final LongAdder refused = new LongAdder();

    Places(int max, WhenFull whenFull) {
        this.max = max;
        this.whenFull = whenFull;
        this.free = new Semaphore(max);
    }

    /// Whether all are taken just now.
    boolean isFull() {
        return free.availablePermits() == 0;
    }

    /// Takes a place; waits for one, if that is what becomes of a connection too many.
    ///
    /// @return whether there is one
    boolean take() throws InterruptedException {
        if (!free.tryAcquire()) {
            switch (whenFull) {
                case REFUSE -> {
                    refused.increment();
                    return false;
                }
                case WAIT -> {
                    waited.increment();
                    free.acquire();
                }
            }
        }
        accepted.increment();
        return true;
    }

    /// Gives a place back.
    void leave() {
        free.release();
    }

    /// Waits until all have left.
    ///
    /// @return whether they have
    boolean awaitAllFree(Duration timeout) throws InterruptedException {
        boolean all = free.tryAcquire(max, timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (all) {
            free.release(max);
        }
        return all;
    }

    long accepted() {
        return accepted.sum();
    }

    long waited() {
        return waited.sum();
    }

    long refused() {
        return refused.sum();
    }
}
