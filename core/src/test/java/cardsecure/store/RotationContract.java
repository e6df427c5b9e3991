package cardsecure.store;

import static cardsecure.store.StoreSamples.SITE;
import static cardsecure.store.StoreSamples.fingerprint;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What every store does when keys are rotated: a part of [TokenStoreContract].
public interface RotationContract {
    /// A fresh, empty store; the test closes it.
    TokenStore newStore() throws Exception;

    private static Outcome write(TokenStore store, Change change) throws StoreException {
        return store.write(List.of(change)).getFirst();
    }

    @Test
    default void anInsertFindsTheRowOfEachFingerprintThatItsDatumMayHave() throws Exception {
        try (TokenStore store = newStore()) {
            TokenRow old = row("old", 1, 1);
            write(store, new Change.Insert(old));
            OptionalLong mark = store.mark();
            List<Fingerprint> others = List.of(fingerprint(7), fingerprint(1));

            assertThat(write(store, new Change.Insert(row("new", 2, 1), others, OptionalLong.empty())))
                    .isEqualTo(new Outcome.Exists(old));
            write(store, new Change.Insert(row("since", 7, 1), List.of(), mark));
            assertThat(write(store, new Change.Insert(row("new", 2, 1), List.of(fingerprint(7)), mark)))
                    .isEqualTo(new Outcome.Exists(row("since", 7, 1)));
            assertThat(store.byToken(place("new"))).isEmpty();
            assertThat(write(store, new Change.Insert(row("new", 2, 1), List.of(fingerprint(9)), mark)))
                    .isEqualTo(new Outcome.Inserted());
            assertThat(store.byFingerprint(SITE, fingerprint(9))).isEmpty();
        }
    }

    @Test
    default void aRowGetsAnotherFingerprintIfItHasTheOneThatIsExpected() throws Exception {
        try (TokenStore store = newStore()) {
            write(store, new Change.Insert(row("t1", 1, 1)));
            write(store, new Change.Insert(row("t2", 2, 2)));
            OptionalLong mark = store.mark();

            assertThat(refingerprint(store, "t3", 1, 3)).isEqualTo(new Outcome.Absent());
            assertThat(refingerprint(store, "t1", 3, 4)).isEqualTo(new Outcome.Differs());
            assertThat(refingerprint(store, "t1", 1, 2)).isEqualTo(new Outcome.Exists(row("t2", 2, 2)));
            assertThat(refingerprint(store, "t1", 1, 3)).isEqualTo(new Outcome.Changed());

            assertThat(store.byFingerprint(SITE, fingerprint(1))).isEmpty();
            assertThat(store.byFingerprint(SITE, fingerprint(3))).contains(row("t1", 3, 1));
            assertThat(store.byToken(place("t1"))).contains(row("t1", 3, 1));
            assertThat(write(store, new Change.Insert(row("t4", 3, 1), List.of(), mark)))
                    .isEqualTo(new Outcome.Exists(row("t1", 3, 1)));
            assertThat(write(store, new Change.Insert(row("t4", 1, 1), List.of(), mark)))
                    .isEqualTo(new Outcome.Inserted());
        }
    }

    private static Outcome refingerprint(TokenStore store, String token, int expected, int replacement)
            throws StoreException {
        return write(store, new Change.Refingerprint(place(token), fingerprint(expected), fingerprint(replacement)));
    }

    @Test
    default void anIndexOfTheStoresOwnHasEachFingerprintOnceAndNoOther() throws Exception {
        try (TokenStore store = newStore()) {
            for (int i = 0; i < 20; i++) {
                write(store, new Change.Insert(row("row-" + i, i, i)));
            }
            write(store, new Change.Insert(new TokenRow(place("u"), Optional.empty(), Optional.of(sealed(1)))));
            write(store, new Change.Purge(place("row-3")));
            refingerprint(store, "row-4", 4, 104);
            List<IndexEntry> walked = new ArrayList<>();
            Page<IndexEntry> page = store.index(Optional.empty(), 7);
            while (!page.isEmpty()) {
                assertThat(page.damagedCount()).isZero();
                walked.addAll(page.items());
                page = store.index(Optional.of(page.last()), 7);
            }

            if (!walked.isEmpty()) {
                Set<IndexEntry> expected = new HashSet<>();
                for (TokenRow row : store.rows(Optional.empty(), 100).items()) {
                    row.fingerprint().ifPresent(one -> expected.add(new IndexEntry(SITE, one, row.place())));
                }
                assertThat(walked).doesNotHaveDuplicates().hasSize(20).containsExactlyInAnyOrderElementsOf(expected);
            }
        }
    }

    @Test
    default void aWalkThroughTheRowsGivesEachOnceWhateverIsInsertedMeanwhile() throws Exception {
        try (TokenStore store = newStore()) {
            Set<TokenRow> there = new HashSet<>();
            for (int i = 0; i < 100; i++) {
                TokenRow row = row("row-" + i, i, i);
                there.add(row);
                write(store, new Change.Insert(row));
            }
            List<TokenRow> walked = new ArrayList<>();
            Optional<TokenPlace> after = Optional.empty();
            int inserted = 100;
            Page<TokenRow> page = store.rows(after, 7);
            while (!page.isEmpty()) {
                assertThat(page.items()).hasSizeLessThanOrEqualTo(7);
                assertThat(page.damagedCount()).isZero();
                walked.addAll(page.items());
                after = Optional.of(page.last().place());
                if (inserted < 120) {
                    write(store, new Change.Insert(row("row-" + inserted, inserted, 1)));
                    inserted++;
                }
                page = store.rows(after, 7);
            }

            assertThat(walked).doesNotHaveDuplicates().containsAll(there);
        }
    }
}
