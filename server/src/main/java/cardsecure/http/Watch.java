package cardsecure.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Closes connections that stay at one thing for too long. It looks at all of them again and again: a timer for each
/// read would cost every request.
final class Watch implements AutoCloseable {
    private static final Duration LOOK_MIN = Duration.ofMillis(20);
    private static final Duration LOOK_MAX = Duration.ofSeconds(1);

    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Duration idle;

    /// @param idle for which a silent connection stays open
    Watch(Duration idle) {
        this.idle = idle;
    }

    void start(String name) {
        Thread.ofPlatform().name(name).daemon().start(this::lookUntilClosed);
    }

    void add(HttpConnection connection) {
        connections.add(connection);
    }

    void remove(HttpConnection connection) {
        connections.remove(connection);
    }

    Set<HttpConnection> connections() {
        return Set.copyOf(connections);
    }

    int count() {
        return connections.size();
    }

    private void lookUntilClosed() {
        Duration eighth = idle.dividedBy(8);
        Duration every = eighth.compareTo(LOOK_MIN) < 0 ? LOOK_MIN : eighth;
        long nanos = every.compareTo(LOOK_MAX) > 0 ? LOOK_MAX.toNanos() : every.toNanos();
        try {
            while (!closed.await(nanos, TimeUnit.NANOSECONDS)) {
                long now = System.nanoTime();
                connections.stream()
                        .filter(connection -> connection.overstays(now, idle))
                        .forEach(HttpConnection::cut);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
