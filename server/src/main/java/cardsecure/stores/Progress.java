package cardsecure.stores;

import java.util.OptionalLong;

/// Told how far a long walk through a store is: often, so it must be quick.
public interface Progress {
    /// What is done to rows.
    enum Phase {
        /// They are read again, up to where an earlier copy came.
        CATCHING_UP,
        /// They are written to the target.
        COPYING,
        /// The target's are read.
        COMPARING,
        /// They are opened and looked for.
        VERIFYING,
        /// Entries of the index are followed.
        VERIFYING_INDEX
    }

    /// So many rows, or entries, are done.
    ///
    /// @param total about how many there are, if that is known
    void report(Phase phase, long done, OptionalLong total);
}
