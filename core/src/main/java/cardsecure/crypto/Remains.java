package cardsecure.crypto;

import cardsecure.store.StoreException;

/// That settings are going to be changed of whose former values nothing is to be left: keys. The store says so,
/// durably, from before the change until nothing is left, so that whatever ends this process in between, another
/// one destroys what is. For one thread.
public final class Remains implements AutoCloseable {
    private final RemainMarks marks;
    private final String mark;
    private boolean settled;

    /// @param mark that this has set
    Remains(RemainMarks marks, String mark) {
        this.marks = marks;
        this.mark = mark;
    }

    /// Destroys what the store has left of former values, as far as it can reach that. Once, after the change.
    ///
    /// @return whether nothing is left; else it is tried again when short-lived data are swept, and at the next
    ///         start
    /// @throws StoreException if that is not known; the same holds
    public boolean destroy() throws StoreException {
        boolean nothingLeft = false;
        try {
            nothingLeft = marks.destroyLeft();
        } finally {
            settle(nothingLeft);
        }
        return nothingLeft;
    }

    /// As [#destroy], for who has done already what was asked for.
    public void destroyIfPossible() {
        try {
            destroy();
        } catch (StoreException triedAgain) {
            // The store tells of itself.
        }
    }

    /// Leaves what there may be to others, if it is not destroyed: the change failed, or nobody knows.
    @Override
    public void close() {
        settle(false);
    }

    private void settle(boolean nothingLeft) {
        if (!settled) {
            settled = true;
            marks.settle(mark, nothingLeft);
        }
    }
}
