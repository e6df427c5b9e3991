package cardsecure.vault;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Seeded;
import cardsecure.TestCards;
import cardsecure.card.Domain;
import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.FaultyTokenStore;
import cardsecure.store.Fingerprint;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.Outcome;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.token.Token;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// The vault on stores that race, fail and lie.
class VaultAndItsStoreTest {
    private static final String STORE_PROBLEM = "0046::Token database problem";

    @Test
    void twoHundredThreadsWithOneCardGetOneToken() throws Exception {
        try (TestVault vault = new TestVault()) {
            Set<String> tokens = vault.answersAtOnce(200, "CE", TestCards.VISA);

            assertThat(tokens).hasSize(1).allMatch(token -> token.startsWith("944"));
            assertThat(vault.store.approximateRows()).hasValue(1);
        }
    }

    @Test
    void purgesAndRefillsAtOnceLeaveOneTokenThatWorks() throws Exception {
        try (TestVault vault = new TestVault();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String token = vault.answer("CE", TestCards.VISA);
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                boolean purge = i % 2 == 0;
                calls.add(() -> purge ? vault.answer("CP", token) : vault.answer("CE", TestCards.VISA));
            }
            for (Future<String> call : threads.invokeAll(calls)) {
                assertThat(call.get()).isEqualTo(token);
            }

            assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(token);
            assertThat(vault.answer("CD", token)).isEqualTo(TestCards.VISA);
        }
    }

    @Test
    void whenNoTokenIsFreeTheCallIsRefused() throws StoreException {
        RandomGenerator fixed = () -> 42;
        try (TestVault vault = new TestVault(new MemoryTokenStore(), fixed)) {
            String token = vault.answer("CE", TestCards.VISA);

            assertThat(vault.answerUnique("CE", TestCards.VISA)).isEqualTo("0053::Token or data duplicate");
            assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(token);
            assertThat(vault.answer("CE", TestCards.AMEX)).startsWith("937");
        }
    }

    @Test
    void aFailingStoreIsAnErrorAndLosesNothingThatWasAcknowledged() {
        Seeded.forAll(20, random -> {
            MemoryTokenStore memory = new MemoryTokenStore();
            try (TestVault vault =
                    new TestVault(new FaultyTokenStore(memory, random.nextLong(), 20), new SecureRandom())) {
                Map<String, String> acknowledged = new HashMap<>();
                int refused = 0;
                for (int i = 0; i < 60; i++) {
                    String card = TestCards.cardOf("4444" + random.nextInt(10, 30), 16);
                    String token = vault.answer("CE", card);
                    if (token.equals(STORE_PROBLEM)) {
                        refused++;
                    } else {
                        String before = acknowledged.put(card, token);
                        assertThat(before == null || before.equals(token)).isTrue();
                    }
                }

                assertThat(refused).isPositive();
                acknowledged.forEach((card, token) -> {
                    String revealed = vault.answer("CD", token);
                    while (revealed.equals(STORE_PROBLEM)) {
                        revealed = vault.answer("CD", token);
                    }
                    assertThat(revealed).isEqualTo(card);
                });
                assertThat(new HashSet<>(acknowledged.values())).hasSameSizeAs(acknowledged.keySet());
            }
        });
    }

    @Test
    void aSwappedIndexEntryNeverGivesAnothersToken() throws StoreException {
        HostileStore store = new HostileStore();
        try (TestVault vault = TestVault.thatLooks(store)) {
            vault.answer("CE", TestCards.VISA);
            String others = vault.answer("CE", TestCards.VISA_ONES);
            store.answerAllWith(place(others));

            assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(STORE_PROBLEM);
            assertThat(vault.answer("CE", TestCards.AMEX)).isEqualTo(STORE_PROBLEM);
            assertThat(vault.answer("CE", TestCards.VISA_ONES)).isEqualTo(others);
        }
    }

    @Test
    void aSwappedRowThatClaimsTheRightFingerprintIsFoundByItsData() throws StoreException {
        HostileStore store = new HostileStore();
        try (TestVault vault = TestVault.thatLooks(store)) {
            String others = vault.answer("CE", TestCards.VISA_ONES);
            store.answerAllWith(place(others));
            store.forgeFingerprints();

            assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(STORE_PROBLEM);
            assertThat(vault.answer("CE", TestCards.VISA_ONES)).isEqualTo(others);
        }
    }

    @Test
    void aSwappedIndexEntryOfAPurgedRowIsNotRefilledWithAnothersData() throws StoreException {
        HostileStore store = new HostileStore();
        try (TestVault vault = TestVault.thatLooks(store)) {
            vault.answer("CE", TestCards.VISA);
            String others = vault.answer("CE", TestCards.VISA_ONES);
            vault.answer("CP", others);
            store.answerAllWith(place(others));

            assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(STORE_PROBLEM);
            assertThat(vault.answer("CD", others)).isEqualTo("0048::Token purged");
        }
    }

    @Test
    void aCardThatWasFoundOfLateIsKeptAgainAfterAPurge() throws StoreException {
        try (TestVault vault = new TestVault()) {
            String token = vault.answer("CE", TestCards.VISA);
            for (int i = 0; i < 3; i++) {
                assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(token);
                vault.answer("CP", token);
                assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(token);
                assertThat(vault.answer("CD", token)).isEqualTo(TestCards.VISA);
            }
        }
    }

    @Test
    void anInsertThatIsAnsweredWithAnothersRowIsRefused() throws StoreException {
        HostileStore store = new HostileStore();
        try (TestVault vault = TestVault.thatLooks(store)) {
            String others = vault.answer("CE", TestCards.VISA_ONES);
            store.answerInsertsWith(place(others));

            assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(STORE_PROBLEM);
        }
    }

    @Test
    void aRowThatIsMovedToAnotherTokenDoesNotOpen() throws StoreException {
        HostileStore store = new HostileStore();
        try (TestVault vault = TestVault.thatLooks(store)) {
            String token = vault.answer("CE", TestCards.VISA);
            String others = vault.answer("CE", TestCards.VISA_ONES);
            store.swapDataTo(place(others));

            assertThat(vault.answer("CD", token)).isEqualTo("0024::Decryption failure");
            assertThat(vault.answer("CT", token)).isEqualTo("0024::Decryption failure");
            assertThat(vault.answer("CD", others)).isEqualTo(TestCards.VISA_ONES);
        }
    }

    @Test
    void aClearRowIsAForgeryWhereEverythingIsSealed() throws StoreException {
        HostileStore store = new HostileStore();
        try (TestVault vault = TestVault.thatLooks(store)) {
            String token = vault.answer("CE", TestCards.VISA);
            store.forgeClear(TestCards.VISA_ONES);

            assertThat(vault.answer("CD", token)).isEqualTo("0024::Decryption failure");
        }
    }

    @Test
    void aFaultOfTheStoresOwnIsAnErrorToo() throws StoreException {
        HostileStore store = new HostileStore();
        try (TestVault vault = TestVault.thatLooks(store)) {
            store.breakDown();

            assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo("0043::Server failed");
            assertThat(vault.events.toString()).doesNotContain(TestCards.VISA);
        }
    }

    private static TokenPlace place(String token) {
        return new TokenPlace(new SiteId(1), Domain.CARD, new Token(token));
    }

    /// A store that keeps rows as it should, and answers what it is told to.
    private static final class HostileStore extends ForwardingTokenStore {
        private final MemoryTokenStore store;
        private Optional<TokenPlace> fingerprints = Optional.empty();
        private Optional<TokenPlace> inserts = Optional.empty();
        private Optional<TokenPlace> dataOf = Optional.empty();
        private Optional<SealedData> forged = Optional.empty();
        private boolean forging;
        private boolean broken;

        HostileStore() {
            this(new MemoryTokenStore());
        }

        private HostileStore(MemoryTokenStore store) {
            super(store);
            this.store = store;
        }

        void answerAllWith(TokenPlace place) {
            fingerprints = Optional.of(place);
        }

        void answerInsertsWith(TokenPlace place) {
            inserts = Optional.of(place);
        }

        void swapDataTo(TokenPlace place) {
            dataOf = Optional.of(place);
        }

        void forgeClear(String data) {
            forged = Optional.of(new SealedData(("\0" + data).getBytes(StandardCharsets.UTF_8)));
        }

        void forgeFingerprints() {
            forging = true;
        }

        void breakDown() {
            broken = true;
        }

        @Override
        public List<Outcome> write(List<Change> changes, OptionalLong generation) {
            if (inserts.isPresent()) {
                TokenRow row = store.byToken(inserts.get()).orElseThrow();
                return changes.stream()
                        .<Outcome>map(_ -> new Outcome.Exists(row))
                        .toList();
            }
            return store.write(changes, generation);
        }

        @Override
        public Optional<TokenRow> byToken(TokenPlace place) {
            Optional<SealedData> data =
                    dataOf.flatMap(store::byToken).flatMap(TokenRow::data).or(() -> forged);
            return store.byToken(place)
                    .map(row -> data.isPresent() ? new TokenRow(place, row.fingerprint(), data) : row);
        }

        @Override
        public Optional<TokenRow> byFingerprint(SiteId site, Fingerprint fingerprint) {
            if (broken) {
                throw new IllegalStateException("an index of the store is broken");
            }
            Optional<TokenRow> row = fingerprints.isPresent()
                    ? fingerprints.flatMap(store::byToken)
                    : store.byFingerprint(site, fingerprint);
            return forging ? row.map(each -> new TokenRow(each.place(), Optional.of(fingerprint), each.data())) : row;
        }
    }
}
