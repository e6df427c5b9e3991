package cardsecure.postgres;

import java.util.concurrent.atomic.AtomicInteger;

/// Whether a row of a batch was there already of late: where one is, more will be, and each would cost its whole
/// batch, and a line in the database's log. Safe for threads.
final class RecentClashes {
    /// So many batches after one that clashed are careful.
    static final int CAREFUL = 64;

    private final AtomicInteger careful = new AtomicInteger();

    /// A batch has clashed.
    void note() {
        careful.set(CAREFUL);
    }

    /// Whether the next batch had better be careful. To be asked once for each.
    boolean areLikely() {
        return careful.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }
}
