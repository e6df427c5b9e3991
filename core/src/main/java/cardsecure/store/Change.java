package cardsecure.store;

import cardsecure.site.SiteId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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
            case Keep(ShortLivedRow row) -> Optional.of(row.place().site());
            case With(Change _, ShortLivedRow row) -> Optional.of(row.place().site());
            case Purge _, Refingerprint _, Remember _, Take _ -> Optional.empty();
            case Once(List<ReplayMark> _, Change inner) -> inner.siteThatGrows();
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
            Optional<Fingerprint> own = row.fingerprint();
            if (others.isEmpty()) {
                return own.isEmpty() ? List.of() : List.of(own.get());
            }
            return Stream.concat(own.stream(), others.stream()).toList();
        }
    }

    /// The datum goes, and the short-lived row with it; token and fingerprint stay. Answered by
    /// [Outcome.Changed], also if the datum was gone already, or [Outcome.Absent].
    record Purge(TokenPlace place) implements Change {}

    /// The datum becomes `replacement` if it still is `expected` (none: purged). Answered by [Outcome.Changed],
    /// [Outcome.Differs], [Outcome.Absent] or [Outcome.NoRoom].
    record Replace(TokenPlace place, Optional<SealedData> expected, SealedData replacement) implements Change {}

    /// The row's fingerprint becomes `replacement` if it still is `expected`. Answered by [Outcome.Changed], also
    /// if it has that one already, [Outcome.Differs], [Outcome.Absent], [Outcome.NoRoom], or [Outcome.Exists] if
    /// another row has it.
    record Refingerprint(TokenPlace place, Fingerprint expected, Fingerprint replacement) implements Change {}

    /// A short-lived row beside a token, in the place of the one that is there. Answered by [Outcome.Kept],
    /// [Outcome.Absent] if there is no such token, [Outcome.Differs] if its datum is purged, or
    /// [Outcome.NoRoom].
    record Keep(ShortLivedRow row) implements Change {}

    /// A short-lived row is read and destroyed, in one decision: of all who take it, one gets it. Answered by
    /// [Outcome.Taken] or [Outcome.Absent]. One whose deadline is past is absent, and destroyed.
    ///
    /// @param now the moment that counts, as the store has no clock
    record Take(TokenPlace place, Instant now) implements Change {}

    /// A change of a row with a short-lived row beside it, which is kept if the change is made, and only then.
    /// Answered as the change.
    record With(Change change, ShortLivedRow row) implements Change {
        /// Checks the parts.
        ///
        /// @throws IllegalArgumentException unless the change is an insert or a replacement at the same place
        public With {
            Optional<TokenPlace> place = switch (change) {
                case Insert insert -> Optional.of(insert.row().place());
                case Replace replace -> Optional.of(replace.place());
                case Purge _, Refingerprint _, Keep _, Take _, With _, Remember _, Once _ -> Optional.empty();
            };
            if (!place.equals(Optional.of(row.place()))) {
                throw new IllegalArgumentException("a short-lived row comes with new data at its place");
            }
        }
    }

    /// The marks that a change brings, if it brings any.
    default List<ReplayMark> broughtMarks() {
        return switch (this) {
            case Remember(List<ReplayMark> marks) -> marks;
            case Once(List<ReplayMark> marks, Change _) -> marks;
            case Insert _, Purge _, Replace _, Refingerprint _, Keep _, Take _, With _ -> List.of();
        };
    }

    /// A request comes for the first time, and all that it brings. Answered by [Outcome.Remembered],
    /// [Outcome.SeenBefore] if any of the marks was there: then none of the others is remembered, or
    /// [Outcome.NoRoom].
    ///
    /// @param marks at least one, each once
    record Remember(List<ReplayMark> marks) implements Change {
        /// Keeps a copy.
        ///
        /// @throws IllegalArgumentException for none, or one that is there twice
        public Remember {
            marks = distinct(marks);
        }

        /// Of one mark.
        public Remember(ReplayMark mark) {
            this(List.of(mark));
        }
    }

    /// A request comes for the first time, and all that it brings, with a change that it makes. Answered by
    /// [Outcome.SeenBefore] if any of the marks was there, or [Outcome.NoRoom] if there is none: nothing was
    /// changed, and none of the others is remembered. Else as `change`; the marks are remembered if it was made
    /// ([Outcome#isMade]), and only then, as whoever asked will ask for another change. For the marks of what
    /// takes or purges there is always room.
    ///
    /// @param marks at least one, each once
    record Once(List<ReplayMark> marks, Change change) implements Change {
        /// Of one mark.
        public Once(ReplayMark mark, Change change) {
            this(List.of(mark), change);
        }

        /// Whether it makes the store smaller, so that there is room for its mark in any case: where nothing is
        /// there it is not made, and leaves none. What is purged already may be purged again, as a caller does
        /// who got no answer: that brings a mark of a few bytes, which goes with its window.
        public boolean destroys() {
            return change instanceof Purge || change instanceof Take;
        }

        /// Checks the parts.
        ///
        /// @throws IllegalArgumentException for a change that brings marks itself, for no mark, or one that is
        ///         there twice
        public Once {
            if (change instanceof Remember || change instanceof Once) {
                throw new IllegalArgumentException("all marks of a request come at once");
            }
            marks = distinct(marks);
        }
    }

    private static List<ReplayMark> distinct(List<ReplayMark> marks) {
        if (marks.size() != 1 && (marks.isEmpty() || Set.copyOf(marks).size() < marks.size())) {
            throw new IllegalArgumentException("at least one mark, each once");
        }
        return List.copyOf(marks);
    }
}
