package cardsecure.store;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.site.SiteId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Gathers the changes of concurrent requests into batches, so that many share one synced write. While the store
/// writes one batch the next gathers; nobody waits for a timer. One platform thread writes, because native calls
/// of a store would block the carriers of virtual threads.
///
/// A site that is being removed is closed first: as all rows grow here, none grows in it from then on. When keys
/// are exchanged, a generation of the ring is required: from then on no row is written that an earlier one made.
/// Where several processes share the store, it holds the others to both.
public final class GroupCommit implements AutoCloseable {
    /// How long who must not be refused waits before asking a full queue again.
    private static final long FULL_NANOS = 1_000_000;

    /// The generation of what no key had a part in.
    private static final long KEYLESS = Long.MAX_VALUE;

    /// Puts a later ring to use.
    @FunctionalInterface
    public interface Following {
        /// Sees to it that the ring in use is later than `generation` when this returns.
        ///
        /// @throws StoreException if no later one can be had
        void follow(long generation) throws StoreException;
    }

    private static final int UPKEEP_SHARE = 4;
    private final TokenStore store;
    private final int queueMax;
    private final ArrayBlockingQueue<Entry> queue;
    private final int batchMax;
    private final Set<SiteId> closedSites = ConcurrentHashMap.newKeySet();
    private final Thread writer;
    private final AtomicLong generationMin = new AtomicLong();

    /// The latest generation for which no later ring could be had when one was required.
    private final AtomicLong leftBehind = new AtomicLong(-1);

