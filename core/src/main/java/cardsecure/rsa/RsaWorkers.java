package cardsecure.rsa;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The threads that decrypt, and no others do: a decryption takes as long as many requests of other kinds, and a
/// flood of them must leave those their processors. What waits is bounded, too. Safe for threads.
public final class RsaWorkers implements AutoCloseable {
    /// So many wait for each thread: some 60 ms with keys of 2048 bits.
    private static final int WAITING_MAX = 64;

    private final ThreadPoolExecutor threads;

    /// Takes its parts.
    ///
    /// @param threadCount which decrypt at once
    /// @param waitingMax decryptions that wait for them
    public RsaWorkers(int threadCount, int waitingMax) {
        this.threads = new ThreadPoolExecutor(
                threadCount,
                threadCount,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(waitingMax),
                Thread.ofPlatform().name("rsa-", 0).daemon().factory());
    }

    /// As many threads as half the processors, and at least one.
    public static RsaWorkers usual() {
        int threadCount = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return new RsaWorkers(threadCount, threadCount * WAITING_MAX);
    }

    /// What a task comes to, done by one of the threads while the caller waits; nothing, if too many wait already.
    public <T> Optional<T> run(Supplier<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            threads.execute(() -> complete(result, task));
        } catch (RejectedExecutionException _) {
            return Optional.empty();
        }
        try {
            return Optional.of(result.join());
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static <T> void complete(CompletableFuture<T> result, Supplier<T> task) {
        try {
            result.complete(task.get());
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    /// Finishes what waits, and takes no more.
    @Override
    public void close() {
        threads.close();
    }
}
