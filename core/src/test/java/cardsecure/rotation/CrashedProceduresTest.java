package cardsecure.rotation;

import static cardsecure.rotation.KeyProceduresTest.assertKept;
import static cardsecure.rotation.KeyProceduresTest.assertSameTokens;
import static cardsecure.rotation.KeyProceduresTest.card;
import static cardsecure.rotation.KeyProceduresTest.fill;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.error.Refusal;
import cardsecure.keys.DataKey;
import cardsecure.keys.KeyId;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.StoreException;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Each procedure, cut short at each write that it makes, before it and after it: whatever was acknowledged is there
/// at the next start, and the procedure can be done to its end.
@Timeout(300)
class CrashedProceduresTest {
    private static final int CARDS = 12;

    private interface Procedure {
        /// Does it, from wherever it was left.
        void run(LivingVault vault) throws Exception;
    }

    private interface Ending {
        void check(LivingVault vault) throws StoreException;
    }

    private static void crashAtEachWrite(Procedure before, Procedure procedure, Ending ending) throws Exception {
        int writes = 1;
        boolean through = false;
        while (!through) {
            through = crashAt(writes, true, before, procedure, ending);
            through &= crashAt(writes, false, before, procedure, ending);
            writes++;
        }
        assertThat(writes).isGreaterThan(4);
    }

    /// @return whether the procedure came to its end before it could crash
    private static boolean crashAt(
            int writes, boolean beforeTheLast, Procedure before, Procedure procedure, Ending ending) throws Exception {
        MemoryTokenStore disk = new MemoryTokenStore();
        Map<String, String> tokens;
        CrashingStore store = new CrashingStore(disk);
        try (LivingVault vault = new LivingVault(store)) {
            tokens = fill(vault, CARDS);
            before.run(vault);
            store.dieAt(writes, beforeTheLast);
            try {
                procedure.run(vault);
            } catch (StoreException | Refusal | AssertionError e) {
                assertThat(store.isDead()).as("write " + writes + ": " + e).isTrue();
            }
        }
        String where = "write " + writes + (beforeTheLast ? ", not made" : ", made");
        try (LivingVault vault = new LivingVault(disk)) {
            assertKept(vault, tokens);
            tokens.put(card(900), vault.answer("CE", card(900)));
            procedure.run(vault);
            ending.check(vault);
            assertThat(new HashSet<>(tokens.values())).as(where).hasSize(CARDS + 1);
        } catch (StoreException | Refusal | AssertionError e) {
            throw new AssertionError(where, e);
        }
        try (LivingVault vault = new LivingVault(disk)) {
            assertSameTokens(vault, tokens);
            assertThat(vault.procedures.job()).as(where).isEmpty();
        }
        return !store.isDead();
    }

    private static void nothing(LivingVault vault) {
        assertThat(vault.procedures.job()).isEmpty();
    }

    @Test
    void theRotationOfADataKey() throws Exception {
        crashAtEachWrite(
                CrashedProceduresTest::nothing,
                vault -> vault.procedures.rotateDataKey(),
                vault -> assertThat(vault.procedures.ring().dataKeys().installed())
                        .isEmpty());
    }

    @Test
    void aReseal() throws Exception {
        crashAtEachWrite(
                vault -> vault.procedures.rotateDataKey(),
                CrashedProceduresTest::resealFromWhereItWas,
                vault -> assertThat(vault.census().needing(new KeyId("001"))).isZero());
    }

    private static void resealFromWhereItWas(LivingVault vault) throws Exception {
        if (vault.procedures.job().isEmpty()) {
            try {
                vault.procedures.reseal(OptionalLong.empty());
            } catch (StoreException e) {
                // It may have begun all the same, and end the test as if it had not: the process is dead.
                throw new AssertionError(e);
            }
        }
        vault.awaitJob("reseal");
    }

    @Test
    void aRetirementAndADestruction() throws Exception {
        crashAtEachWrite(
                vault -> {
                    vault.procedures.rotateDataKey();
                    vault.reseal();
                },
                vault -> {
                    KeyId one = new KeyId("001");
                    DataKey.State state = vault.procedures
                            .ring()
                            .dataKeys()
                            .find(one)
                            .orElseThrow()
                            .state();
                    if (state == DataKey.State.OPENING) {
                        vault.procedures.retire(one, _ -> {});
                    }
                    if (state != DataKey.State.DESTROYED) {
                        vault.procedures.destroy(one);
                    }
                },
                vault -> assertThat(vault.store.settingNames("key-check/")).containsExactly("key-check/002"));
    }

    @Test
    void theRotationOfTheFingerprintKey() throws Exception {
        crashAtEachWrite(
                CrashedProceduresTest::nothing,
                vault -> {
                    if (vault.procedures.ring().fingerprintKeys().current() == 1) {
                        vault.procedures.rotateFingerprintKey(OptionalLong.empty());
                    }
                    vault.awaitJob("refingerprint");
                },
                vault -> {
                    assertThat(vault.census().fingerprints()).containsOnlyKeys(2);
                    assertThat(vault.procedures.ring().fingerprintKeys().rotating())
                            .isFalse();
                });
    }
}
