package cardsecure.store;

import static cardsecure.store.StoreSamples.SITE;
import static cardsecure.store.StoreSamples.fingerprint;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.card.Domain;
import cardsecure.site.SiteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every store does. A store's test implements this and so runs all of it.
public interface TokenStoreContract
        extends FreshReadContract, RotationContract, ReplayMarkContract, ShortLivedContract {
    /// How many random operations a store has to stand.
    int RANDOM_OPERATIONS = 5000;

    /// A fresh, empty store; the test closes it.
    @Override
    TokenStore newStore() throws Exception;

    /// Closes a store and opens it again, where that means anything.
    ///
    /// @return what has to be used, and closed, instead
    @Override
    default TokenStore reopen(TokenStore store) throws Exception {
        return store;
    }

    private static Outcome write(TokenStore store, Change change) throws StoreException {
        return store.write(List.of(change)).getFirst();
    }

    @Test
    default void aNewRowIsInsertedAndFoundByTokenAndByFingerprint() throws Exception {
        try (TokenStore store = newStore()) {
            TokenRow row = row("t1", 1, 1);
            assertThat(write(store, new Change.Insert(row))).isEqualTo(new Outcome.Inserted());
            assertThat(store.byToken(row.place())).contains(row);
            assertThat(store.byFingerprint(SITE, fingerprint(1))).contains(row);
            assertThat(store.approximateRows().orElse(1)).isEqualTo(1);
            assertThat(store.health()).isEqualTo("ok");
        }
    }

    @Test
    default void whatIsNotThereIsNotFound() throws Exception {
        try (TokenStore store = newStore()) {
            assertThat(store.byToken(place("t1"))).isEmpty();
            assertThat(store.byFingerprint(SITE, fingerprint(1))).isEmpty();
            assertThat(store.setting("s")).isEmpty();
            assertThat(store.settingNames("")).isEmpty();
            assertThat(store.holdsTokens(SITE)).isFalse();
            assertThat(store.write(List.of())).isEmpty();
        }
    }

    @Test
    default void aSecondInsertOfAFingerprintAnswersTheFirstRow() throws Exception {
        try (TokenStore store = newStore()) {
            TokenRow first = row("t1", 1, 1);
            write(store, new Change.Insert(first));
            assertThat(write(store, new Change.Insert(first))).isEqualTo(new Outcome.Exists(first));
            assertThat(write(store, new Change.Insert(row("t2", 1, 2)))).isEqualTo(new Outcome.Exists(first));
            assertThat(store.byToken(place("t2"))).isEmpty();
            assertThat(store.byToken(place("t1"))).contains(first);
        }
    }

    @Test
    default void aTakenPlaceIsNotOverwritten() throws Exception {
        try (TokenStore store = newStore()) {
            TokenRow first = row("t1", 1, 1);
            write(store, new Change.Insert(first));
            assertThat(write(store, new Change.Insert(row("t1", 2, 2)))).isEqualTo(new Outcome.TokenTaken());
            TokenRow unique = new TokenRow(place("t1"), Optional.empty(), Optional.of(sealed(3)));
            assertThat(write(store, new Change.Insert(unique))).isEqualTo(new Outcome.TokenTaken());
            assertThat(store.byToken(place("t1"))).contains(first);
            assertThat(store.byFingerprint(SITE, fingerprint(2))).isEmpty();
        }
    }

    @Test
    default void rowsWithoutAFingerprintAreAllKept() throws Exception {
        try (TokenStore store = newStore()) {
            for (int i = 0; i < 3; i++) {
                TokenRow row = new TokenRow(place("u" + i), Optional.empty(), Optional.of(sealed(7)));
                assertThat(write(store, new Change.Insert(row))).isEqualTo(new Outcome.Inserted());
                assertThat(store.byToken(row.place())).contains(row);
            }
        }
    }

    @Test
    default void aPurgeTakesTheDatumAndLeavesTokenAndFingerprint() throws Exception {
        try (TokenStore store = newStore()) {
            write(store, new Change.Insert(row("t1", 1, 1)));
            TokenRow purged = new TokenRow(place("t1"), Optional.of(fingerprint(1)), Optional.empty());
            for (int times = 0; times < 2; times++) {
                assertThat(write(store, new Change.Purge(place("t1")))).isEqualTo(new Outcome.Changed());
                assertThat(store.byToken(place("t1"))).contains(purged);
                assertThat(store.byFingerprint(SITE, fingerprint(1))).contains(purged);
            }
            assertThat(write(store, new Change.Insert(row("t2", 1, 2)))).isEqualTo(new Outcome.Exists(purged));
            assertThat(write(store, new Change.Purge(place("t9")))).isEqualTo(new Outcome.Absent());
        }
    }

    @Test
    default void aReplacementIsMadeOnlyIfTheDatumIsAsExpected() throws Exception {
        try (TokenStore store = newStore()) {
            write(store, new Change.Insert(row("t1", 1, 1)));
            Change.Replace oneToTwo = new Change.Replace(place("t1"), Optional.of(sealed(1)), sealed(2));
            assertThat(write(store, oneToTwo)).isEqualTo(new Outcome.Changed());
            assertThat(write(store, oneToTwo)).isEqualTo(new Outcome.Differs());
            assertThat(write(store, new Change.Replace(place("t1"), Optional.empty(), sealed(3))))
                    .isEqualTo(new Outcome.Differs());
            assertThat(store.byToken(place("t1"))).contains(row("t1", 1, 2));
            write(store, new Change.Purge(place("t1")));
            assertThat(write(store, new Change.Replace(place("t1"), Optional.empty(), sealed(3))))
                    .isEqualTo(new Outcome.Changed());
            assertThat(store.byFingerprint(SITE, fingerprint(1))).contains(row("t1", 1, 3));
            assertThat(write(store, new Change.Replace(place("t9"), Optional.empty(), sealed(3))))
                    .isEqualTo(new Outcome.Absent());
        }
    }

    @Test
    default void changesOfOneBatchSeeThoseBeforeThem() throws Exception {
        try (TokenStore store = newStore()) {
            TokenRow first = row("t1", 1, 1);
            TokenRow purged = new TokenRow(place("t1"), Optional.of(fingerprint(1)), Optional.empty());
            assertThat(store.write(List.of(
                            new Change.Purge(place("t1")),
                            new Change.Insert(first),
                            new Change.Insert(row("t2", 1, 2)),
                            new Change.Insert(row("t1", 3, 3)),
                            new Change.Purge(place("t1")),
                            new Change.Insert(row("t4", 1, 4)),
                            new Change.Replace(place("t1"), Optional.of(sealed(1)), sealed(5)),
                            new Change.Replace(place("t1"), Optional.empty(), sealed(6)))))
                    .containsExactly(
                            new Outcome.Absent(),
                            new Outcome.Inserted(),
                            new Outcome.Exists(first),
                            new Outcome.TokenTaken(),
                            new Outcome.Changed(),
                            new Outcome.Exists(purged),
                            new Outcome.Differs(),
                            new Outcome.Changed());
            assertThat(store.byFingerprint(SITE, fingerprint(1))).contains(row("t1", 1, 6));
        }
    }

    @Test
    default void anInsertThatWasSoughtInVainStillClashesWithWhatCameSince() throws Exception {
        try (TokenStore store = newStore()) {
            TokenRow before = row("before", 1, 1);
            write(store, new Change.Insert(before));
            OptionalLong mark = store.mark();
            TokenRow since = row("since", 2, 2);
            write(store, new Change.Insert(since, List.of(), mark));
            for (int i = 0; i < 20; i++) {
                assertThat(write(store, new Change.Insert(row("t" + i, 2, 3), List.of(), mark)))
                        .isEqualTo(new Outcome.Exists(since));
                assertThat(write(store, new Change.Insert(row("since", 100 + i, 3), List.of(), mark)))
                        .isEqualTo(new Outcome.TokenTaken());
                List<Change> others = new ArrayList<>();
                for (int j = 0; j < 1000; j++) {
                    others.add(new Change.Insert(row("o-" + i + "-" + j, 1000 * (i + 1) + j, 4), List.of(), mark));
                }
                assertThat(store.write(others)).allMatch(new Outcome.Inserted()::equals);
                assertThat(store.write(others.subList(0, 1))).allMatch(outcome -> outcome instanceof Outcome.Exists);
            }
        }
    }

    @Test
    default void ofTwoHundredWhoInsertOneFingerprintOneIsFirstAndAllLearnItsRow() throws Exception {
        try (TokenStore store = newStore();
                GroupCommit commits = new GroupCommit(store, 1000, 16);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Outcome>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                TokenRow row = row("race-" + i, 1, i);
                answers.add(threads.submit(() -> {
                    start.await();
                    return commits.commit(new Change.Insert(row));
                }));
            }
            start.countDown();
            int inserted = 0;
            List<Outcome> others = new ArrayList<>();
            for (Future<Outcome> answer : answers) {
                switch (answer.get()) {
                    case Outcome.Inserted _ -> inserted++;
                    case Outcome outcome -> others.add(outcome);
                }
            }
            TokenRow winner = store.byFingerprint(SITE, fingerprint(1)).orElseThrow();
            assertThat(inserted).isEqualTo(1);
            assertThat(others).hasSize(199).allMatch(new Outcome.Exists(winner)::equals);
        }
    }

    @Test
    default void aStoreThatIsOpenedAgainHasEverything() throws Exception {
        TokenStore store = newStore();
        try {
            write(store, new Change.Insert(row("t1", 1, 1)));
            write(store, new Change.Insert(row("t2", 2, 2)));
            write(store, new Change.Purge(place("t2")));
            store.setSetting("site/1", Optional.empty(), Optional.of(sealed(9)));
            store = reopen(store);
            assertThat(store.byToken(place("t1"))).contains(row("t1", 1, 1));
            assertThat(store.byFingerprint(SITE, fingerprint(2)))
                    .contains(new TokenRow(place("t2"), Optional.of(fingerprint(2)), Optional.empty()));
            assertThat(store.setting("site/1")).contains(sealed(9));
            assertThat(write(store, new Change.Insert(row("t3", 1, 3)))).isEqualTo(new Outcome.Exists(row("t1", 1, 1)));
        } finally {
            store.close();
        }
    }

    @Test
    default void theLargestRowsAndEveryByteAreKept() throws Exception {
        TokenStore store = newStore();
        try {
            byte[] large = new byte[1024 * 4 + 64];
            for (int i = 0; i < large.length; i++) {
                large[i] = (byte) i;
            }
            List<TokenRow> rows = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                String token = "L".repeat(63) + i;
                rows.add(new TokenRow(
                        place(Domain.PERSONAL, token),
                        Optional.of(fingerprint(i)),
                        Optional.of(new SealedData(large))));
            }
            rows.add(new TokenRow(place("-"), Optional.empty(), Optional.of(new SealedData(new byte[0]))));
            store.write(rows.stream().<Change>map(Change.Insert::new).toList());
            store.setSetting("s".repeat(100), Optional.empty(), Optional.of(new SealedData(large)));
            store = reopen(store);
            for (TokenRow row : rows) {
                assertThat(store.byToken(row.place())).contains(row);
            }
            assertThat(store.setting("s".repeat(100))).contains(new SealedData(large));
        } finally {
            store.close();
        }
    }

    @Test
    default void theSameTokenInTwoSitesOrDomainsIsTwoRows() throws Exception {
        try (TokenStore store = newStore()) {
            List<TokenPlace> places = new ArrayList<>();
            for (int site : new int[] {1, 2, 256, Integer.MAX_VALUE}) {
                for (Domain domain : Domain.values()) {
                    places.add(
                            new TokenPlace(new SiteId(site), domain, place("C1").token()));
                }
            }
            for (int i = 0; i < places.size(); i++) {
                TokenRow row = new TokenRow(places.get(i), Optional.empty(), Optional.of(sealed(i)));
                assertThat(write(store, new Change.Insert(row))).isEqualTo(new Outcome.Inserted());
            }
            write(store, new Change.Purge(places.getFirst()));
            for (int i = 1; i < places.size(); i++) {
                assertThat(store.byToken(places.get(i)).orElseThrow().data()).contains(sealed(i));
            }
        }
    }

    @Test
    default void oneFingerprintInTwoSitesIsTwoRows() throws Exception {
        try (TokenStore store = newStore()) {
            SiteId other = new SiteId(SITE.number() + 1);
            TokenPlace otherPlace =
                    new TokenPlace(other, Domain.CARD, place("t1").token());
            TokenRow otherRow = new TokenRow(otherPlace, Optional.of(fingerprint(1)), Optional.of(sealed(2)));
            write(store, new Change.Insert(row("t1", 1, 1)));
            assertThat(write(store, new Change.Insert(otherRow))).isEqualTo(new Outcome.Inserted());
            assertThat(store.byFingerprint(SITE, fingerprint(1))).contains(row("t1", 1, 1));
            assertThat(store.byFingerprint(other, fingerprint(1))).contains(otherRow);
        }
    }

    @Test
    default void destroyingASitesTokensTouchesNoOtherSite() throws Exception {
        TokenStore store = newStore();
        try {
            List<SiteId> sites = List.of(
                    new SiteId(1), new SiteId(2), new SiteId(3), new SiteId(258), new SiteId(Integer.MAX_VALUE));
            for (SiteId site : sites) {
                TokenPlace place = new TokenPlace(site, Domain.CARD, place("t1").token());
                write(
                        store,
                        new Change.Insert(new TokenRow(place, Optional.of(fingerprint(1)), Optional.of(sealed(1)))));
            }
            for (SiteId destroyed : List.of(sites.get(1), sites.getLast())) {
                assertThat(store.holdsTokens(destroyed)).isTrue();
                store.destroyTokens(destroyed);
            }
            store = reopen(store);
            for (SiteId site : sites) {
                boolean kept = !site.equals(sites.get(1)) && !site.equals(sites.getLast());
                assertThat(store.holdsTokens(site)).isEqualTo(kept);
                assertThat(store.byFingerprint(site, fingerprint(1)).isPresent())
                        .isEqualTo(kept);
            }
            TokenPlace again =
                    new TokenPlace(sites.get(1), Domain.CARD, place("t1").token());
            TokenRow row = new TokenRow(again, Optional.of(fingerprint(1)), Optional.of(sealed(1)));
            assertThat(write(store, new Change.Insert(row))).isEqualTo(new Outcome.Inserted());
        } finally {
            store.close();
        }
    }

    @Test
    default void aSettingIsSetAndRemovedOnlyIfItIsAsExpected() throws Exception {
        try (TokenStore store = newStore()) {
            assertThat(store.setSetting("s", Optional.of(sealed(1)), Optional.of(sealed(2))))
                    .isFalse();
            assertThat(store.setSetting("s", Optional.empty(), Optional.of(sealed(1))))
                    .isTrue();
            assertThat(store.setSetting("s", Optional.empty(), Optional.of(sealed(2))))
                    .isFalse();
            assertThat(store.setSetting("s", Optional.of(sealed(1)), Optional.of(sealed(2))))
                    .isTrue();
            assertThat(store.setting("s")).contains(sealed(2));
            assertThat(store.setSetting("s", Optional.of(sealed(1)), Optional.empty()))
                    .isFalse();
            assertThat(store.setSetting("s", Optional.of(sealed(2)), Optional.empty()))
                    .isTrue();
            assertThat(store.setting("s")).isEmpty();
            assertThat(store.setSetting("s", Optional.empty(), Optional.empty()))
                    .isTrue();
        }
    }

    @Test
    default void ofManyWhoSetASettingAtOnceOneSucceeds() throws Exception {
        try (TokenStore store = newStore();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                SealedData value = sealed(i);
                answers.add(threads.submit(() -> store.setSetting("s", Optional.empty(), Optional.of(value))));
            }
            int set = 0;
            for (Future<Boolean> answer : answers) {
                set += answer.get() ? 1 : 0;
            }
            assertThat(set).isEqualTo(1);
        }
    }

    @Test
    default void settingNamesAreFoundByPrefixInTheirOrder() throws Exception {
        try (TokenStore store = newStore()) {
            for (String name : List.of("site/2", "site/10", "site", "sitf", "keystore", "site/", "~", " ")) {
                store.setSettingUntold(name, Optional.empty(), Optional.of(sealed(1)));
            }
            assertThat(store.settingNames("site/")).containsExactly("site/", "site/10", "site/2");
            assertThat(store.settingNames("site")).containsExactly("site", "site/", "site/10", "site/2");
            assertThat(store.settingNames("")).hasSize(8);
            assertThat(store.settingNames("zzz")).isEmpty();
        }
    }

    @Test
    default void randomOperationsAreAnsweredAsByTheStoreInMemory() throws Exception {
        TokenStore store = newStore();
        try (TokenStore yardstick = new MemoryTokenStore()) {
            RandomOperations operations = new RandomOperations();
            for (int i = 0; i < RANDOM_OPERATIONS; i++) {
                if (i % 1000 == 999) {
                    store = reopen(store);
                    operations.forgetMarks();
                }
                operations.next(i, store, yardstick);
            }
        } finally {
            store.close();
        }
    }
}
