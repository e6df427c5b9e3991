package cardsecure.vault;

import java.util.concurrent.atomic.AtomicInteger;

/// How many of the data that came of late were known already, about: of the last few hundred, the latest
/// counting most. Safe for threads.
class KnownShare {
    /// All of them.
    private static final int ALL = 1 << 20;

    /// How slowly the share follows: by one part in so many at a time.
    private static final int SLOWNESS = 256;

    /// Few enough that most batches of inserts have none of them. A single one is more than that for as long as
    /// the next two hundred come.
    private static final int SMALL = ALL / 500;

    /// Until something else is known, all.
    private final AtomicInteger share = new AtomicInteger(ALL);

    void note(boolean known) {
        int towards = known ? ALL : 0;
        share.updateAndGet(before -> before + (towards - before) / SLOWNESS);
    }

    /// Takes it that all may be known.
    void reset() {
        share.set(ALL);
    }

    /// Whether nearly all that come are new.
    boolean isSmall() {
        return share.get() < SMALL;
    }
}
