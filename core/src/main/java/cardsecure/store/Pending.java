package cardsecure.store;

import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A change that waits for the writer of [GroupCommit], and who waits for what becomes of it.
final class Pending implements Entry {
    private final Change change;
    private final long generation;
    private final boolean upkeep;
    private final Thread waiter;
    private Optional<Pending> next = Optional.empty();
    private Optional<Pending> nextButOne = Optional.empty();
    private volatile @Nullable Outcome outcome;
    private volatile @Nullable StoreException failure;

    /// @param upkeep whether it waits for more than this one, and so may be late to wake others
    Pending(Change change, long generation, boolean upkeep, Thread waiter) {
        this.change = change;
        this.generation = generation;
        this.upkeep = upkeep;
        this.waiter = waiter;
    }

    Change change() {
        return change;
    }

    long generation() {
        return generation;
    }

    boolean upkeep() {
        return upkeep;
    }

    /// The waiter may see it at once; it is woken by [#wake], its own or another's.
    void complete(Outcome result, Optional<Pending> wakesNext, Optional<Pending> wakesNextButOne) {
        next = wakesNext;
        nextButOne = wakesNextButOne;
        outcome = result;
    }

    void completeAlone(Outcome result) {
        complete(result, Optional.empty(), Optional.empty());
        wake();
    }

    void wake() {
        LockSupport.unpark(waiter);
    }

    void fail(StoreException cause) {
        failure = cause;
        wake();
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
