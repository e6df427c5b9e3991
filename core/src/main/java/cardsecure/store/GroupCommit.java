package cardsecure.store;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.site.SiteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Gathers the changes of concurrent requests into batches, so that many share one synced write. While the store
/// writes one batch the next gathers; nobody waits for a timer. One platform thread writes, because native calls of a
/// store would block the carriers of virtual threads.
///
/// A site that is being removed is closed first: as all rows grow here, none grows in it from then on. When keys are
/// exchanged, a generation of the ring is required: from then on no row is written that an earlier one made.
public final class GroupCommit implements AutoCloseable {
    /// How long who must not be refused waits before asking a full queue again.
    private static final long FULL_NANOS = 1_000_000;

    /// Upkeep takes one place of so many in the queue at most.
    private static final int UPKEEP_SHARE = 4;

    private final TokenStore store;
    private final int queueMax;
    private final ArrayBlockingQueue<Entry> queue;
    private final int batchMax;
    private final Set<SiteId> closedSites = ConcurrentHashMap.newKeySet();
    private final Thread writer;
    private volatile long generationMin;
    private volatile boolean closing;

    /// Takes its parts.
    ///
    /// @param queueMax how many changes may wait; more are refused at once
    /// @param batchMax how many changes one write has at most; 1 makes each request pay for its own sync
    public GroupCommit(TokenStore store, int queueMax, int batchMax) {
        this.store = store;
        this.queueMax = queueMax;
        this.queue = new ArrayBlockingQueue<>(queueMax);
        this.batchMax = batchMax;
        this.writer = Thread.ofPlatform().name("group-commit").daemon().start(this::run);
    }

    /// Makes one change that no key had a part in, and waits until it is durable. Safe for any number of threads.
    ///
    /// @throws StoreException if nothing is known of the change
    /// @throws Refusal as [#commit(Change, long)]
    public Outcome commit(Change change) throws StoreException {
        return commit(change, Long.MAX_VALUE);
    }

    /// Makes one change and waits until it is durable. Safe for any number of threads.
    ///
    /// @param generation of a ring that was in use before the change was made; if a later one is required by
    ///         now, the change is [Outcome.Superseded]
    /// @throws StoreException if nothing is known of the change
    /// @throws Refusal `0043` if too many changes wait, or the server is stopping, `0055` if the change
    ///         would let a row of a closed site grow
    public Outcome commit(Change change, long generation) throws StoreException {
        Pending pending = new Pending(change, generation, false, Thread.currentThread());
        if (closing) {
            throw stopping();
        }
        if (!queue.offer(pending)) {
            throw new Refusal(ErrorCode.SERVER_FAILED, "too many writes wait");
        }
        // Queued behind the stop mark nobody would write it. Before the mark it is gone from the queue, or goes first.
        if (closing && queue.remove(pending)) {
            throw stopping();
        }
        return pending.await();
    }

    /// Makes changes to rows that are there already, for upkeep, and waits until all are durable. Where many changes
    /// wait it waits its turn, instead of being refused.
    ///
    /// @return an outcome for each, in their order
    /// @throws StoreException if nothing is known of some
    /// @throws Refusal `0043` if the server is stopping
    public List<Outcome> commitAll(List<? extends Change> changes, long generation) throws StoreException {
        List<Outcome> outcomes = new ArrayList<>(changes.size());
        // Most of the queue is for requests, which are refused when it is full.
        int part = Math.max(1, queueMax / UPKEEP_SHARE);
        for (int from = 0; from < changes.size(); from += part) {
            outcomes.addAll(commitPart(changes.subList(from, Math.min(from + part, changes.size())), generation));
        }
        return outcomes;
    }

