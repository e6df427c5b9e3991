package cardsecure.store;

import static cardsecure.store.StoreSamples.SITE;
import static cardsecure.store.StoreSamples.fingerprint;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What a store keeps in memory may save it work: whoever reads after a change was acknowledged sees the change.
public interface FreshReadContract {
    /// How often the row is changed that all look at.
    int CHANGES = 400;

    /// A fresh, empty store; the test closes it.
    TokenStore newStore() throws Exception;

    /// The row as it is after so many changes: every third purges it, those after that hold another datum, and
    /// every fourth has another fingerprint.
    private static TokenRow version(int number) {
        Optional<SealedData> data = number % 3 == 2 ? Optional.empty() : Optional.of(sealed(number));
        return new TokenRow(place("looked-at"), Optional.of(fingerprint(1000L + number / 4)), data);
    }

    private static List<Change> changes(int number) {
        TokenRow before = version(number - 1);
        TokenRow after = version(number);
        List<Change> changes = new ArrayList<>();
        if (!before.fingerprint().equals(after.fingerprint())) {
            changes.add(new Change.Refingerprint(
                    after.place(),
                    before.fingerprint().orElseThrow(),
                    after.fingerprint().orElseThrow()));
        }
        changes.add(after.data()
                .<Change>map(data -> new Change.Replace(after.place(), before.data(), data))
                .orElseGet(() -> new Change.Purge(after.place())));
        return changes;
    }

    private static int look(TokenStore store, AtomicInteger acknowledged, Map<TokenRow, Integer> versions)
            throws StoreException {
        int looks = 0;
        do {
            int least = acknowledged.get();
            TokenRow seen = store.byToken(place("looked-at")).orElseThrow();
            assertThat(versions.get(seen)).as("the version by token").isGreaterThanOrEqualTo(least);
            least = acknowledged.get();
            Optional<TokenRow> found =
                    store.byFingerprint(SITE, version(least).fingerprint().orElseThrow());
            // It may have got its next one meanwhile.
            if (found.isPresent()) {
                assertThat(versions.get(found.get()))
                        .as("the version by fingerprint")
                        .isGreaterThanOrEqualTo(least);
            }
            looks++;
        } while (acknowledged.get() < CHANGES);
        return looks;
    }

    @Test
    default void nobodySeesWhatIsOlderThanAnAcknowledgedChange() throws Exception {
        Map<TokenRow, Integer> versions = new HashMap<>();
        for (int number = 0; number <= CHANGES; number++) {
            versions.put(version(number), number);
        }
        AtomicInteger acknowledged = new AtomicInteger();
        try (TokenStore store = newStore();
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            store.write(List.of(new Change.Insert(version(0))));
            List<Future<Integer>> looking = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                looking.add(threads.submit(() -> look(store, acknowledged, versions)));
            }
            try {
                for (int number = 1; number <= CHANGES; number++) {
                    assertThat(store.write(changes(number))).allMatch(new Outcome.Changed()::equals);
                    acknowledged.set(number);
                }
            } finally {
                acknowledged.set(CHANGES);
            }
            for (Future<Integer> looks : looking) {
                assertThat(looks.get()).isPositive();
            }
            assertThat(store.byToken(place("looked-at"))).contains(version(CHANGES));
        }
    }

    @Test
    default void whatWasReadAndDestroyedIsGone() throws Exception {
        try (TokenStore store = newStore()) {
            store.write(List.of(new Change.Insert(row("t1", 1, 1))));
            assertThat(store.byFingerprint(SITE, fingerprint(1))).contains(row("t1", 1, 1));
            store.destroyTokens(SITE);
            assertThat(store.byFingerprint(SITE, fingerprint(1))).isEmpty();
            assertThat(store.byToken(place("t1"))).isEmpty();
        }
    }
}
