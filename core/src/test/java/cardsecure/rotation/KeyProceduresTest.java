package cardsecure.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.DataKey;
import cardsecure.keys.KeyId;
import cardsecure.store.Change;
import cardsecure.store.DamagedEntry;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.Page;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class KeyProceduresTest {
    private static final KeyId ONE = new KeyId("001");

    private final MemoryTokenStore store = new MemoryTokenStore();

    static String card(int number) {
        return TestCards.cardOf("400000" + String.format("%09d", number), 16);
    }

    /// Cards with their tokens, of which every third is purged.
    static Map<String, String> fill(LivingVault vault, int cards) {
        Map<String, String> tokens = new LinkedHashMap<>();
        for (int i = 0; i < cards; i++) {
            String token = vault.answer("CE", card(i));
            tokens.put(card(i), token);
            if (i % 3 == 0) {
                assertThat(vault.answer("CP", token)).isEqualTo(token);
            }
        }
        return tokens;
    }

    /// That each token still tells what it told. The purged ones stay so: they are asked for their fingerprints last.
    static void assertKept(LivingVault vault, Map<String, String> tokens) {
        int i = 0;
        for (Map.Entry<String, String> entry : tokens.entrySet()) {
            String clear = vault.answer("CD", entry.getValue());
            assertThat(clear).isEqualTo(i % 3 == 0 ? "0048::Token purged" : entry.getKey());
            i++;
        }
    }

    /// That each card has its token, purged or not; afterwards none is purged any more.
    static void assertSameTokens(LivingVault vault, Map<String, String> tokens) {
        tokens.forEach((card, token) -> assertThat(vault.answer("CE", card)).isEqualTo(token));
    }

    private static List<String> states(LivingVault vault) {
        return vault.procedures.ring().dataKeys().all().stream()
                .map(key -> key.id() + " " + key.state().label())
                .toList();
    }

    @Test
    void aDataKeyIsRotatedResealedRetiredAndDestroyed() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            Map<String, String> tokens = fill(vault, 60);
            assertThat(states(vault)).containsExactly("001 current");

            DataKey next = vault.procedures.rotateDataKey();
            assertThat(next.id()).hasToString("002");
            assertThat(states(vault)).containsExactly("001 opening", "002 current");
            String later = vault.answer("CE", card(1000));
            assertThat(vault.census().rows()).containsEntry(ONE, 40L).containsEntry(next.id(), 1L);
            assertThat(reasonOf(() -> vault.procedures.retire(ONE, _ -> {})))
                    .startsWith("40 rows and ")
                    .contains("still need key 001");

            vault.reseal();
            assertThat(vault.census().needing(ONE)).isZero();
            assertThat(vault.census().rows()).containsExactlyEntriesOf(Map.of(next.id(), 41L));
            assertKept(vault, tokens);

            vault.procedures.retire(ONE, _ -> {});
            assertThat(states(vault)).containsExactly("001 retired", "002 current");
            assertKept(vault, tokens);
            vault.procedures.destroy(ONE);
            assertThat(states(vault)).containsExactly("001 destroyed", "002 current");
            assertThat(vault.answer("CD", later)).isEqualTo(card(1000));
            assertSameTokens(vault, tokens);
        }
        try (LivingVault again = new LivingVault(store)) {
            assertThat(states(again)).containsExactly("001 destroyed", "002 current");
            assertThat(store.settingNames("key-check/")).containsExactly("key-check/002");
        }
    }

    @Test
    void keysThatAreNeededStay() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            assertRefused(() -> vault.procedures.retire(ONE, _ -> {}), ErrorCode.CONFIG_ITEM_BAD);
            assertRefused(() -> vault.procedures.destroy(ONE), ErrorCode.CONFIG_ITEM_BAD);
            assertRefused(() -> vault.procedures.retire(new KeyId("777"), _ -> {}), ErrorCode.KEY_ID_NOT_FOUND);
            // A site's settings alone need a key, too.
            vault.procedures.rotateDataKey();
            assertThat(reasonOf(() -> vault.procedures.retire(ONE, _ -> {})))
                    .startsWith("0 rows and ")
                    .contains("settings still need");
        }
    }

    @Test
    void aRetirementCanBeTakenBack() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            vault.procedures.rotateDataKey();
            vault.reseal();
            vault.procedures.retire(ONE, _ -> {});
            vault.procedures.reinstate(ONE);

            assertThat(states(vault)).containsExactly("001 opening", "002 current");
        }
    }

    @Test
    void callersKeysAreApart() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            KeyId first = vault.procedures.ring().callerKeys().current().id();
            DataKey next = vault.procedures.rotateCallerKey();

            assertThat(first).hasToString("E01");
            assertThat(next.id()).hasToString("E02");
            assertThat(states(vault)).containsExactly("001 current");
            vault.procedures.retire(first, _ -> {});
            vault.procedures.destroy(first);
            assertThat(vault.procedures.ring().callerKeys().opening())
                    .extracting(DataKey::id)
                    .containsExactly(next.id());
        }
    }

    @Test
    void tokensStayWhenTheFingerprintKeyIsRotatedAgainAndAgain() throws Exception {
        Map<String, String> tokens;
        try (LivingVault vault = new LivingVault(store)) {
            tokens = fill(vault, 30);
            // Purged under the first key, the second, the third.
            for (int round = 0; round < 3; round++) {
                vault.rotateFingerprintKey();
                int version = round + 2;
                assertThat(vault.census().fingerprints()).containsOnlyKeys(version);
                assertKept(vault, tokens);
                for (int i = 0; i < 3; i++) {
                    String card = card(10_000 + 10 * round + i);
                    String token = vault.answer("CE", card);
                    tokens.put(card, token);
                    if ((tokens.size() - 1) % 3 == 0) {
                        vault.answer("CP", token);
                    }
                }
            }
            assertThat(vault.procedures.ring().fingerprintKeys().all()).hasSize(4);
        }
        try (LivingVault again = new LivingVault(store)) {
            assertKept(again, tokens);
            assertSameTokens(again, tokens);
            // What was purged holds data now, so nothing is wrapped and older keys can go.
            again.rotateFingerprintKey();
            assertThat(again.procedures.ring().fingerprintKeys().all()).hasSize(1);
            assertSameTokens(again, tokens);
        }
    }

    /// As a restored backup is: the ring says that rows are being rewritten, and they are through.
    @Test
    void aRingFromTheMidstOfARotationLosesNoPurgedCard() throws Exception {
        Map<String, String> tokens;
        Optional<SealedData> midst;
        try (LivingVault vault = new LivingVault(store)) {
            tokens = fill(vault, 9);
            vault.procedures.rotateFingerprintKey(OptionalLong.of(1));
            midst = store.setting("keystore");
            vault.procedures.paceJob(OptionalLong.empty());
            vault.awaitAdministered("key job refingerprint finished");
        }
        assertThat(store.setSetting("keystore", store.setting("keystore"), midst))
                .isTrue();

        try (LivingVault vault = new LivingVault(store)) {
            vault.awaitAdministered("key job refingerprint finished");
            assertSameTokens(vault, tokens);
        }
    }

    @Test
    void aDestructionCanBeAskedForAgain() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            vault.procedures.rotateDataKey();
            vault.reseal();
            vault.procedures.retire(ONE, _ -> {});
            vault.procedures.destroy(ONE);
            vault.procedures.destroy(ONE);

            assertThat(states(vault)).containsExactly("001 destroyed", "002 current");
        }
    }

    @Test
    void aTokenOfItsOwnHasNoFingerprintBeforeOrAfter() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            vault.answer("CE", card(1));
            TokenRow row = vault.rows().getFirst();
            store.destroyTokens(row.place().site());
            store.write(List.of(new Change.Insert(new TokenRow(row.place(), Optional.empty(), row.data()))));

            vault.rotateFingerprintKey();

            assertThat(vault.rows().getFirst().fingerprint()).isEmpty();
            assertThat(vault.answer("CE", card(1)))
                    .isNotEqualTo(row.place().token().text());
        }
    }

    @Test
    void oneJobAtATime() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            fill(vault, 30);
            vault.procedures.reseal(OptionalLong.of(1));
            vault.procedures.pauseJob();

            assertRefused(() -> vault.procedures.reseal(OptionalLong.empty()), ErrorCode.CONFIG_ITEM_BAD);
            assertRefused(() -> vault.procedures.rotateFingerprintKey(OptionalLong.empty()), ErrorCode.CONFIG_ITEM_BAD);
            assertThat(vault.procedures.ring().fingerprintKeys().rotating()).isFalse();
        }
    }

    @Test
    void aPausedJobStaysPausedAcrossARestartAndThenGoesOnWhereItWas() throws Exception {
        Map<String, String> tokens;
        long seen;
        try (LivingVault vault = new LivingVault(store)) {
            tokens = fill(vault, 40);
            vault.procedures.rotateDataKey();
            vault.procedures.reseal(OptionalLong.of(5));
            awaitSeen(vault, 2);
            seen = vault.procedures.pauseJob().seen();
        }
        try (LivingVault vault = new LivingVault(store)) {
            Job kept = vault.procedures.job().orElseThrow();
            assertThat(kept.state()).isEqualTo(Job.State.PAUSED);
            assertThat(kept.seen()).isBetween(seen, 39L);
            assertThat(kept.rate()).hasValue(5);
            vault.procedures.paceJob(OptionalLong.empty());
            vault.procedures.resumeJob();
            assertThat(vault.awaitAdministered("key job reseal finished")).contains("40 rows looked at");
            assertThat(vault.census().needing(ONE)).isZero();
            assertKept(vault, tokens);
        }
    }

    @Test
    void whatCannotBeReadFailsTheJobAndHaltsNothing() throws Exception {
        try (LivingVault vault = new LivingVault(new StoreWithDamage(store))) {
            Map<String, String> tokens = fill(vault, 9);
            vault.procedures.rotateDataKey();

            vault.procedures.reseal(OptionalLong.empty());

            assertThat(vault.awaitAdministered("key job reseal failed")).contains("2 could not be");
            assertThat(vault.procedures.job().orElseThrow().failed()).isEqualTo(2);
            assertThat(vault.census().damaged()).isEqualTo(2);
            assertThat(vault.procedures.retire(ONE, _ -> {})).isEqualTo(2);
            vault.procedures.resumeJob();
            assertThat(vault.awaitAdministered("key job reseal failed")).contains("2 could not be");
            assertKept(vault, tokens);
        }
    }

    /// With something before the first row and after the last that is none.
    private static final class StoreWithDamage extends ForwardingTokenStore {
        StoreWithDamage(TokenStore store) {
            super(store);
        }

        @Override
        public Page<TokenRow> rows(Optional<TokenPlace> after, int max) throws StoreException {
            Page<TokenRow> page = super.rows(after, max);
            return after.isPresent() && !page.isEmpty()
                    ? page
                    : new Page<>(page.items(), 1, List.of(new DamagedEntry("00", Optional.empty(), "does not decode")));
        }
    }

    private static void awaitSeen(LivingVault vault, long rows) {
        while (vault.procedures.job().orElseThrow().seen() < rows) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    @Test
    void aRowThatDoesNotOpenFailsTheJobAndKeepsItsKey() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            Map<String, String> tokens = fill(vault, 9);
            TokenRow victim = vault.rows().stream()
                    .filter(row -> row.data().isPresent())
                    .findFirst()
                    .orElseThrow();
            byte[] damaged = victim.data().orElseThrow().bytes().clone();
            damaged[damaged.length - 1] ^= 1;
            store.write(List.of(new Change.Replace(victim.place(), victim.data(), new SealedData(damaged))));
            vault.procedures.rotateDataKey();

            vault.procedures.reseal(OptionalLong.empty());

            assertThat(vault.awaitAdministered("key job reseal failed")).contains("1 could not be");
            assertThat(vault.procedures.job().orElseThrow().state()).isEqualTo(Job.State.FAILED);
            assertThat(vault.census().rows()).containsEntry(ONE, 1L);
            assertRefused(() -> vault.procedures.retire(ONE, _ -> {}), ErrorCode.CONFIG_ITEM_BAD);
            store.write(List.of(new Change.Replace(
                    victim.place(),
                    Optional.of(new SealedData(damaged)),
                    victim.data().orElseThrow())));
            vault.procedures.resumeJob();
            vault.awaitAdministered("key job reseal finished");
            assertKept(vault, tokens);
        }
    }

    @Test
    void aStartFailsIfTheKeystoreLacksAKeyOfTheData() throws Exception {
        Optional<SealedData> old;
        try (LivingVault vault = new LivingVault(store)) {
            old = store.setting("keystore");
            vault.procedures.rotateDataKey();
            vault.answer("CE", card(1));
            vault.procedures.rotateDataKey();
        }
        Optional<SealedData> latest = store.setting("keystore");
        assertThat(store.setSetting("keystore", latest, old)).isTrue();

        Refusal refusal = Refusals.of(() -> new LivingVault(store).close());

        assertThat(refusal.code()).isEqualTo(ErrorCode.KEYSTORE_NOT_INITIALIZED);
        assertThat(refusal.reason()).contains("002, 003").contains("lacks");
        assertThat(store.setSetting("keystore", old, latest)).isTrue();
        try (LivingVault vault = new LivingVault(store)) {
            assertThat(vault.answer("CE", card(1))).startsWith("940");
        }
    }

    private static String reasonOf(ThrowingCallable attempt) {
        return Refusals.of(attempt).reason();
    }

    private static void assertRefused(ThrowingCallable attempt, ErrorCode code) {
        assertThat(Refusals.codeOf(attempt)).isEqualTo(code);
    }

    static List<String> cards(int from, int count) {
        List<String> cards = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            cards.add(card(from + i));
        }
        return cards;
    }
}
