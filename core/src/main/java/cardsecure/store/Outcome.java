package cardsecure.store;

import java.util.Set;

/// What became of a [Change].
public sealed interface Outcome {
    /// Whether the change was made, durably.
    default boolean isMade() {
        return switch (this) {
            case Inserted _, Changed _, Kept _, Taken _, Remembered _ -> true;
            case Exists _, TokenTaken _, Differs _, Absent _ -> false;
            case NoRoom _, Superseded _, SiteClosed _, SeenBefore _ -> false;
        };
    }

    /// The row is there, durably.
    record Inserted() implements Outcome {}

    /// The site has a row with this fingerprint, and this is it; nothing was changed.
    record Exists(TokenRow row) implements Outcome {}

    /// The place is taken by another row; nothing was changed. Another token may be free.
    record TokenTaken() implements Outcome {}

    /// The row is changed, durably.
    record Changed() implements Outcome {}

    /// The row's datum is not what was expected; nothing was changed.
    record Differs() implements Outcome {}

    /// No row stands at the place; no short-lived row, if it was one of those that was asked for.
    record Absent() implements Outcome {}

    /// The short-lived row is there, durably.
    record Kept() implements Outcome {}

    /// The short-lived row that was there; it is destroyed, durably.
    record Taken(ShortLivedRow row) implements Outcome {}

    /// The store has too little room for a row to grow; nothing was changed. A purge is never answered so, nor is who
    /// takes.
    record NoRoom() implements Outcome {}

    /// The keys were changed since the change was made; nothing was done, and it is to be made again under those
    /// there are now. [GroupCommit] answers so, for keys that its own process has exchanged, and a store that
    /// several processes share, for those that another one has.
    record Superseded() implements Outcome {}

    /// The site is closed to rows that grow; nothing was changed, and no mark remembered. Only a store that
    /// several processes share answers so, and [GroupCommit] makes a refusal of it.
    record SiteClosed() implements Outcome {}

    /// The marks are new, and remembered durably.
    record Remembered() implements Outcome {}

    /// Marks were there before, or may have been; nothing was changed, nor any other mark remembered.
    ///
    /// @param marks those that were
    record SeenBefore(Set<ReplayMark> marks) implements Outcome {
        /// Keeps a copy.
        public SeenBefore {
            marks = Set.copyOf(marks);
        }

        /// Of one mark.
        public SeenBefore(ReplayMark mark) {
            this(Set.of(mark));
        }
    }
}
