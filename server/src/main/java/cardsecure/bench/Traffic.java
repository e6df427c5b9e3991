package cardsecure.bench;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/// The requests of one workload and the replies that fit them. A request is known by its ticket, so that nothing is
/// allocated for it. Safe for threads.
interface Traffic {
    /// A ticket that says there are no more requests.
    long EXHAUSTED = -1;

    /// What it is counted as.
    Workload workload();

    /// The next request's ticket, or [#EXHAUSTED].
    ///
    /// @param random the calling thread's own
    long next(RandomGenerator random);

    /// Writes the request of a ticket.
    void write(long ticket, ByteBuffer out);

    /// Whether `reply` from `from` to `to` is the body that the request of the ticket must get.
    boolean fits(long ticket, byte[] reply, int from, int to);
}
