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
    private static final long PERIOD = 25_000_000;
    private static final long LATE = 60_000;

    private final List<Long> waits = new ArrayList<>();
    private long now = Long.MAX_VALUE - 10_000_000;
    private final EvenTime even =
            new EvenTime(ErrorCode.DECRYPTION_FAILURE, Duration.ofNanos(PERIOD), () -> now, this::rest);

    /// Woken too early the first time, and late then, as a parked thread may be.
    private void rest(long nanos) {
        waits.add(nanos);
        now += waits.size() == 1 ? nanos / 2 : nanos + LATE;
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
        for (long work : new long[] {0, 1, 50_000, 1_000_000, PERIOD - 1}) {
            waits.clear();
            assertThat(refusedAfter(ErrorCode.DECRYPTION_FAILURE, work)).isEqualTo(PERIOD + LATE);
        }
    }

    @Test
    void thoseThatTookLongerComeAtTheEndOfALaterPeriod() {
        for (long periods : new long[] {2, 3, 400}) {
            for (long work : new long[] {(periods - 1) * PERIOD + 1, periods * PERIOD - 1_000_000}) {
                waits.clear();
                assertThat(refusedAfter(ErrorCode.DECRYPTION_FAILURE, work)).isEqualTo(periods * PERIOD + LATE);
            }
        }
    }

    @Test
    void whoIsReadyAtTheEndOfAPeriodIsNotHeldUp() {
        for (long periods : new long[] {1, 2, 7}) {
            assertThat(refusedAfter(ErrorCode.DECRYPTION_FAILURE, periods * PERIOD))
                    .isEqualTo(periods * PERIOD);
        }
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
