package cardsecure.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvenTimeTest {
    private static final long AFTER = 25_000_000;

    private final List<Long> waits = new ArrayList<>();
    private long now = Long.MAX_VALUE - 10_000_000;
    private final EvenTime even =
            new EvenTime(ErrorCode.DECRYPTION_FAILURE, Duration.ofNanos(AFTER), () -> now, this::rest);

    /// Woken too early the first time, as a parked thread may be.
    private void rest(long nanos) {
        waits.add(nanos);
        now += waits.size() == 1 ? nanos / 2 : nanos;
    }

    private long refusedAfter(ErrorCode code, long work) {
        long began = now;
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> even.of(() -> {
                    now += work;
                    throw new Refusal(code, "whatever failed");
                }));
        return now - began;
    }

    @Test
    void refusalsOfTheCodeComeAtOneTimeHoweverLongTheyTook() {
        for (long work : new long[] {0, 50_000, 1_000_000, AFTER - 1, AFTER}) {
            waits.clear();
            assertThat(refusedAfter(ErrorCode.DECRYPTION_FAILURE, work)).isEqualTo(AFTER);
        }
    }

    @Test
    void whoTookLongerIsNotHeldUp() {
        assertThat(refusedAfter(ErrorCode.DECRYPTION_FAILURE, 2 * AFTER)).isEqualTo(2 * AFTER);
        assertThat(waits).isEmpty();
    }

    @Test
    void answersAndOtherRefusalsComeAtOnce() throws Exception {
        assertThat(even.of(() -> "an answer")).isEqualTo("an answer");
        assertThat(refusedAfter(ErrorCode.BASE64_DECODE_FAILURE, 7)).isEqualTo(7);
        assertThat(waits).isEmpty();
    }

    @Test
    void whoIsInterruptedWaitsNoLonger() {
        Thread.currentThread().interrupt();
        try {
            assertThat(refusedAfter(ErrorCode.DECRYPTION_FAILURE, 0)).isZero();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
