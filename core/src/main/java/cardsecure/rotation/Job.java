package cardsecure.rotation;

import cardsecure.store.TokenPlace;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// A walk through all rows that rewrites those that need it, as it is kept in the store: so that it goes on after a
/// restart where it was. Where it is, is kept now and then only: what was rewritten since is passed over.
///
/// @param started when it was begun
/// @param rate rows that are looked at in a second at most; none: as fast as it goes
/// @param after the last place that was looked at; none at the beginning
/// @param seen rows that were looked at
/// @param rewritten rows that were rewritten
/// @param failed rows that could not be, those among them that cannot even be read
/// @param wrapped whether a purged row's fingerprint was wrapped, or may have been
public record Job(
        Kind kind,
        State state,
        Instant started,
        OptionalLong rate,
        Optional<TokenPlace> after,
        long seen,
        long rewritten,
        long failed,
        boolean wrapped) {

    /// What is done to rows.
    public enum Kind {
        /// Their data are sealed anew under the current data key.
        RESEAL,
        /// They get fingerprints under the current fingerprint key.
        REFINGERPRINT;

        /// As people read it.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Whether it goes on.
    public enum State {
        RUNNING,
        PAUSED,
        /// It is at the end, and some rows could not be rewritten; resumed, it begins again.
        FAILED;

        /// As people read it.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Job begin(Kind kind, OptionalLong rate, boolean wrapped, Instant now) {
        // As it is kept.
        Instant started = now.truncatedTo(ChronoUnit.MILLIS);
        return new Job(kind, State.RUNNING, started, rate, Optional.empty(), 0, 0, 0, wrapped);
    }

    Job in(State other) {
        return new Job(kind, other, started, rate, after, seen, rewritten, failed, wrapped);
    }

    /// With more that was looked at and cannot be read.
    Job withDamaged(long more) {
        return new Job(kind, state, started, rate, after, seen + more, rewritten, failed + more, wrapped);
    }

    Job withRate(OptionalLong other) {
        return new Job(kind, state, started, other, after, seen, rewritten, failed, wrapped);
    }

    Job withWrapped() {
        return new Job(kind, state, started, rate, after, seen, rewritten, failed, true);
    }

    /// From the first row on again.
    Job again() {
        return new Job(kind, State.RUNNING, started, rate, Optional.empty(), 0, 0, 0, wrapped);
    }

    Job advanced(TokenPlace last, long moreSeen, long moreRewritten, long moreFailed) {
        return new Job(
                kind,
                state,
                started,
                rate,
                Optional.of(last),
                seen + moreSeen,
                rewritten + moreRewritten,
                failed + moreFailed,
                wrapped);
    }
}
