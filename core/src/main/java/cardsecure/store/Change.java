package cardsecure.store;

import java.util.Optional;
import java.util.OptionalLong;

/// One change that a store is asked for. Each is decided by the store alone, against what stands there at that moment:
/// nobody checks first and writes later.
public sealed interface Change {

    /// A new row. Answered by [Outcome.Inserted], [Outcome.Exists], [Outcome.TokenTaken] or
    /// [Outcome.NoRoom].
    ///
    /// @param soughtSince a mark of the store after which fingerprint and place were looked for in vain, so that
    ///         only what it wrote since can clash; none if nobody looked
    record Insert(TokenRow row, OptionalLong soughtSince) implements Change {
        /// Of a row that nobody looked for.
        public Insert(TokenRow row) {
            this(row, OptionalLong.empty());
        }
    }

    /// The datum goes, token and fingerprint stay. Answered by [Outcome.Changed], also if the datum was gone already,
    /// or [Outcome.Absent].
    record Purge(TokenPlace place) implements Change {}

    /// The datum becomes `replacement` if it still is `expected` (none: purged). Answered by [Outcome.Changed],
    /// [Outcome.Differs], [Outcome.Absent] or [Outcome.NoRoom].
    record Replace(TokenPlace place, Optional<SealedData> expected, SealedData replacement) implements Change {}

    /// A request comes for the first time. Answered by [Outcome.Remembered], [Outcome.SeenBefore] or
    /// [Outcome.NoRoom].
    record Remember(ReplayMark mark) implements Change {}

    /// A request comes for the first time, with a change that it makes. Answered by [Outcome.SeenBefore], or
    /// [Outcome.NoRoom] if the mark finds none: nothing was changed. Else as `change`, and the mark is remembered,
    /// whatever the answer. For the mark of a purge there is always room.
    record Once(ReplayMark mark, Change change) implements Change {
        /// Checks the parts.
        ///
        /// @throws IllegalArgumentException for a change that brings a mark itself
        public Once {
            if (change instanceof Remember || change instanceof Once) {
                throw new IllegalArgumentException("a request has one mark");
            }
        }
    }
}
