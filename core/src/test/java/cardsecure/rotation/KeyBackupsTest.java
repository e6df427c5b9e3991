package cardsecure.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.audit.AuditEvent;
import cardsecure.keys.KeyId;
import cardsecure.keys.KeyRing;
import cardsecure.rotation.KeyBackups.BackedUp;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.StoreException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KeyBackupsTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");

    private final MemoryTokenStore store = new MemoryTokenStore();

    private static List<String> missing(LivingVault vault) {
        return vault.keys.backups().state().missing();
    }

    private static void backUp(LivingVault vault) throws StoreException {
        vault.keys.backups().keep(BackedUp.of(vault.keys.ring(), NOON));
    }

    @Test
    void aVaultThatHasNoBackupMissesAllItsKeys() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            KeyBackups.State state = vault.keys.backups().state();

            assertThat(state.last()).isEmpty();
            assertThat(state.missing()).containsExactly("data key 001", "fingerprint key 1", "callers' key E01");
            assertThat(state.warning())
                    .contains("no key backup has data key 001, fingerprint key 1, callers' key E01; `cardsecure key"
                            + " backup` makes one");
        }
    }

    @Test
    void eachNewKeyIsMissedUntilTheNextBackupAlsoAcrossARestart() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            backUp(vault);
            assertThat(missing(vault)).isEmpty();
            assertThat(vault.keys.backups().state().warning()).isEmpty();

            vault.procedures.rotateDataKey();
            assertThat(missing(vault)).containsExactly("data key 002");
            vault.procedures.rotateCallerKey();
            vault.rotateFingerprintKey();
            assertThat(missing(vault)).containsExactly("data key 002", "fingerprint key 2", "callers' key E02");
        }
        try (LivingVault vault = new LivingVault(store)) {
            assertThat(missing(vault)).hasSize(3);
            backUp(vault);
        }
        try (LivingVault vault = new LivingVault(store)) {
            assertThat(vault.keys.backups().state().last()).contains(BackedUp.of(vault.keys.ring(), NOON));
            assertThat(missing(vault)).isEmpty();
        }
    }

    @Test
    void whatIsDoneToOldKeysNeedsNoNewBackup() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            vault.procedures.rotateDataKey();
            backUp(vault);
            vault.reseal();
            vault.procedures.retire(new KeyId("001"), _ -> {});
            vault.procedures.destroy(new KeyId("001"));

            assertThat(missing(vault)).isEmpty();
        }
    }

    @Test
    void anotherKeyOfTheSameIdIsNotTheOneThatWasBackedUp() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            KeyRing elsewhere = vault.keys
                    .ring()
                    .withDataKeys(keys -> keys.install(new SecureRandom(), NOON).activate(NOON));
            vault.keys.backups().keep(BackedUp.of(elsewhere, NOON));
            vault.procedures.rotateDataKey();

            assertThat(missing(vault)).containsExactly("data key 002");
        }
    }

    @Test
    void aRotationByItselfSaysThatItsKeyIsInNoBackup() throws Exception {
        List<AuditEvent> events = new ArrayList<>();
        try (LivingVault vault = new LivingVault(store)) {
            backUp(vault);
            Duration age = Duration.ofHours(1);
            KeyKeeper.Limits limits = new KeyKeeper.Limits(Optional.of(age), KeyKeeper.Limits.SEALS_MAX);
            InstantSource later = InstantSource.fixed(Instant.EPOCH.plus(age));
            new KeyKeeper(vault.keys, vault.procedures, events::add, limits, later).tick();
        }
        assertThat(events)
                .extracting(AuditEvent::toString)
                .anyMatch(
                        line -> line.contains("data key 001 rotated by itself, for its age: 002 seals now; WARNING: no"
                                + " key backup has data key 002; "))
                .anyMatch(line -> line.contains(
                        "E02 seals now; WARNING: no key backup has data key 002, callers' key" + " E02; "));
    }
}
