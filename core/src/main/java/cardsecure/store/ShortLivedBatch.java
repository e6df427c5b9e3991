package cardsecure.store;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decides what the changes of one batch do to short-lived rows, for every store: against those that it was told of,
/// each change seeing those before it. It knows then what has to be written. For one thread.
public final class ShortLivedBatch {
    private final Deque<Outcome> earlier;
    private final boolean again;
    private final List<Outcome> takes = new ArrayList<>();
    private final Map<TokenPlace, ShortLivedRow> fetched = new HashMap<>();
    private final Map<TokenPlace, ShortLivedRow> rows = new HashMap<>();
    private final Set<TokenPlace> touched = new LinkedHashSet<>();

    private ShortLivedBatch(boolean again, Collection<Outcome> earlier) {
        this.again = again;
        this.earlier = new ArrayDeque<>(earlier);
    }

    /// Of changes that are tried for the first time, or were not made by an earlier try.
    public static ShortLivedBatch first() {
        return new ShortLivedBatch(false, List.of());
    }

    /// Of changes that were tried before by the only one who writes, who does not know whether that reached the disk.
    ///
    /// @param takes how the earlier try answered those that take, as [#takes] told: they are answered the same, as
    ///         what they took may be gone
    public static ShortLivedBatch again(Collection<Outcome> takes) {
        return new ShortLivedBatch(true, takes);
    }

    /// Where a store has to look for rows before a change is decided.
    public static Optional<TokenPlace> place(Change change) {
        return switch (change) {
            case Change.Keep(ShortLivedRow row) -> Optional.of(row.place());
            case Change.With(Change _, ShortLivedRow row) -> Optional.of(row.place());
            case Change.Take(TokenPlace place, Instant _) -> Optional.of(place);
            case Change.Purge(TokenPlace place) -> Optional.of(place);
            case Change.Once(List<ReplayMark> _, Change once) -> place(once);
            case Change.Insert _, Change.Replace _, Change.Refingerprint _, Change.Remember _ -> Optional.empty();
        };
    }

    /// A row that stands there.
    public void fetched(ShortLivedRow row) {
        fetched.put(row.place(), row);
        rows.put(row.place(), row);
    }

    /// Decides [Change.Keep].
    ///
    /// @param token the row of the token, if there is one
    /// @param room whether the store may grow
    public Outcome keep(Optional<TokenRow> token, ShortLivedRow row, boolean room) {
        if (token.isEmpty()) {
            return new Outcome.Absent();
        }
        if (token.get().data().isEmpty()) {
            return new Outcome.Differs();
        }
        if (!room) {
            return new Outcome.NoRoom();
        }
        put(row);
        return new Outcome.Kept();
    }

    /// Keeps a row with a change, if that was made.
    ///
    /// @param decided what became of the change
    /// @return that
    public Outcome with(Outcome decided, ShortLivedRow row) {
        if (decided instanceof Outcome.Inserted || decided instanceof Outcome.Changed) {
            put(row);
        }
        return decided;
    }

    private void put(ShortLivedRow row) {
        rows.put(row.place(), row);
        touched.add(row.place());
    }

    /// Decides [Change.Take].
    public Outcome take(TokenPlace place, Instant now) {
        Optional<ShortLivedRow> row = Optional.ofNullable(rows.get(place));
        Outcome outcome = again ? Optional.ofNullable(earlier.poll()).orElseGet(Outcome.Absent::new) : taken(row, now);
        if (outcome instanceof Outcome.Taken
                || row.filter(one -> one.isPast(now)).isPresent()) {
            destroy(place);
        }
        takes.add(outcome);
        return outcome;
    }

    private static Outcome taken(Optional<ShortLivedRow> row, Instant now) {
        return row.filter(one -> !one.isPast(now))
                .<Outcome>map(Outcome.Taken::new)
                .orElseGet(Outcome.Absent::new);
    }

    /// Destroys the row of a token that is purged, if there is one.
    public void destroy(TokenPlace place) {
        if (rows.remove(place) != null) {
            touched.add(place);
        }
    }

    /// How those that take were answered, in their order.
    public List<Outcome> takes() {
        return List.copyOf(takes);
    }

    /// The rows that have to be written, each in the place of the one that stands there.
    public List<ShortLivedRow> written() {
        return touched.stream()
                .flatMap(place -> Optional.ofNullable(rows.get(place)).stream())
                .filter(row -> !row.equals(fetched.get(row.place())))
                .toList();
    }

    /// The rows that stand there and have to go, whether or not others come in their places.
    public List<ShortLivedRow> gone() {
        return touched.stream()
                .flatMap(place -> Optional.ofNullable(fetched.get(place)).stream())
                .filter(row -> !row.equals(rows.get(row.place())))
                .toList();
    }

    /// Whether anything has to be written.
    public boolean changesAnything() {
        return !written().isEmpty() || !gone().isEmpty();
    }
}
