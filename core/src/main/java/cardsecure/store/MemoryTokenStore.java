package cardsecure.store;

import cardsecure.site.SiteId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// A store in memory: for tests, and the yardstick for the other stores. Nothing in it is durable.
public final class MemoryTokenStore implements TokenStore {
    private record FingerprintKey(SiteId site, Fingerprint fingerprint) {}

    private static final Comparator<TokenPlace> ORDER = Comparator.comparingInt(
                    (TokenPlace place) -> place.site().number())
            .thenComparingInt(place -> place.domain().letter())
            .thenComparing(place -> place.token().text());

    private final NavigableMap<TokenPlace, TokenRow> rows = new TreeMap<>(ORDER);
    private final Map<FingerprintKey, TokenPlace> fingerprints = new HashMap<>();
    private final TreeMap<String, SealedData> settings = new TreeMap<>();
    private final Set<ReplayMark> marks = new HashSet<>();
    private final NavigableMap<TokenPlace, ShortLivedRow> shortLived = new TreeMap<>(ORDER);

    /// After the last mark that was forgotten.
    private long firstSecond;

    @Override
    public synchronized List<Outcome> write(List<Change> changes, OptionalLong generation) {
        ShortLivedBatch batch = ShortLivedBatch.first();
        shortLived.values().forEach(batch::fetched);
        List<Outcome> outcomes = new ArrayList<>(changes.size());
        changes.forEach(change -> outcomes.add(write(change, batch)));
        batch.gone().forEach(row -> shortLived.remove(row.place()));
        batch.written().forEach(row -> shortLived.put(row.place(), row));
        return outcomes;
    }

    private Outcome write(Change change, ShortLivedBatch batch) {
        return switch (change) {
            case Change.Insert insert -> insert(insert);
            case Change.Purge(TokenPlace place) -> {
                batch.destroy(place);
                yield purge(place);
            }
            case Change.Replace(TokenPlace place, Optional<SealedData> expected, SealedData replacement) ->
                replace(place, expected, replacement);
            case Change.Refingerprint(TokenPlace place, Fingerprint expected, Fingerprint replacement) ->
                refingerprint(place, expected, replacement);
            case Change.Remember(List<ReplayMark> brought) -> once(brought, Outcome.Remembered::new);
            case Change.Once(List<ReplayMark> brought, Change once) -> once(brought, () -> write(once, batch));
            case Change.Keep(ShortLivedRow row) -> batch.keep(byToken(row.place()), row, true);
            case Change.Take(TokenPlace place, Instant now) -> batch.take(place, now);
            case Change.With(Change with, ShortLivedRow row) -> batch.with(write(with, batch), row);
        };
    }

    private Outcome once(List<ReplayMark> brought, Supplier<Outcome> change) {
        Set<ReplayMark> seen = brought.stream()
                .filter(mark -> mark.second() < firstSecond || marks.contains(mark))
                .collect(Collectors.toSet());
        if (!seen.isEmpty()) {
            return new Outcome.SeenBefore(seen);
        }
        Outcome outcome = change.get();
        if (outcome.isMade()) {
            marks.addAll(brought);
        }
        return outcome;
    }

    private Outcome insert(Change.Insert insert) {
        TokenRow row = insert.row();
        SiteId site = row.place().site();
        Optional<TokenRow> existing = insert.sought().stream()
                .flatMap(fingerprint -> byFingerprint(site, fingerprint).stream())
                .findFirst();
        if (existing.isPresent()) {
            return new Outcome.Exists(existing.get());
        }
        if (rows.putIfAbsent(row.place(), row) != null) {
            return new Outcome.TokenTaken();
        }
        row.fingerprint()
                .ifPresent(fingerprint -> fingerprints.put(new FingerprintKey(site, fingerprint), row.place()));
        return new Outcome.Inserted();
    }

    private Outcome purge(TokenPlace place) {
        TokenRow row = rows.get(place);
        if (row == null) {
            return new Outcome.Absent();
        }
        rows.put(place, new TokenRow(place, row.fingerprint(), Optional.empty()));
        return new Outcome.Changed();
    }