    private volatile Following following = _ -> {};
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
        return commit(change, KEYLESS);
    }

    /// Makes one change and waits until it is durable. Safe for any number of threads.
    ///
    /// @param generation of a ring that was in use before the change was made; if a later one is required by
    ///         now, the change is [Outcome.Superseded], and a later one is in use here
    /// @throws StoreException if nothing is known of the change, or a later ring is required and cannot be had
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
        return settled(pending.await(), generation);
    }

    /// Makes changes to rows that are there already, for upkeep, and waits until all are durable. Where many
    /// changes wait it waits its turn, instead of being refused.
    ///
    /// @return an outcome for each, in their order
    /// @throws StoreException if nothing is known of some, or a later ring is required and cannot be had
    /// @throws Refusal `0043` if the server is stopping, `0055` as [#commit(Change, long)]; others may be made
    public List<Outcome> commitAll(List<? extends Change> changes, long generation) throws StoreException {
        List<Outcome> outcomes = new ArrayList<>(changes.size());
        // Most of the queue is for requests, which are refused when it is full; upkeep has one part of it at most.
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
        for (Outcome outcome : outcomes) {
            settled(outcome, generation);
        }
        return outcomes;
    }

    /// In the waiter's own thread, which has woken those that it has to: what follows may wait for the writer.
    private Outcome settled(Outcome outcome, long generation) throws StoreException {
        if (outcome instanceof Outcome.SiteClosed) {
            throw new Refusal(ErrorCode.UNKNOWN_SITE, "the site is being removed");
        }
        if (outcome instanceof Outcome.Superseded) {
            try {
                following.follow(generation);
            } catch (StoreException | RuntimeException e) {
                leftBehind.accumulateAndGet(generation, Math::max);
                throw e;
            }
        }
        return outcome;
    }

    /// Has a later ring put to use for whoever learns that one is required, before it learns so: what it makes
    /// next is under the later one.
    public void whenSuperseded(Following putsToUse) {
        following = putsToUse;
    }

    /// Refuses what was made under an earlier ring, here and in all processes that share the store: when this
    /// returns, each such change is decided or will be [Outcome.Superseded].
    ///
    /// @throws StoreException if nobody knows whether the others are refused; this process is
    /// @throws Refusal `0043` if the server is stopping
    public void requireGeneration(long generation) throws StoreException {
        generationMin.accumulateAndGet(generation, Math::max);
        passQueue();
        store.requireGeneration(generation);
    }

    /// Whether a later ring is required than can be had: nothing that a key has a part in is written then.
    public boolean isLeftBehind() {
        return leftBehind.get() >= generationMin.get();
    }

    /// Lets no row of a site grow any more, here and in all processes that share the store: when this returns,
    /// each insert and each replacement of the site is decided or will be refused. Purges go on.
    ///
    /// @throws StoreException if nobody knows whether the site is closed to the others; to this process it is
    /// @throws Refusal `0043` if the server is stopping
    public void closeSite(SiteId site) throws StoreException {
        closedSites.add(site);
        passQueue();
        store.closeSite(site);
    }

    /// Lets the rows of a site grow again.
    ///
    /// @throws StoreException if the site may still be closed
    public void reopenSite(SiteId site) throws StoreException {
        store.reopenSite(site);
        closedSites.remove(site);
    }

    /// Batches that were composed before may still be on their way to the store. This goes behind them.
    private void passQueue() {
        Entry.Passage passage = new Entry.Passage(new CompletableFuture<>());
        enqueue(passage);
        passage.passed().join();
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
                    case Entry.Passage passage -> passage.passed().complete(true);
                    case Entry.Stop _ -> {
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
                    case Pending pending -> (pending.upkeep() ? upkeep : batch).add(pending);
                    case Entry.Passage _ -> {
                        // It passes once the batch is written.
                    }
                    case Entry.Stop _ -> stopped = true;
                }
            }
            // Last, so that no request is woken by upkeep, which looks at what became of it when all of it is queued.
            batch.addAll(upkeep);
            write(batch);
            for (Entry entry : taken) {
                if (entry instanceof Entry.Passage passage) {
                    passage.passed().complete(true);
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

    private void refuseClosed(List<Pending> batch) {
        batch.removeIf(pending -> {
            boolean closed = pending.change()
                    .siteThatGrows()
                    .filter(closedSites::contains)
                    .isPresent();
            if (closed) {
                pending.completeAlone(new Outcome.SiteClosed());
            }
            return closed;
        });
    }

    /// Each who is woken wakes two others: one thread that woke them all would be late for its next batch.
    private static Optional<Pending> woken(List<Pending> batch, int index) {
        return index < batch.size() ? Optional.of(batch.get(index)) : Optional.empty();
    }

    private static void supersede(List<Pending> batch, long required) {
        batch.removeIf(pending -> {
            boolean superseded = pending.generation() < required;
            if (superseded) {
                pending.completeAlone(new Outcome.Superseded());
            }
            return superseded;
        });
    }

    private void write(List<Pending> batch) {
        try {
            if (!closedSites.isEmpty()) {
                refuseClosed(batch);
            }
            // One batch is of one generation: the latest that any of it was made under.
            long required = generationMin.accumulateAndGet(latest(batch), Math::max);
            supersede(batch, required);
            boolean keyed = batch.stream().anyMatch(pending -> pending.generation() != KEYLESS);
            if (batch.isEmpty()) {
                return;
            }
            List<Outcome> outcomes =
                    store.write(changes(batch), keyed ? OptionalLong.of(required) : OptionalLong.empty());
            if (keyed && outcomes.contains(new Outcome.Superseded())) {
                // Another process has a later ring. That does not concern what no key had a part in.
                outcomes = againWithoutKeys(batch, outcomes);
            }
            answer(batch, outcomes);
        } catch (StoreException e) {
            batch.forEach(pending -> pending.fail(e));
        } catch (RuntimeException | Error e) {
            StoreException failure = new StoreException("the store failed in a way of its own", e);
            batch.forEach(pending -> pending.fail(failure));
        }
    }

    /// Each keeps its outcome, but for keyless ones that were superseded with the others: they are written again.
    private List<Outcome> againWithoutKeys(List<Pending> batch, List<Outcome> outcomes) throws StoreException {
        List<Outcome> all = new ArrayList<>(outcomes);
        int[] keyless = IntStream.range(0, batch.size())
                .filter(i -> batch.get(i).generation() == KEYLESS && all.get(i) instanceof Outcome.Superseded)
                .toArray();
        List<Pending> left = Arrays.stream(keyless).mapToObj(batch::get).toList();
        List<Outcome> again = left.isEmpty() ? List.of() : store.write(changes(left), OptionalLong.empty());
        for (int i = 0; i < keyless.length; i++) {
            all.set(keyless[i], again.get(i));
        }
        return all;
    }

    private static long latest(List<Pending> batch) {
        return batch.stream()
                .mapToLong(Pending::generation)
                .filter(generation -> generation != KEYLESS)
                .max()
                .orElse(0);
    }

    private static List<Change> changes(List<Pending> batch) {
        List<Change> changes = new ArrayList<>(batch.size());
        batch.forEach(pending -> changes.add(pending.change()));
        return changes;
    }

    private static void answer(List<Pending> batch, List<Outcome> outcomes) {
        // The last first: whoever sees its outcome must find those that it wakes with theirs.
        for (int i = batch.size() - 1; i >= 0; i--) {
            batch.get(i).complete(outcomes.get(i), woken(batch, 2 * i + 1), woken(batch, 2 * i + 2));
        }
        if (!batch.isEmpty()) {
            batch.getFirst().wake();
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
                    queue.put(new Entry.Stop());
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
}
