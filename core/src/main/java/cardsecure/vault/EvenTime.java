package cardsecure.vault;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.store.StoreException;
import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// Has all refusals of one code answered a whole number of periods after their requests began, one as a rule, so
/// that nobody learns by a clock how far a forged message came; what took longer than a period, on a machine with
/// too much to do, tells no more than how many. Safe for threads; one that waits is meant to be a virtual one.
final class EvenTime {
    private final ErrorCode code;
    private final long nanos;
    private final LongSupplier clock;
    private final LongConsumer waiting;

    /// Takes its parts.
    ///
    /// @param code of the refusals that have to look the same
    /// @param period longer than any of them takes on a machine that is not busy
    /// @param clock tells nanoseconds, from any beginning
    /// @param waiting waits for so many of them, or is woken too early
    EvenTime(ErrorCode code, Duration period, LongSupplier clock, LongConsumer waiting) {
        this.code = code;
        this.nanos = period.toNanos();
        this.clock = clock;
        this.waiting = waiting;
    }

    /// Makes an answer.
    interface Answering<T> {
        T make() throws StoreException;
    }

    /// What `answering` makes.
    ///
    /// @throws Refusal as it does, and if it is of the code, not before the end of a period
    <T> T of(Answering<T> answering) throws StoreException {
        long began = clock.getAsLong();
        try {
            return answering.make();
        } catch (Refusal refusal) {
            if (refusal.code() == code) {
                waitSince(began);
            }
            throw refusal;
        }
    }

    private void waitSince(long began) {
        long elapsed = clock.getAsLong() - began;
        // Once: who is woken a little late is not to wait for the end of one more.
        long end = Math.max(1, Math.ceilDiv(elapsed, nanos)) * nanos;
        while (elapsed < end && !Thread.currentThread().isInterrupted()) {
            waiting.accept(end - elapsed);
            elapsed = clock.getAsLong() - began;
        }
    }
}
