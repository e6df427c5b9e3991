package cardsecure.crypto;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps instances that are dear to make and not safe for threads. Made for virtual threads, where a thread-local would
/// make one a request: there are never more than threads that compute at once.
public final class Pool<T> {
    private final ConcurrentLinkedQueue<T> idle = new ConcurrentLinkedQueue<>();
    private final Supplier<T> maker;

    /// An empty pool.
    ///
    /// @param maker makes an instance where none is idle
    public Pool(Supplier<T> maker) {
        this.maker = maker;
    }

    /// An instance for the caller alone.
    public T take() {
        @Nullable T one = idle.poll();
        return one == null ? maker.get() : one;
    }

    /// Takes an instance back. One that failed is better dropped.
    public void give(T one) {
        idle.add(one);
    }
}
