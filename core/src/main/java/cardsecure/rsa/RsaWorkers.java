package cardsecure.rsa;

import cardsecure.site.SiteId;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The threads that decrypt, and no others do: a decryption takes as long as many requests of other kinds, and a
/// flood of them must leave those their processors. What waits is bounded, too, in all and of each site, so that a
/// flood of one site's leaves the others room. Safe for threads.
public final class RsaWorkers implements AutoCloseable {
    /// So many of one site wait for each thread: some 60 ms with keys of 2048 bits.
    private static final int WAITING_OF_SITE_MAX = 64;

    /// So many wait for each thread: as many again of other sites.
    private static final int WAITING_MAX = 2 * WAITING_OF_SITE_MAX;

    private final ThreadPoolExecutor threads;
    private final int ofSiteMax;

    /// Decryptions that wait or are being made, by site; a site that has none is not in it.
    private final ConcurrentHashMap<SiteId, Integer> ofSites = new ConcurrentHashMap<>();

    /// Takes its parts.
    ///
    /// @param threadCount which decrypt at once
    /// @param waitingMax decryptions that wait for them
    /// @param ofSiteMax decryptions of one site that wait or are being made
    public RsaWorkers(int threadCount, int waitingMax, int ofSiteMax) {
        this.ofSiteMax = ofSiteMax;
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
        return new RsaWorkers(threadCount, threadCount * WAITING_MAX, threadCount * (1 + WAITING_OF_SITE_MAX));
    }

    /// What a task comes to, done by one of the threads while the caller waits; nothing, if too many wait already, of
    /// the site or in all.
    public <T> Optional<T> run(SiteId site, Supplier<T> task) {
        if (!enter(site)) {
            return Optional.empty();
        }
        try {
            return run(task);
        } finally {
            ofSites.computeIfPresent(site, (_, count) -> count > 1 ? count - 1 : null);
        }
    }

    private boolean enter(SiteId site) {
        boolean[] entered = new boolean[1];
        ofSites.compute(site, (_, kept) -> {
            int before = kept == null ? 0 : kept;
            entered[0] = before < ofSiteMax;
            return entered[0] ? Integer.valueOf(before + 1) : kept;
        });
        return entered[0];
    }

    private <T> Optional<T> run(Supplier<T> task) {
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
