package cardsecure.rotation;

import static cardsecure.rotation.KeyProceduresTest.card;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.keys.KeyId;
import cardsecure.store.MemoryTokenStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Keys of all kinds are rotated while many threads tokenize the same few cards, new ones among them, and purge them:
/// each card has one token for ever, and no token two cards.
@Timeout(180)
class RotationUnderLoadTest {
    private static final int THREADS = 32;
    private static final int CARDS_AT_A_TIME = 40;
    private static final int ROUNDS = 8;

    private final MemoryTokenStore store = new MemoryTokenStore();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    /// The cards that the threads draw from begin here; it moves on, so that there are always new ones.
    private final AtomicInteger first = new AtomicInteger();

    private final AtomicBoolean stopped = new AtomicBoolean();

    @Test
    void noCardGetsASecondTokenAndNothingIsLost() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        try (LivingVault vault = new LivingVault(store);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> load = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(seed + i);
                load.add(threads.submit(() -> {
                    while (!stopped.get()) {
                        use(vault, random);
                    }
                }));
            }
            try {
                rotate(vault);
            } finally {
                stopped.set(true);
            }
            for (Future<?> each : load) {
                each.get();
            }
            tokens.forEach((card, token) ->
                    assertThat(vault.answer("CE", card)).as("-Dseed=" + seed).isEqualTo(token));
            tokens.forEach(
                    (card, token) -> assertThat(vault.answer("CD", token)).isEqualTo(card));
            Set<String> distinct = new HashSet<>(tokens.values());
            assertThat(distinct).hasSameSizeAs(tokens.keySet()).hasSizeGreaterThan(CARDS_AT_A_TIME * ROUNDS);
            assertThat(vault.rows()).hasSameSizeAs(distinct);
        }
    }

    private void use(LivingVault vault, Random random) {
        String card = card(first.get() + random.nextInt(CARDS_AT_A_TIME));
        String token = vault.answer("CE", card);
        assertThat(token).hasSize(16).startsWith("9");
        String earlier = tokens.putIfAbsent(card, token);
        assertThat(token).isEqualTo(earlier == null ? token : earlier);
        if (random.nextInt(4) == 0) {
            assertThat(vault.answer("CP", token)).isEqualTo(token);
        }
    }

    private void rotate(LivingVault vault) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            int known = tokens.size();
            first.addAndGet(CARDS_AT_A_TIME);
            vault.rotateFingerprintKey();
            first.addAndGet(CARDS_AT_A_TIME / 2);
            KeyId before = vault.procedures.ring().dataKeys().current().id();
            vault.procedures.rotateDataKey();
            vault.reseal();
            vault.procedures.retire(before, _ -> {});
            vault.procedures.destroy(before);
            while (tokens.size() < known + CARDS_AT_A_TIME && !stopped.get()) {
                Thread.onSpinWait();
            }
        }
    }
}
