package cardsecure.store;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.card.Domain;
import cardsecure.site.SiteId;
import cardsecure.token.Token;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/// Operations drawn by a seed, each made on two stores that must answer alike. So few sites, tokens and fingerprints
/// are drawn from that they meet often. `-Dseed=` repeats a run.
final class RandomOperations {
    private static final int SITES = 3;
    private static final int TOKENS = 60;
    private static final int FINGERPRINTS = 80;
    private static final int DATA = 4;
    private static final int SETTINGS = 12;
    private static final int BATCH_MAX = 12;
    private static final int SECONDS = 5;

    private final long seed = Long.getLong("seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private long second = 1000;
    private final List<Change.Insert> sought = new ArrayList<>();

    void next(int number, TokenStore store, TokenStore yardstick) throws StoreException {
        String description = "operation " + number + " of -Dseed=" + seed;
        switch (random.nextInt(20)) {
            case 0 -> {
                SiteId site = site();
                assertThat(store.holdsTokens(site)).as(description).isEqualTo(yardstick.holdsTokens(site));
                if (random.nextInt(8) == 0) {
                    store.destroyTokens(site);
                    yardstick.destroyTokens(site);
                }
            }
            case 1, 2 -> {
                String name = "setting/" + random.nextInt(SETTINGS);
                Optional<SealedData> expected = random.nextBoolean() ? yardstick.setting(name) : data();
                Optional<SealedData> value = data();
                assertThat(store.setSetting(name, expected, value))
                        .as(description)
                        .isEqualTo(yardstick.setSetting(name, expected, value));
                assertThat(store.setting(name)).as(description).isEqualTo(yardstick.setting(name));
            }
            case 3 -> {
                String prefix = "setting/1".substring(0, random.nextInt(10));
                assertThat(store.settingNames(prefix)).as(description).isEqualTo(yardstick.settingNames(prefix));
            }
            case 4 -> {
                Optional<TokenPlace> after = random.nextInt(4) == 0 ? Optional.empty() : Optional.of(place());
                int max = 1 + random.nextInt(20);
                assertThat(store.rows(after, max)).as(description).isEqualTo(yardstick.rows(after, max));
            }
            case 5, 6 -> {
                TokenPlace place = place();
                assertThat(store.byToken(place)).as(description).isEqualTo(yardstick.byToken(place));
            }
            case 7, 8, 9 -> {
                SiteId site = site();
                Fingerprint fingerprint = StoreSamples.fingerprint(random.nextInt(FINGERPRINTS));
                assertThat(store.byFingerprint(site, fingerprint))
                        .as(description)
                        .isEqualTo(yardstick.byFingerprint(site, fingerprint));
            }
            case 10 -> {
                Instant before = Instant.ofEpochSecond(second - random.nextInt(3 * SECONDS));
                store.forgetMarks(before);
                yardstick.forgetMarks(before);
                second += random.nextInt(3);
            }
            case 11 -> shortLived(store, yardstick, description);
            default -> {
                List<Change> batch = new ArrayList<>();
                for (int left = random.nextInt(BATCH_MAX); left >= 0; left--) {
                    Change change = change(store, yardstick);
                    batch.add(
                            switch (random.nextInt(8)) {
                                case 0 -> new Change.Remember(marks());
                                case 1, 2 -> new Change.Once(marks(), change);
                                default -> change;
                            });
                }
                assertThat(store.write(batch)).as(description).isEqualTo(yardstick.write(batch));
            }
        }
    }

    private void shortLived(TokenStore store, TokenStore yardstick, String description) throws StoreException {
        TokenPlace place = place();
        assertThat(store.shortLived(place)).as(description).isEqualTo(yardstick.shortLived(place));
        if (random.nextInt(4) == 0) {
            Instant now = deadline();
            store.destroyShortLived(now);
            yardstick.destroyShortLived(now);
        }
        Optional<TokenPlace> after = random.nextBoolean() ? Optional.empty() : Optional.of(place());
        int max = 1 + random.nextInt(20);
        assertThat(store.shortLivedRows(after, max)).as(description).isEqualTo(yardstick.shortLivedRows(after, max));
    }

    private Change change(TokenStore store, TokenStore yardstick) throws StoreException {
        TokenPlace place = place();
        return switch (random.nextInt(12)) {
            case 8, 9 -> new Change.Keep(new ShortLivedRow(place, deadline(), someData()));
            case 10, 11 -> new Change.Take(place, deadline());
            case 6, 7 -> {
                Optional<Fingerprint> there = random.nextInt(4) == 0
                        ? fingerprint()
                        : yardstick.byToken(place).flatMap(TokenRow::fingerprint);
                yield new Change.Refingerprint(place, there.orElse(someFingerprint()), someFingerprint());
            }
            case 0 -> new Change.Purge(place);
            case 1 -> with(new Change.Replace(place, data(), someData()), place);
            case 2 ->
                with(new Change.Replace(place, yardstick.byToken(place).flatMap(TokenRow::data), someData()), place);
            default -> {
                Change.Insert insert =
                        insert(store, yardstick, new TokenRow(place, fingerprint(), Optional.of(someData())));
                yield with(insert, insert.row().place());
            }
        };
    }

    /// At times with a short-lived row.
    private Change with(Change change, TokenPlace place) {
        return random.nextInt(3) == 0
                ? new Change.With(change, new ShortLivedRow(place, deadline(), someData()))
                : change;
    }

    private Instant deadline() {
        return Instant.ofEpochSecond(second + random.nextInt(3 * SECONDS));
    }

    /// At times of a row that was looked for, now or a while ago.
    private Change.Insert insert(TokenStore store, TokenStore yardstick, TokenRow row) throws StoreException {
        OptionalLong mark = store.mark();
        boolean absent = yardstick.byToken(row.place()).isEmpty();
        List<Fingerprint> others = row.fingerprint().isPresent() && random.nextBoolean()
                ? List.of(someFingerprint(), someFingerprint())
                : List.of();
        Change.Insert insert = new Change.Insert(row, others, mark);
        for (Fingerprint fingerprint : insert.sought()) {
            absent &= yardstick.byFingerprint(row.place().site(), fingerprint).isEmpty();
        }
        if (absent) {
            sought.add(insert);
        }
        return !sought.isEmpty() && random.nextBoolean()
                ? sought.remove(random.nextInt(sought.size()))
                : new Change.Insert(row, others, OptionalLong.empty());
    }

    /// Marks are of a store that is open, and end with it.
    void forgetMarks() {
        sought.clear();
    }

    private List<ReplayMark> marks() {
        ReplayMark one = mark();
        ReplayMark other = mark();
        return random.nextBoolean() || one.equals(other) ? List.of(one) : List.of(one, other);
    }

    private ReplayMark mark() {
        return StoreSamples.mark(second - random.nextInt(SECONDS), random.nextInt(8));
    }

    private SiteId site() {
        return new SiteId(1 + random.nextInt(SITES));
    }

    private TokenPlace place() {
        Domain[] domains = Domain.values();
        return new TokenPlace(
                site(), domains[random.nextInt(domains.length)], new Token("token-" + random.nextInt(TOKENS)));
    }

    private Optional<Fingerprint> fingerprint() {
        return random.nextInt(8) == 0 ? Optional.empty() : Optional.of(someFingerprint());
    }

    private Fingerprint someFingerprint() {
        return StoreSamples.fingerprint(random.nextInt(FINGERPRINTS));
    }

    private SealedData someData() {
        return StoreSamples.sealed(random.nextInt(DATA));
    }

    private Optional<SealedData> data() {
        return random.nextInt(4) == 0 ? Optional.empty() : Optional.of(someData());
    }
}
