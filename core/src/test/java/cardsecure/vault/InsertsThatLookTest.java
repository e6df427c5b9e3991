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
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Whether a card is looked for before it is inserted, where the store's look-ups are no cheaper than its inserts.
class InsertsThatLookTest {
    /// So many new cards in a row are enough.
    private static final int MANY = 1200;

    private final CountingStore store = new CountingStore();

    private static final class CountingStore extends ForwardingTokenStore {
        private final AtomicInteger looks = new AtomicInteger();
        private final AtomicInteger inserts = new AtomicInteger();
        private volatile OptionalLong mark = OptionalLong.empty();

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
        try (TestVault vault = new TestVault(store, new SecureRandom())) {
            tokenizeNew(vault, 0, MANY);
            store.reset();
            tokenizeNew(vault, MANY, 100);
            assertThat(store.looks).hasValue(0);
            assertThat(store.inserts).hasValue(100);
        }
    }

    @Test
    void aKnownCardHasItsTokenAllTheSame() throws StoreException {
        try (TestVault vault = new TestVault(store, new SecureRandom())) {
            String token = vault.answer("CE", TestCards.VISA);
            String purged = vault.answer("CE", TestCards.AMEX);
            assertThat(vault.answer("CP", purged)).isEqualTo(purged);
            tokenizeNew(vault, 0, MANY);
            store.reset();
            assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(token);
            assertThat(vault.answer("CE", TestCards.AMEX)).isEqualTo(purged);
            assertThat(store.looks).hasValue(0);
            assertThat(vault.answer("CD", purged)).isEqualTo(TestCards.AMEX);
        }
    }

    @Test
    void whenKnownCardsComeAgainTheyAreLookedForAndNotInserted() throws StoreException {
        try (TestVault vault = new TestVault(store, new SecureRandom())) {
            tokenizeNew(vault, 0, MANY);
            tokenizeNew(vault, 0, 10);
            store.reset();
            tokenizeNew(vault, 0, 100);
            assertThat(store.inserts).hasValue(0);
            assertThat(store.looks).hasValue(100);
        }
    }

    @Test
    void whereLookUpsAreCheapAllAreLookedFor() throws StoreException {
        store.mark = OptionalLong.of(0);
        try (TestVault vault = new TestVault(store, new SecureRandom())) {
            tokenizeNew(vault, 0, MANY);
            store.reset();
            tokenizeNew(vault, MANY, 100);
            assertThat(store.looks).hasValue(100);
        }
    }

    @Test
    void manyAtOnceWithOneNewCardGetOneTokenWithoutALook() throws Exception {
        try (TestVault vault = new TestVault(store, new SecureRandom());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            tokenizeNew(vault, 0, MANY);
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(() -> vault.answer("CE", TestCards.VISA));
            }
            Set<String> tokens = new HashSet<>();
            for (Future<String> call : threads.invokeAll(calls)) {
                tokens.add(call.get());
            }
            assertThat(tokens).hasSize(1).allMatch(token -> token.startsWith("944"));
        }
    }
}
