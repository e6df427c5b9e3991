package cardsecure.postgres;

import cardsecure.postgres.Rows.SiteFingerprint;
import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.Fingerprint;
import cardsecure.store.Outcome;
import cardsecure.store.ReplayMark;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedBatch;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Decides the changes of a batch, one after another, against the rows that were fetched, each seeing those
/// before it; and knows then which rows have to be written, as they are in the end.
final class Decisions {
    private final boolean again;
    private final Set<SiteId> closedSites;
    private final Set<ReplayMark> newMarks;
    private final Map<TokenPlace, TokenRow> rows = new HashMap<>();
    private final Map<SiteFingerprint, TokenPlace> places = new HashMap<>();
    private final Map<TokenPlace, Optional<Fingerprint>> fetchedFingerprints = new HashMap<>();
    private final Set<TokenPlace> inserted = new LinkedHashSet<>();
    private final Set<TokenPlace> changed = new LinkedHashSet<>();
    private final Set<TokenPlace> claimed = new HashSet<>();
    private final ShortLivedBatch shortLived = ShortLivedBatch.first();

    /// Takes its parts.
    ///
    /// @param again whether the same changes were tried before, and nobody knows what became of that: what stands
    ///         there exactly as it was to be written is their own
    /// @param newMarks those that the batch's own transaction has remembered
    Decisions(boolean again, Set<SiteId> closedSites, Collection<ReplayMark> newMarks) {
        this.again = again;
        this.closedSites = closedSites;
        this.newMarks = new HashSet<>(newMarks);
    }

    /// A row that stands there. The first that is told of a place counts.
    void fetched(TokenRow row) {
        if (rows.putIfAbsent(row.place(), row) == null) {
            fetchedFingerprints.put(row.place(), row.fingerprint());
            row.fingerprint().ifPresent(fingerprint -> places.put(key(row.place(), fingerprint), row.place()));
        }
    }

    /// The short-lived rows that stand there, and what is decided about them.
    ShortLivedBatch shortLived() {
        return shortLived;
    }

    private static SiteFingerprint key(TokenPlace place, Fingerprint fingerprint) {
        return new SiteFingerprint(place.site(), fingerprint);
    }

    Outcome decide(Change change) {
        if (change.siteThatGrows().filter(closedSites::contains).isPresent()) {
            return new Outcome.SiteClosed();
        }
        return switch (change) {
            case Change.Insert insert -> insert(insert);
            case Change.Purge(TokenPlace place) -> purge(place);
            case Change.Replace(TokenPlace place, Optional<SealedData> expected, SealedData replacement) ->
                replace(place, expected, replacement);
            case Change.Refingerprint(TokenPlace place, Fingerprint expected, Fingerprint replacement) ->
                refingerprint(place, expected, replacement);
            case Change.Remember(List<ReplayMark> marks) -> once(marks, Outcome.Remembered::new);
            case Change.Once(List<ReplayMark> marks, Change once) -> once(marks, () -> decide(once));
            case Change.Keep(ShortLivedRow row) ->
                shortLived.keep(Optional.ofNullable(rows.get(row.place())), row, true);
            case Change.Take(TokenPlace place, Instant now) -> shortLived.take(place, now);
            case Change.With(Change with, ShortLivedRow row) -> shortLived.with(decide(with), row);
        };
    }

    /// Decides a change that brings marks: if any is not new, it is not made; if it is made, it takes them.
    /// Once: another change of the batch may bring the same.
    private Outcome once(List<ReplayMark> marks, Supplier<Outcome> change) {
        Set<ReplayMark> seen = new HashSet<>(marks);
        seen.removeAll(newMarks);
        if (!seen.isEmpty()) {
            return new Outcome.SeenBefore(seen);
        }
        Outcome outcome = change.get();
        if (outcome.isMade()) {
            newMarks.removeAll(Set.copyOf(marks));
        }
        return outcome;
    }

    /// The marks that are new and that no change took: they are to be forgotten again.
    Set<ReplayMark> unspent() {
        return newMarks;
    }

