package cardsecure.limit;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Seeded;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest {
    private static final Rate RATE = Rate.parse("10/s:3");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1);
    private final RateLimiter<String> limiter = new RateLimiter<>(1024, nanos::get, 7);

    @Test
    void aBurstGoesAtOnceAndTheRestAtTheRate() {
        assertThat(taken("a", 10)).isEqualTo(3);
        assertThat(limiter.take("a", RATE)).isEqualTo(Duration.ofMillis(100).toNanos());
        pass(Duration.ofMillis(99));
        assertThat(taken("a", 10)).isZero();
        pass(Duration.ofMillis(1));
        assertThat(taken("a", 10)).isEqualTo(1);
        pass(Duration.ofMillis(250));
        assertThat(taken("a", 10)).isEqualTo(2);
        pass(Duration.ofHours(1));
        assertThat(taken("a", 10)).isEqualTo(3);
    }

    @Test
    void whatWasRefusedIsNotHeldAgainstACaller() {
        taken("a", 1000);
        pass(Duration.ofMillis(100));

        assertThat(limiter.take("a", RATE)).isZero();
    }

    @Test
    void askingHowLongToWaitCountsNothing() {
        for (int i = 0; i < 100; i++) {
            assertThat(limiter.wait("a", RATE)).isZero();
        }
        assertThat(taken("a", 10)).isEqualTo(3);
        assertThat(limiter.wait("a", RATE)).isEqualTo(Duration.ofMillis(100).toNanos());
    }

    @Test
    void whoHasEmptiedABucketAtAFormerRateDoesNotWaitByIt() {
        Rate slow = Rate.parse("1/m:60");
        for (int i = 0; i < 60; i++) {
            assertThat(limiter.take("a", slow)).isZero();
        }

        assertThat(limiter.take("a", RATE)).isEqualTo(Duration.ofMillis(100).toNanos());
        pass(Duration.ofMillis(100));
        assertThat(limiter.take("a", RATE)).isZero();
    }

    @Test
    void callersDoNotLimitEachOther() {
        taken("a", 10);

        assertThat(taken("b", 10)).isEqualTo(3);
    }

    @Test
    void theClockMayOverflow() {
        nanos.set(Long.MAX_VALUE - 5);
        taken("a", 3);
        pass(Duration.ofMillis(50));
        assertThat(taken("a", 1)).isZero();
        pass(Duration.ofMillis(50));
        assertThat(taken("a", 1)).isEqualTo(1);
    }

    @Test
    void nobodyLosesALimitBecauseOthersCome() {
        assertThat(taken("a", 3)).isEqualTo(3);
        for (int i = 0; i < 100_000; i++) {
            limiter.take("other" + i, RATE);
        }

        assertThat(taken("a", 1)).isZero();
    }

    /// The table is full of callers that are known; those who come then share, and are limited all the same.
    @ParameterizedTest
    @ValueSource(ints = {1, 8, 64})
    void whoComesToAFullTableIsLimitedToo(int keysMax) {
        RateLimiter<Integer> small = new RateLimiter<>(keysMax, nanos::get, 7);
        int taken = 0;
        for (int key = 0; key < 100_000; key++) {
            taken += small.take(key, RATE) == 0 ? 1 : 0;
        }

        assertThat(taken).isLessThanOrEqualTo(3 * Math.max(8, keysMax));
    }

    @Test
    void eachGetsWhatAnUnboundedTableWouldGiveIt() {
        Seeded.forAll(50, random -> {
            AtomicLong clock = new AtomicLong(random.nextLong());
            RateLimiter<Integer> tested = new RateLimiter<>(4096, clock::get, random.nextLong());
            Map<Integer, Double> tokens = new HashMap<>();
            for (int step = 0; step < 2000; step++) {
                int key = random.nextInt(20);
                double had = tokens.getOrDefault(key, 3.0);
                assertThat(tested.take(key, RATE) == 0).isEqualTo(had >= 1);
                tokens.put(key, had >= 1 ? had - 1 : had);
                // Whole steps of the rate, so that no rounding decides.
                int ticks = random.nextInt(3) / 2;
                clock.addAndGet(ticks * Duration.ofMillis(100).toNanos());
                tokens.replaceAll((_, each) -> Math.min(3, each + ticks));
            }
        });
    }

    @Test
    void threadsTogetherGetNoMoreThanOne() throws InterruptedException {
        AtomicInteger taken = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 1000; i++) {
                threads.execute(() -> taken.addAndGet(taken("a", 10)));
            }
        }

        assertThat(taken).hasValue(3);
    }

    private int taken(String key, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += limiter.take(key, RATE) == 0 ? 1 : 0;
        }
        return taken;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
