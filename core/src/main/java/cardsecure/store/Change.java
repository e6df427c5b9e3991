package cardsecure.store;

import cardsecure.site.SiteId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// One change that a store is asked for. Each is decided by the store alone, against what stands there at that
/// moment: nobody checks first and writes later.
public sealed interface Change {
    /// The site that a row of may grow by this. One that holds data already, and gets them sealed or
    /// fingerprinted anew, does not.
    default Optional<SiteId> siteThatGrows() {
        return switch (this) {
            case Insert insert -> Optional.of(insert.row().place().site());
            case Replace(TokenPlace place, Optional<SealedData> expected, SealedData _) ->
                expected.isPresent() ? Optional.empty() : Optional.of(place.site());
            case Purge _, Refingerprint _, Remember _ -> Optional.empty();
            case Once(ReplayMark _, Change inner) -> inner.siteThatGrows();
        };
    }

    /// A new row. Answered by [Outcome.Inserted], [Outcome.Exists], [Outcome.TokenTaken] or
    /// [Outcome.NoRoom].
    ///
    /// @param others further fingerprints under which a row of the same datum may stand; one of those is the
    ///         row that [Outcome.Exists] tells of, as one of the row's own is
    /// @param soughtSince a mark of the store after which fingerprints and place were looked for in vain, so that
    ///         only what it wrote since can clash; none if nobody looked
    record Insert(TokenRow row, List<Fingerprint> others, OptionalLong soughtSince) implements Change {
        /// Keeps a copy.
        public Insert {
            others = List.copyOf(others);
        }

        /// Of a row that nobody looked for.
        public Insert(TokenRow row) {
            this(row, List.of(), OptionalLong.empty());
        }

        /// All fingerprints under which a row of the datum may stand.
        public List<Fingerprint> sought() {
            return Stream.concat(row.fingerprint().stream(), others.stream()).toList();
        }
    }

    /// The datum goes, token and fingerprint stay. Answered by [Outcome.Changed], also if the datum was gone
    /// already, or [Outcome.Absent].
    record Purge(TokenPlace place) implements Change {}

    /// The datum becomes `replacement` if it still is `expected` (none: purged). Answered by [Outcome.Changed],
    /// [Outcome.Differs], [Outcome.Absent] or [Outcome.NoRoom].
    record Replace(TokenPlace place, Optional<SealedData> expected, SealedData replacement) implements Change {}

    /// The row's fingerprint becomes `replacement` if it still is `expected`. Answered by [Outcome.Changed], also
    /// if it has that one already, [Outcome.Differs], [Outcome.Absent], [Outcome.NoRoom], or [Outcome.Exists] if
    /// another row has it.
    record Refingerprint(TokenPlace place, Fingerprint expected, Fingerprint replacement) implements Change {}

    /// A request comes for the first time. Answered by [Outcome.Remembered], [Outcome.SeenBefore] or
    /// [Outcome.NoRoom].
    record Remember(ReplayMark mark) implements Change {}

    /// A request comes for the first time, with a change that it makes. Answered by [Outcome.SeenBefore], or
    /// [Outcome.NoRoom] if the mark finds none: nothing was changed. Else as `change`, and the mark is
    /// remembered, whatever the answer. For the mark of a purge there is always room.
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
