package cardsecure.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.keys.KeyId;
import cardsecure.store.MemoryTokenStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What callers keep, through the life of the keys that it is encrypted under.
@Timeout(60)
class CallerKeysInUseTest {
    private static final String NO_KEY = "0012::Key ID not found";
    private static final KeyId E01 = new KeyId("E01");

    private final MemoryTokenStore store = new MemoryTokenStore();

    @Test
    void aRotationIsInUseAtOnceAndWhatWasEncryptedBeforeStaysGood() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            String before = vault.answer("EC", TestCards.VISA);
            vault.procedures.rotateCallerKey();
            String after = vault.answer("EC", TestCards.VISA);

            assertThat(before).startsWith("E01");
            assertThat(after).startsWith("E02");
            assertThat(vault.answer("DE", before)).isEqualTo(TestCards.VISA);
            assertThat(vault.answer("DE", after)).isEqualTo(TestCards.VISA);
        }
    }

    @Test
    void whatWasEncryptedOutlivesACrashAndTheResealingOfTheVault() throws Exception {
        // Left lying, as by a kill.
        LivingVault crashed = new LivingVault(store);
        String before = crashed.answer("EC", TestCards.VISA);
        crashed.procedures.rotateCallerKey();
        String after = crashed.answer("EC", TestCards.AMEX);

        try (LivingVault vault = new LivingVault(store)) {
            vault.procedures.rotateDataKey();
            vault.reseal();
            vault.procedures.retire(new KeyId("001"), _ -> {});
            assertThat(vault.answer("DE", before)).isEqualTo(TestCards.VISA);
            assertThat(vault.answer("DE", after)).isEqualTo(TestCards.AMEX);
        }
        crashed.close();
    }

    @Test
    void aRetiredKeyOpensNothingUntilItIsReinstatedAndADestroyedOneNeverAgain() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            String ciphertext = vault.answer("EC", TestCards.VISA);
            vault.procedures.rotateCallerKey();
            vault.procedures.retire(E01, _ -> {});
            assertThat(vault.answer("DE", ciphertext)).isEqualTo(NO_KEY);
            vault.procedures.reinstate(E01);
            assertThat(vault.answer("DE", ciphertext)).isEqualTo(TestCards.VISA);
            vault.procedures.retire(E01, _ -> {});
            vault.procedures.destroy(E01);
            assertThat(vault.answer("DE", ciphertext)).isEqualTo(NO_KEY);
        }
    }

    @Test
    void aNodeDecryptsWhatAnotherOneEncryptedUnderAKeyThatItHasNotHeardOf() throws Exception {
        try (LivingVault one = new LivingVault(store);
                LivingVault other = new LivingVault(store)) {
            one.procedures.rotateCallerKey();
            String ciphertext = one.answer("EC", TestCards.VISA);
            assertThat(other.answer("DE", ciphertext)).isEqualTo(TestCards.VISA);
            assertThat(other.keys.follow())
                    .as("there is nothing left to follow")
                    .isFalse();
        }
    }
}
