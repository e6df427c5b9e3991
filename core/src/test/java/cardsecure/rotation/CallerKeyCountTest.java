package cardsecure.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.audit.AuditEvent;
import cardsecure.crypto.SealCount;
import cardsecure.keys.KeyId;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.StoreException;
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

    private static long reserved(LivingVault vault, String key) throws StoreException {
        return vault.keys.seals().reserved(new KeyId(key));
    }

    @Test
    void aKeyForCallersIsRotatedByCountAndEncryptsNoMore() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            KeyKeeper keeper = keeper(vault, Optional.empty());
            String before = vault.answer("EC", TestCards.VISA);
            keeper.tick();
            assertThat(vault.answer("EC", TestCards.VISA)).startsWith("E01");
            vault.keys.seals().take(new KeyId("E01"), LIMIT);
            keeper.tick();

            assertThat(vault.answer("EC", TestCards.VISA)).startsWith("E02");
            assertThat(vault.answer("DE", before)).isEqualTo(TestCards.VISA);
            assertThat(vault.procedures.ring().dataKeys().all()).hasSize(1);
            assertThat(events)
                    .containsExactly(new AuditEvent.Administered(
                            "caller key E01 rotated by itself, for how often it has sealed: E02 seals now; WARNING: no"
                                    + " key backup has data key 001, fingerprint key 1, callers' key E01, callers' key"
                                    + " E02; `cardsecure key backup` makes one"));
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
    void aStopGivesBackWhatWasReservedAndNotUsed() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            for (int i = 0; i < 100; i++) {
                vault.answer("EC", TestCards.VISA);
            }
            assertThat(reserved(vault, "E01")).isEqualTo(SealCount.STEP);
            vault.procedures.rotateCallerKey();
            vault.keys.close();
            assertThat(reserved(vault, "E01")).isEqualTo(100);
        }
        try (LivingVault vault = new LivingVault(store)) {
            keeper(vault, Optional.empty()).tick();
            // A prior key goes on encrypting for who names it, and as long as nobody does, it costs nothing.
            assertThat(reserved(vault, "E01")).isEqualTo(100);
        }
    }

    @Test
    void aCrashLeavesTheCountTooHighAndNeverTooLow() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            vault.answer("EC", TestCards.VISA);
        }
        try (LivingVault vault = new LivingVault(store)) {
            assertThat(reserved(vault, "E01")).isEqualTo(SealCount.STEP);
            vault.answer("EC", TestCards.VISA);
            assertThat(reserved(vault, "E01")).isEqualTo(2 * SealCount.STEP);
        }
    }

    @Test
    void processesThatShareAKeyReserveApart() throws Exception {
        try (LivingVault one = new LivingVault(store);
                LivingVault other = new LivingVault(store)) {
            one.answer("EC", TestCards.VISA);
            other.answer("EC", TestCards.VISA);
            assertThat(reserved(one, "E01")).isEqualTo(2 * SealCount.STEP);
            one.keys.close();
            assertThat(reserved(other, "E01")).isEqualTo(SealCount.STEP + 1);
        }
    }

    @Test
    void aKeyThatIsUsedUpIsRotatedAllTheSame() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            KeyKeeper keeper = keeper(vault, Optional.empty());
            KeyId first = vault.keys.ring().dataKeys().current().id();
            String token = vault.answer("CE", TestCards.VISA);
            vault.keys.close();
            long most = SealCount.MAX - vault.keys.seals().reserved(first);
            vault.keys.seals().take(first, most);
            assertThat(vault.answer("CE", TestCards.MASTERCARD)).startsWith("0017");
            keeper.tick();
            assertThat(vault.answer("CE", TestCards.VISA)).isEqualTo(token);
            assertThat(vault.answer("CE", TestCards.MASTERCARD)).doesNotStartWith("0");
            assertThat(vault.keys.ring().dataKeys().current().id()).isNotEqualTo(first);
        }
    }

    @Test
    void aServerAtRestWritesNothing() throws Exception {
        try (LivingVault vault = new LivingVault(store)) {
            KeyKeeper keeper = keeper(vault, Optional.empty());
            for (int i = 0; i < 100; i++) {
                vault.answer("EC", TestCards.VISA);
            }
            keeper.tick();
            long before = vault.procedures.seals();
            long reserved = reserved(vault, "E01");
            for (int i = 0; i < 10; i++) {
                keeper.tick();
            }

            assertThat(vault.procedures.seals()).isEqualTo(before);
            assertThat(reserved(vault, "E01")).isEqualTo(reserved);
        }
    }
}
