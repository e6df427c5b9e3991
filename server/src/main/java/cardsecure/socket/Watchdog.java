package cardsecure.socket;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// Looks at all connections of a front from time to time and cuts those that are late. One look at 10,000 of them costs
/// less than an alarm set and taken back for each request.
final class Watchdog implements AutoCloseable {
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final LongAdder cutOff = new LongAdder();
    private final Duration look;
    private final Thread thread;
    private volatile boolean closed;

    Watchdog(Duration look) {
        this.look = look;
        this.thread = Thread.ofPlatform().name("socket-watchdog").daemon(true).start(this::run);
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(look.toNanos());
            long now = System.nanoTime();
            watches.forEach(watch -> {
                if (watch.cutIfLate(now)) {
                    cutOff.increment();
                }
            });
        }
    }

    void add(Watch watch) {
        watches.add(watch);
    }

    void remove(Watch watch) {
        watches.remove(watch);
    }

    /// Cuts all that wait for their peers' next request.
    void cutReading() {
        watches.forEach(Watch::cutIfReading);
    }

    /// Cuts all.
    void cutAll() {
        watches.forEach(Watch::cut);
    }

    /// How many were cut for being late.
    long cutOff() {
        return cutOff.sum();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
