package cardsecure.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.audit.AuditEvent;
import cardsecure.crypto.SealCount;
import cardsecure.store.MemoryTokenStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// That no key for callers encrypts too often, restarts or not.
@Timeout(60)
class CallerKeyCountTest {
    private static final long LIMIT = KeyKeeper.Limits.SEALS_MIN;

    private final MemoryTokenStore store = new MemoryTokenStore();
    private final List<AuditEvent> events = new ArrayList<>();
    private Instant now = Instant.EPOCH;

    private KeyKeeper keeper(LivingVault vault, Optional<Duration> age) {
        InstantSource clock = () -> now;
        return new KeyKeeper(vault.keys, vault.procedures, events::add, new KeyKeeper.Limits(age, LIMIT), clock);
    }

    private static long counted(LivingVault vault, String key) {
        return vault.keys.callerCipher().allSeals().stream()
                .filter(count -> count.key().text().equals(key))
                .mapToLong(SealCount::sum)
                .sum();
    }

    @Test
    void aKeyForCallersIsRotatedByCountAndEncryptsNoMore() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            KeyKeeper keeper = keeper(vault, Optional.empty());
            String before = vault.answer("EC", TestCards.VISA);
            keeper.tick();
            assertThat(vault.answer("EC", TestCards.VISA)).startsWith("E01");
            vault.keys.callerCipher().seals().add(LIMIT);
            keeper.tick();

            assertThat(vault.answer("EC", TestCards.VISA)).startsWith("E02");
            assertThat(vault.answer("DE", before)).isEqualTo(TestCards.VISA);
            assertThat(vault.procedures.ring().dataKeys().all()).hasSize(1);
            assertThat(events)
                    .containsExactly(new AuditEvent.Administered(
                            "caller key E01 rotated by itself, for how often it has sealed: E02 seals now"));
        }
    }

    @Test
    void aKeyForCallersIsRotatedByAge() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            KeyKeeper keeper = keeper(vault, Optional.of(Duration.ofDays(1)));
            keeper.tick();
            assertThat(events).isEmpty();
            now = now.plus(Duration.ofDays(1));
            keeper.tick();

            assertThat(events.toString())
                    .contains("data key 001 rotated by itself, for its age")
                    .contains("caller key E01 rotated by itself, for its age");
        }
    }

    @Test
    void theCountOutlivesARestartAndIsNeverTooLow() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            KeyKeeper keeper = keeper(vault, Optional.empty());
            for (int i = 0; i < 100; i++) {
                vault.answer("EC", TestCards.VISA);
            }
            keeper.tick();
            keeper.tick();
            assertThat(counted(vault, "E01")).isEqualTo(100);
            vault.procedures.rotateCallerKey();
        }

        try (LivingVault vault = new LivingVault(store)) {
            keeper(vault, Optional.empty()).tick();
            assertThat(vault.keys.callerCipher().seals().key().text()).isEqualTo("E02");
            // A prior key goes on encrypting for who names it, so its count is not forgotten either.
            assertThat(counted(vault, "E01")).isGreaterThanOrEqualTo(100);
        }
    }

    @Test
    void aServerAtRestWritesNothing() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            KeyKeeper keeper = keeper(vault, Optional.empty());
            for (int i = 0; i < 100; i++) {
                vault.answer("EC", TestCards.VISA);
            }
            for (int i = 0; i < 3; i++) {
                keeper.tick();
            }
            long before = vault.procedures.seals();
            for (int i = 0; i < 10; i++) {
                keeper.tick();
            }

            assertThat(vault.procedures.seals()).isEqualTo(before);
        }
    }
}