    private Outcome replace(TokenPlace place, Optional<SealedData> expected, SealedData replacement) {
        TokenRow row = rows.get(place);
        if (row == null) {
            return new Outcome.Absent();
        }
        if (!row.data().equals(expected)) {
            return new Outcome.Differs();
        }
        rows.put(place, new TokenRow(place, row.fingerprint(), Optional.of(replacement)));
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
        Optional<TokenRow> other = byFingerprint(place.site(), replacement)
                .filter(found -> !found.place().equals(place));
        if (other.isPresent()) {
            return new Outcome.Exists(other.get());
        }
        fingerprints.remove(new FingerprintKey(place.site(), expected));
        fingerprints.put(new FingerprintKey(place.site(), replacement), place);
        rows.put(place, new TokenRow(place, Optional.of(replacement), row.data()));
        return new Outcome.Changed();
    }

    @Override
    public synchronized Page<TokenRow> rows(Optional<TokenPlace> after, int max) {
        return Page.of(after.map(place -> rows.tailMap(place, false)).orElse(rows).values().stream()
                .limit(max)
                .toList());
    }

    @Override
    public synchronized Optional<TokenRow> byToken(TokenPlace place) {
        return Optional.ofNullable(rows.get(place));
    }

    @Override
    public synchronized Optional<TokenRow> byFingerprint(SiteId site, Fingerprint fingerprint) {
        return Optional.ofNullable(fingerprints.get(new FingerprintKey(site, fingerprint)))
                .flatMap(this::byToken);
    }

    @Override
    public synchronized Optional<ShortLivedRow> shortLived(TokenPlace place) {
        return Optional.ofNullable(shortLived.get(place));
    }

    @Override
    public synchronized Page<ShortLivedRow> shortLivedRows(Optional<TokenPlace> after, int max) {
        return Page.of(after.map(place -> shortLived.tailMap(place, false)).orElse(shortLived).values().stream()
                .limit(max)
                .toList());
    }

    @Override
    public synchronized void destroyShortLived(Instant now) {
        shortLived.values().removeIf(row -> row.isPast(now));
    }

    @Override
    public synchronized boolean holdsTokens(SiteId site) {
        return rows.keySet().stream().anyMatch(place -> place.site().equals(site));
    }

    @Override
    public synchronized void destroyTokens(SiteId site) {
        rows.keySet().removeIf(place -> place.site().equals(site));
        fingerprints.keySet().removeIf(key -> key.site().equals(site));
        shortLived.keySet().removeIf(place -> place.site().equals(site));
    }

    @Override
    public synchronized Optional<SealedData> setting(String name) {
        return Optional.ofNullable(settings.get(name));
    }

    @Override
    public synchronized List<String> settingNames(String prefix) {
        return settings.tailMap(prefix).keySet().stream()
                .takeWhile(name -> name.startsWith(prefix))
                .toList();
    }

    @Override
    public synchronized boolean setSetting(String name, Optional<SealedData> expected, Optional<SealedData> value) {
        if (!setting(name).equals(expected)) {
            return false;
        }
        value.ifPresentOrElse(present -> settings.put(name, present), () -> settings.remove(name));
        return true;
    }

    @Override
    public boolean forgetFormerSettings() {
        // A former value is forgotten as soon as there is another.
        return true;
    }

    @Override
    public synchronized void forgetMarks(Instant before) {
        for (ReplayMark mark : List.copyOf(marks)) {
            if (mark.second() < before.getEpochSecond()) {
                marks.remove(mark);
                firstSecond = Math.max(firstSecond, mark.second() + 1);
            }
        }
    }

    @Override
    public synchronized Optional<Instant> newestForgottenMark() {
        return firstSecond == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(firstSecond - 1));
    }

    @Override
    public synchronized List<ReplayMark> marks(long from, int max) {
        List<ReplayMark> sorted = marks.stream()
                .filter(mark -> mark.second() >= from)
                .sorted(Comparator.comparingLong(ReplayMark::second))
                .toList();
        if (sorted.size() <= max) {
            return sorted;
        }
        long last = sorted.get(max - 1).second();
        return sorted.stream().takeWhile(mark -> mark.second() <= last).toList();
    }

    @Override
    public synchronized OptionalLong approximateRows() {
        return OptionalLong.of(rows.size());
    }

    @Override
    public String health() {
        return "ok";
    }

    @Override
    public void close() {
        // Nothing is held open.
    }
}