    private List<Outcome> commitPart(List<? extends Change> changes, long generation) throws StoreException {
        List<Pending> pending = new ArrayList<>(changes.size());
        for (Change change : changes) {
            Pending one = new Pending(change, generation, true, Thread.currentThread());
            enqueue(one);
            pending.add(one);
        }
        List<Outcome> outcomes = new ArrayList<>(changes.size());
        Optional<StoreException> failure = Optional.empty();
        // All are waited for, whatever becomes of some: each that has come to its end wakes others of its batch.
        for (Pending one : pending) {
            try {
                outcomes.add(one.await());
            } catch (StoreException e) {
                failure = failure.or(() -> Optional.of(e));
            }
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return outcomes;
    }

    /// Refuses what was made under an earlier ring: when this returns, each such change is decided or will
    /// be [Outcome.Superseded].
    ///
    /// @throws Refusal `0043` if the server is stopping
    public void requireGeneration(long generation) {
        generationMin = generation;
        passQueue();
    }

    /// Lets no row of a site grow any more: when this returns, each insert and each replacement of the
    /// site is decided or will be refused. Purges go on.
    ///
    /// @throws Refusal `0043` if the server is stopping
    public void closeSite(SiteId site) {
        closedSites.add(site);
        passQueue();
    }

    /// Batches that were composed before may still be on their way to the store. This goes behind them.
    private void passQueue() {
        Passage passage = new Passage(new CompletableFuture<>());
        enqueue(passage);
        passage.passed.join();
    }

    private void enqueue(Entry entry) {
        boolean queued = false;
        while (!queued) {
            if (closing) {
                throw stopping();
            }
            queued = queue.offer(entry);
            if (!queued) {
                LockSupport.parkNanos(FULL_NANOS);
            }
        }
        if (closing && queue.remove(entry)) {
            throw stopping();
        }
    }

    /// Lets the rows of a site grow again.
    public void reopenSite(SiteId site) {
        closedSites.remove(site);
    }

    private static Refusal stopping() {
        return new Refusal(ErrorCode.SERVER_FAILED, "the server is stopping");
    }

    /// However the writer ends, nobody is left waiting for it.
    private void run() {
        try {
            writeUntilStopped();
        } finally {
            closing = true;
            List<Entry> left = new ArrayList<>();
            queue.drainTo(left);
            for (Entry entry : left) {
                switch (entry) {
                    case Pending pending -> pending.fail(new StoreException("the writer has ended"));
                    case Passage passage -> passage.passed.complete(true);
                    case Stop _ -> {
                        // Nobody waits for it.
                    }
                }
            }
        }
    }

    private void writeUntilStopped() {
        List<Entry> taken = new ArrayList<>(batchMax);
        List<Pending> batch = new ArrayList<>(batchMax);
        List<Pending> upkeep = new ArrayList<>();
        boolean stopped = false;
        while (!stopped) {
            taken.add(takeUninterruptibly());
            queue.drainTo(taken, batchMax - 1);
            for (Entry entry : taken) {
                switch (entry) {
                    case Pending pending -> (pending.upkeep ? upkeep : batch).add(pending);
                    case Passage _ -> {
                        // It passes once the batch is written.
                    }
                    case Stop _ -> stopped = true;
                }
            }
            // Last, so that no request is woken by upkeep, which looks at what has become of its changes when it has
            // queued them all.
            batch.addAll(upkeep);
            write(batch);
            for (Entry entry : taken) {
                if (entry instanceof Passage passage) {
                    passage.passed.complete(true);
                }
            }
            taken.clear();
            batch.clear();
            upkeep.clear();
        }
    }

    private Entry takeUninterruptibly() {
        while (true) {
            try {
                return queue.take();
            } catch (InterruptedException nobodysBusiness) {
                // The thread is this class's own, and stops by the stop mark alone.
            }
        }
    }

    /// A row can only grow by these changes. One that holds data already, and gets them sealed or fingerprinted anew,
    /// does not.
    private static Optional<SiteId> siteThatGrows(Change change) {
        return switch (change) {
            case Change.Insert insert -> Optional.of(insert.row().place().site());
            case Change.Replace(TokenPlace place, Optional<SealedData> expected, SealedData _) ->
                expected.isPresent() ? Optional.empty() : Optional.of(place.site());
            case Change.Refingerprint _ -> Optional.empty();
            case Change.Purge _, Change.Remember _ -> Optional.empty();
            case Change.Once(ReplayMark _, Change inner) -> siteThatGrows(inner);
        };
    }

    private void refuseClosed(List<Pending> batch) {
        batch.removeIf(pending -> {
            boolean closed =
                    siteThatGrows(pending.change).filter(closedSites::contains).isPresent();
            if (closed) {
                pending.refuse();
            }
            return closed;
        });
    }

    /// Each who is woken wakes two others: one thread that woke them all would be late for its next batch.
    private static Optional<Pending> woken(List<Pending> batch, int index) {
        return index < batch.size() ? Optional.of(batch.get(index)) : Optional.empty();
    }

    private void supersede(List<Pending> batch, long required) {
        batch.removeIf(pending -> {
            boolean superseded = pending.generation < required;
            if (superseded) {
                pending.complete(new Outcome.Superseded(), Optional.empty(), Optional.empty());
                pending.wake();
            }
            return superseded;
        });
    }

    private void write(List<Pending> batch) {
        if (!closedSites.isEmpty()) {
            refuseClosed(batch);
        }
        supersede(batch, generationMin);
        if (batch.isEmpty()) {
            return;
        }
        List<Change> changes = new ArrayList<>(batch.size());
        batch.forEach(pending -> changes.add(pending.change));
        try {
            List<Outcome> outcomes = store.write(changes);
            // The last first: whoever sees its outcome must find those that it wakes with theirs.
            for (int i = batch.size() - 1; i >= 0; i--) {
                batch.get(i).complete(outcomes.get(i), woken(batch, 2 * i + 1), woken(batch, 2 * i + 2));
            }
            batch.getFirst().wake();
        } catch (StoreException e) {
            batch.forEach(pending -> pending.fail(e));
        } catch (RuntimeException | Error e) {
            StoreException failure = new StoreException("the store failed in a way of its own", e);
            batch.forEach(pending -> pending.fail(failure));
        }
    }

    /// Writes what waits, then stops. Changes that come later are refused.
    @Override
    public void close() {
        closing = true;
        boolean interrupted = false;
        boolean marked = false;
        while (writer.isAlive()) {
            try {
                if (!marked) {
                    queue.put(new Stop());
                    marked = true;
                }
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private sealed interface Entry {}

    private record Stop() implements Entry {}

    /// What was queued before it is decided when it has passed.
    private record Passage(CompletableFuture<Boolean> passed) implements Entry {}

    private static final class Pending implements Entry {
        private final Change change;
        private final long generation;
        private final boolean upkeep;
        private final Thread waiter;
        private Optional<Pending> next = Optional.empty();
        private Optional<Pending> nextButOne = Optional.empty();
        private volatile @Nullable Outcome outcome;
        private volatile @Nullable StoreException failure;
        private volatile boolean refused;

        Pending(Change change, long generation, boolean upkeep, Thread waiter) {
            this.change = change;
            this.generation = generation;
            this.upkeep = upkeep;
            this.waiter = waiter;
        }

        /// The waiter may see it at once; it is woken by [#wake], its own or another's.
        void complete(Outcome result, Optional<Pending> wakesNext, Optional<Pending> wakesNextButOne) {
            next = wakesNext;
            nextButOne = wakesNextButOne;
            outcome = result;
        }

        void wake() {
            LockSupport.unpark(waiter);
        }

        void fail(StoreException cause) {
            failure = cause;
            LockSupport.unpark(waiter);
        }

        void refuse() {
            refused = true;
            LockSupport.unpark(waiter);
        }

        /// An interrupt does not end the wait, because the change may be made all the same; it is kept for later.
        Outcome await() throws StoreException {
            boolean interrupted = false;
            try {
                while (true) {
                    Outcome result = outcome;
                    if (result != null) {
                        next.ifPresent(Pending::wake);
                        nextButOne.ifPresent(Pending::wake);
                        return result;
                    }
                    StoreException cause = failure;
                    if (cause != null) {
                        throw cause;
                    }
                    if (refused) {
                        throw new Refusal(ErrorCode.UNKNOWN_SITE, "the site is being removed");
                    }
                    LockSupport.park(this);
                    interrupted |= Thread.interrupted();
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
