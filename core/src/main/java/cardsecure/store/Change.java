package cardsecure.store;

import java.util.Optional;

/// One change that a store is asked for. Each is decided by the store alone, against what stands there at that moment:
/// nobody checks first and writes later.
public sealed interface Change {

    /// A new row. Answered by [Outcome.Inserted], [Outcome.Exists], [Outcome.TokenTaken] or
    /// [Outcome.NoRoom].
    record Insert(TokenRow row) implements Change {}

    /// The datum goes, token and fingerprint stay. Answered by [Outcome.Changed], also if the datum was gone already,
    /// or [Outcome.Absent].
    record Purge(TokenPlace place) implements Change {}

    /// The datum becomes `replacement` if it still is `expected` (none: purged). Answered by [Outcome.Changed],
    /// [Outcome.Differs], [Outcome.Absent] or [Outcome.NoRoom].
    record Replace(TokenPlace place, Optional<SealedData> expected, SealedData replacement) implements Change {}
}
