package cardsecure.crypto;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps instances that are dear to make and not safe for threads. Made for virtual threads, where a thread-local would
/// make one a request: there are never more than threads that compute at once.
final class Pool<T> {
    private final ConcurrentLinkedQueue<T> idle = new ConcurrentLinkedQueue<>();
    private final Supplier<T> maker;

    Pool(Supplier<T> maker) {
        this.maker = maker;
    }

    T take() {
        @Nullable T one = idle.poll();
        return one == null ? maker.get() : one;
    }

    /// Takes an instance back. One that failed is better dropped.
    void give(T one) {
        idle.add(one);
    }
}
