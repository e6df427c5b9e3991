package cardsecure.rotation;

import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import cardsecure.error.Refusal;
import cardsecure.store.Change;
import cardsecure.store.GroupCommit;
import cardsecure.store.Outcome;
import cardsecure.store.Page;
import cardsecure.store.StoreException;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/// Runs the one [Job] there is, on a thread of its own, and keeps in the store how far it is. Of several nodes, the one
/// runs it that holds a lease; when that one ends, another goes on. Safe for threads.
///
/// Whatever fails in the store is tried again, a second later, until the job is through or paused.
final class JobRunner implements AutoCloseable {
    /// Rows that are read, and then written, at a time.
    private static final int PAGE = 512;

    /// How often a job with a rate takes a few rows.
    private static final int TAKES_A_SECOND = 10;

    /// How long another node waits after the one that works has crashed.
    private static final Duration LEASE = Duration.ofSeconds(20);

    /// How often a node that does not work asks whether it may.
    private static final long ELSEWHERE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// What a job's kind asks for.
    interface Works {
        RowWork of(Job.Kind kind);

        /// Before the first row.
        void begin(Job job) throws StoreException;

        /// After the last row, if none failed. May be called again after a crash.
        void finish(Job job) throws StoreException;
    }

    private final TokenStore store;
    private final GroupCommit commits;
    private final LiveKeys keys;
    private final AuditLog audit;
    private final InstantSource clock;
    private final Works works;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;

    private final KeptJob job;
    private boolean closed;

    /// When the lease that is held has to be renewed; none is, if it is past.
    private long renewAt = System.nanoTime();

    private boolean troubled;
    private long keptAt;
    private long takeAt;

    /// Takes its parts; nothing runs before [#start].
    ///
    /// @param commits writes to `store`
    JobRunner(TokenStore store, GroupCommit commits, LiveKeys keys, AuditLog audit, InstantSource clock, Works works) {
        this.store = store;
        this.commits = commits;
        this.keys = keys;
        this.audit = audit;
        this.clock = clock;
        this.works = works;
        this.job = new KeptJob(keys.settings());
        this.thread = Thread.ofPlatform().name("key-job").daemon().unstarted(this::run);
    }

    /// Goes on with the job that is kept, if there is one.
    void start() throws StoreException {
        follow();
        thread.start();
    }

