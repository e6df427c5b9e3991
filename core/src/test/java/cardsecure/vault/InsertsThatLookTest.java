package cardsecure.vault;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.Fingerprint;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.Outcome;
import cardsecure.store.StoreException;
import cardsecure.store.TokenRow;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Whether a card is looked for before it is inserted, where the store's look-ups are no cheaper than its inserts.
class InsertsThatLookTest {
    /// So many new cards in a row are enough.
    private static final int MANY = 2000;

    private final CountingStore store = new CountingStore();

    private static final class CountingStore extends ForwardingTokenStore {
        private final AtomicInteger looks = new AtomicInteger();
        private final AtomicInteger inserts = new AtomicInteger();
        private volatile OptionalLong mark = OptionalLong.empty();
        private volatile boolean fails;

        CountingStore() {
            super(new MemoryTokenStore());
        }

        @Override
        public OptionalLong mark() {
            return mark;
        }

        @Override
        public Optional<TokenRow> byFingerprint(SiteId site, Fingerprint fingerprint) throws StoreException {
            looks.incrementAndGet();
            return super.byFingerprint(site, fingerprint);
        }

        @Override
        public List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException {
            changes.stream().filter(Change.Insert.class::isInstance).forEach(_ -> inserts.incrementAndGet());
            if (fails) {
                throw new StoreException("the database is read-only");
            }
            return super.write(changes, generation);
        }

        private void reset() {
            looks.set(0);
            inserts.set(0);
        }
    }

    private static String card(int number) {
        return TestCards.cardOf(String.format("4444%08d", number), 16);
    }

    private static void tokenizeNew(TestVault vault, int first, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(vault.answer("CE", card(first + i))).startsWith("944");
        }
    }

    @Test
    void whileAllCardsAreNewNoneIsLookedFor() throws StoreException {
        try (TestVault vault = TestVault.thatLooks(store)) {
            tokenizeNew(vault, 0, MANY);
            store.reset();
            tokenizeNew(vault, MANY, 100);
            assertThat(store.looks).hasValue(0);
            assertThat(store.inserts).hasValue(100);
        }
    }

    @Test
    void aKnownCardHasItsTokenAllTheSame() throws StoreException {
        try (TestVault vault = TestVault.thatLooks(store)) {
            String token = vault.answer("CE", TestCards.VISA);
            String purged = vault.answer("CE", TestCards.AMEX);
            assertThat(vault.answer("CP", purged)).isEqualTo(purged);
            tokenizeNew(vault, 0, MANY);
            store.reset();
            assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(token);
            tokenizeNew(vault, MANY, MANY);
            assertThat(vault.answer("CE", TestCards.AMEX)).isEqualTo(purged);
            assertThat(store.inserts.get()).isEqualTo(MANY + 2);
            assertThat(vault.answer("CD", purged)).isEqualTo(TestCards.AMEX);
        }
    }

    @Test
    void whenKnownCardsComeAgainTheyAreLookedForAndNotInserted() throws StoreException {
        try (TestVault vault = TestVault.thatLooks(store)) {
            tokenizeNew(vault, 0, MANY);
            tokenizeNew(vault, 0, 10);
            store.reset();
            tokenizeNew(vault, 0, 100);
            assertThat(store.inserts).hasValue(0);
            assertThat(store.looks).hasValue(100);
        }
    }

    @Test
    void whenNothingCanBeWrittenKnownCardsAreAnsweredAfterTheFirst() throws StoreException {
        try (TestVault vault = TestVault.thatLooks(store)) {
            String token = vault.answer("CE", TestCards.VISA);
            tokenizeNew(vault, 0, MANY);
            store.fails = true;
            assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo("0046::Token database problem");
            for (int i = 0; i < 10; i++) {
                assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(token);
            }
            assertThat(vault.answer("CE", TestCards.AMEX)).isEqualTo("0046::Token database problem");
        }
    }

    @Test
    void tokensThatAreUniqueSayNothingOfWhatIsKnown() throws StoreException {
        try (TestVault vault = TestVault.thatLooks(store)) {
            for (int i = 0; i < MANY; i++) {
                assertThat(vault.answerUnique("CE", TestCards.VISA)).startsWith("944");
            }
            store.reset();
            tokenizeNew(vault, 0, 10);
            assertThat(store.looks).hasValue(10);
        }
    }

    @Test
    void whereLookUpsAreCheapAllAreLookedFor() throws StoreException {
        store.mark = OptionalLong.of(0);
        try (TestVault vault = TestVault.thatLooks(store)) {
            tokenizeNew(vault, 0, MANY);
            store.reset();
            tokenizeNew(vault, MANY, 100);
            assertThat(store.looks).hasValue(100);
        }
    }

    @Test
    void manyAtOnceWithOneNewCardGetOneTokenThoughSomeDoNotLook() throws Exception {
        try (TestVault vault = TestVault.thatLooks(store)) {
            tokenizeNew(vault, 0, MANY);
            store.reset();
            Set<String> tokens = vault.answersAtOnce(200, "CE", TestCards.VISA);
            assertThat(tokens).hasSize(1).allMatch(token -> token.startsWith("944"));
            assertThat(store.looks.get()).isLessThan(200);
        }
    }
}