    private Outcome insert(Change.Insert insert) {
        TokenRow row = insert.row();
        TokenPlace place = row.place();
        if (again && row.equals(rows.get(place)) && claimed.add(place)) {
            return new Outcome.Inserted();
        }
        Optional<TokenRow> existing = insert.sought().stream()
                .map(fingerprint -> places.get(key(place, fingerprint)))
                .filter(Objects::nonNull)
                .map(rows::get)
                .filter(Objects::nonNull)
                .findFirst();
        if (existing.isPresent()) {
            return new Outcome.Exists(existing.get());
        }
        if (rows.containsKey(place)) {
            return new Outcome.TokenTaken();
        }
        rows.put(place, row);
        inserted.add(place);
        row.fingerprint().ifPresent(fingerprint -> places.put(key(place, fingerprint), place));
        return new Outcome.Inserted();
    }

    private Outcome purge(TokenPlace place) {
        shortLived.destroy(place);
        TokenRow row = rows.get(place);
        if (row == null) {
            return new Outcome.Absent();
        }
        if (row.data().isPresent()) {
            set(new TokenRow(place, row.fingerprint(), Optional.empty()));
        }
        return new Outcome.Changed();
    }

    private Outcome replace(TokenPlace place, Optional<SealedData> expected, SealedData replacement) {
        TokenRow row = rows.get(place);
        if (row == null) {
            return new Outcome.Absent();
        }
        if (again && row.data().equals(Optional.of(replacement))) {
            return new Outcome.Changed();
        }
        if (!row.data().equals(expected)) {
            return new Outcome.Differs();
        }
        set(new TokenRow(place, row.fingerprint(), Optional.of(replacement)));
        return new Outcome.Changed();
    }

    private Outcome refingerprint(TokenPlace place, Fingerprint expected, Fingerprint replacement) {
        TokenRow row = rows.get(place);
        if (row == null) {
            return new Outcome.Absent();
        }
        if (row.fingerprint().equals(Optional.of(replacement))) {
            return new Outcome.Changed();
        }
        if (!row.fingerprint().equals(Optional.of(expected))) {
            return new Outcome.Differs();
        }
        TokenPlace other = places.get(key(place, replacement));
        if (other != null) {
            return new Outcome.Exists(Objects.requireNonNull(rows.get(other)));
        }
        places.remove(key(place, expected));
        places.put(key(place, replacement), place);
        set(new TokenRow(place, Optional.of(replacement), row.data()));
        return new Outcome.Changed();
    }

    private void set(TokenRow row) {
        rows.put(row.place(), row);
        if (!inserted.contains(row.place())) {
            changed.add(row.place());
        }
    }

    /// The rows that are new, as they are in the end, in the order in which all insert.
    List<TokenRow> inserted() {
        return inserted.stream().map(this::row).sorted(Rows.BY_FINGERPRINT).toList();
    }

    /// The rows that differ from what was fetched in their data, and not in their fingerprint.
    List<TokenRow> changed() {
        return changed.stream()
                .map(this::row)
                .filter(row -> row.fingerprint().equals(fetched(row.place())))
                .toList();
    }

    /// The rows that differ from what was fetched in their fingerprint.
    List<TokenRow> refingerprinted() {
        return changed.stream()
                .map(this::row)
                .filter(row -> !row.fingerprint().equals(fetched(row.place())))
                .sorted(Rows.BY_FINGERPRINT)
                .toList();
    }

    /// Whether a row gets a fingerprint that another one has as long as it has not got its own: then all have to
    /// give theirs up first.
    boolean passesFingerprintsOn() {
        Set<SiteFingerprint> given = new HashSet<>();
        List<TokenRow> all = refingerprinted();
        for (TokenRow row : all) {
            fetched(row.place()).ifPresent(old -> given.add(key(row.place(), old)));
        }
        return all.stream()
                .anyMatch(row -> row.fingerprint()
                        .filter(next -> given.contains(key(row.place(), next)))
                        .isPresent());
    }

    private Optional<Fingerprint> fetched(TokenPlace place) {
        return Objects.requireNonNull(fetchedFingerprints.get(place));
    }

    private TokenRow row(TokenPlace place) {
        return Objects.requireNonNull(rows.get(place));
    }
}