    /// Takes what other nodes have changed.
    void follow() throws StoreException {
        lock.lock();
        try {
            job.follow();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Optional<Job> job() {
        lock.lock();
        try {
            return job.now();
        } finally {
            lock.unlock();
        }
    }

    /// Begins a job, durably.
    ///
    /// @param wrapped whether rows may have wrapped fingerprints under the current key already
    /// @throws Refusal `0044` if there is one
    Job begin(Job.Kind kind, OptionalLong rate, boolean wrapped) throws StoreException {
        lock.lock();
        try {
            Job begun = Job.begin(kind, rate, wrapped, clock.instant());
            job.begin(begun);
            changed.signalAll();
            return begun;
        } finally {
            lock.unlock();
        }
    }

    /// @throws Refusal `0044` if there is a job
    void requireNone() throws StoreException {
        lock.lock();
        try {
            job.requireNone();
        } finally {
            lock.unlock();
        }
    }

    /// Changes the job, durably.
    ///
    /// @throws Refusal `0044` if there is none
    Job change(UnaryOperator<Job> change) throws StoreException {
        lock.lock();
        try {
            Job next = job.change(change);
            keptAt = System.nanoTime();
            changed.signalAll();
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        boolean begun = false;
        while (true) {
            Optional<Job> next = awaitWork();
            if (next.isEmpty()) {
                return;
            }
            try {
                boolean held = renewAt - System.nanoTime() > 0;
                if (held || lease()) {
                    if (!begun) {
                        works.begin(next.get());
                    }
                    begun = step(next.get());
                } else {
                    begun = false;
                }
                troubled = false;
            } catch (StoreException | RuntimeException e) {
                // Whatever it was, what is known of the job may be old.
                renewAt = System.nanoTime() - LEASE.toNanos();
                begun = false;
                pauseAfter(e);
            }
        }
    }

    /// Whether this node may work. What it knows of the job may be old if another one has worked meanwhile, or none
    /// has for a while.
    private boolean lease() throws StoreException {
        boolean lapsed = System.nanoTime() - renewAt > LEASE.toNanos() / 2;
        boolean held = store.peers().lease(KeptJob.SETTING, LEASE);
        if (!held || lapsed) {
            follow();
        }
        if (held) {
            renewAt = System.nanoTime() + LEASE.toNanos() / 2;
        }
        if (!held) {
            takeAt = System.nanoTime() + ELSEWHERE_NANOS;
        }
        // Whatever is known now, it is looked at anew whether it is to run.
        return held && !lapsed;
    }

    /// The job, when it is to go on; none when the runner is closed.
    private Optional<Job> awaitWork() {
        lock.lock();
        try {
            while (!closed) {
                long wait = takeAt - System.nanoTime();
                boolean running = job.now()
                        .filter(one -> one.state() == Job.State.RUNNING)
                        .isPresent();
                if (running && wait <= 0) {
                    return job.now();
                }
                if (running) {
                    changed.awaitNanos(wait);
                } else {
                    changed.await();
                }
            }
            return Optional.empty();
        } catch (InterruptedException e) {
            // The thread is this class's own; who interrupts it wants it to end.
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void pauseAfter(Exception failure) {
        if (!troubled) {
            record("halts until the store takes it: " + failure.getMessage());
        }
        troubled = true;
        takeAt = System.nanoTime() + RETRY_NANOS;
    }

    /// Looks at the next rows.
    ///
    /// @return whether the job goes on
    private boolean step(Job now) throws StoreException {
        int size = now.rate().isEmpty() ? PAGE : Math.clamp(now.rate().getAsLong() / TAKES_A_SECOND, 1, PAGE);
        Page<TokenRow> page = store.rows(now.after(), size);
        if (page.isEmpty()) {
            return !end(now.withDamaged(page.damagedCount()), page.damagedCount());
        }
        long began = System.nanoTime();
        rewrite(now, page);
        takeAt = now.rate().isEmpty()
                ? began
                : began + page.items().size() * KEEP_NANOS / now.rate().getAsLong();
        return true;
    }

    private void rewrite(Job now, Page<TokenRow> page) throws StoreException {
        // Asked for before anything is made with the keys.
        long generation = keys.barrier().generation();
        RowWork work = works.of(now.kind());
        List<Change> changes = new ArrayList<>();
        // A row that cannot be read fails, as one does that does not open; it halts nobody.
        long failed = page.damagedCount();
        boolean wraps = false;
        for (TokenRow row : page.items()) {
            try {
                Optional<Change> change = work.change(row);
                change.ifPresent(changes::add);
                wraps |= change.isPresent() && row.data().isEmpty();
            } catch (Refusal e) {
                failed++;
            }
        }
        if (wraps && !now.wrapped()) {
            // Before the first one: if this is the last that is heard of the job, the older keys must stay.
            change(Job::withWrapped);
        }
        long rewritten = 0;
        for (Outcome outcome : commits.commitAll(changes, generation)) {
            switch (outcome) {
                case Outcome.Changed _ -> rewritten++;
                case Outcome.Differs _, Outcome.Absent _ -> {
                    // Whoever was faster has made it under the current keys, or has destroyed it.
                }
                case Outcome.Exists _ -> failed++;
                case Outcome.NoRoom _ -> throw new StoreException("the store has too little room");
                case Outcome.Superseded _ -> throw new StoreException("the keys were changed meanwhile");
                case Outcome.Inserted _,
                        Outcome.TokenTaken _,
                        Outcome.Kept _,
                        Outcome.Taken _,
                        Outcome.SiteClosed _,
                        Outcome.Remembered _,
                        Outcome.SeenBefore _ -> throw new IllegalStateException("no answer to a change of a row");
            }
        }
        advance(page, rewritten, failed);
    }

    private void advance(Page<TokenRow> page, long rewritten, long failed) throws StoreException {
        long seen = page.items().size() + page.damagedCount();
        lock.lock();
        try {
            job.advance(one -> one.advanced(page.last().place(), seen, rewritten, failed));
            if (System.nanoTime() - keptAt >= KEEP_NANOS) {
                change(one -> one);
            }
        } finally {
            lock.unlock();
        }
    }

    /// @param damaged what was found after the last row, which `now` counts already
    /// @return whether the job is over
    private boolean end(Job now, long damaged) throws StoreException {
        String counts = now.seen() + " rows looked at, " + now.rewritten() + " rewritten";
        if (now.failed() > 0) {
            change(one -> one.withDamaged(damaged).in(Job.State.FAILED));
            record("failed: " + counts + ", " + now.failed() + " could not be, and need the keys they have");
            return true;
        }
        works.finish(now);
        lock.lock();
        try {
            job.forget(now);
        } finally {
            lock.unlock();
        }
        audit.record(new AuditEvent.Administered("key job " + now.kind().label() + " finished: " + counts));
        return true;
    }

    private void record(String what) {
        job().ifPresent(one ->
                audit.record(new AuditEvent.Administered("key job " + one.kind().label() + " " + what)));
    }

    /// Keeps how far the job is, and ends the thread after what it is at.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            Optional<Job> last = job();
            if (last.isPresent() && renewAt - System.nanoTime() > 0) {
                change(one -> one);
                store.peers().release(KeptJob.SETTING);
            }
        } catch (StoreException | Refusal e) {
            record("could not keep how far it is, and will look at some rows again: " + e.getMessage());
        }
    }
}
