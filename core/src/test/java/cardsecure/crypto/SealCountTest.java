package cardsecure.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SealCountTest {
    private static final KeyId KEY = new KeyId("001");

    private final AtomicLong reserved = new AtomicLong();
    private boolean away;
    private final SealCount count = new SealCount(KEY, (_, number) -> {
        if (away) {
            throw new Refusal(ErrorCode.ENCRYPTION_FAILURE, "the store is away");
        }
        return reserved.getAndAdd(number);
    });

    @Test
    void nothingIsReservedBeforeTheFirstSeal() {
        count.reserveAhead();
        count.giveBack();
        assertThat(reserved).hasValue(0);
        assertThat(count.sum()).isZero();
        count.count();
        assertThat(reserved).hasValue(SealCount.STEP);
        assertThat(count.sum()).isEqualTo(1);
    }

    @Test
    void moreIsReservedAheadWhenHalfIsGone() {
        for (long i = 0; i <= SealCount.STEP / 2; i++) {
            assertThat(reserved.get()).isLessThanOrEqualTo(SealCount.STEP);
            count.count();
        }
        count.reserveAhead();
        count.reserveAhead();
        assertThat(reserved).hasValue(2 * SealCount.STEP);
        assertThat(count.sum()).isEqualTo(SealCount.STEP / 2 + 1);
    }

    @Test
    void withoutTheStoreItSealsAsOftenAsIsReservedAndNotOnceMore() {
        count.count();
        away = true;
        for (long i = 1; i < SealCount.STEP; i++) {
            count.count();
        }
        assertThat(Refusals.codeOf(count::count)).isEqualTo(ErrorCode.ENCRYPTION_FAILURE);
        away = false;
        count.count();
        assertThat(count.sum()).isEqualTo(SealCount.STEP + 1);
    }

    @Test
    void whatWasBeforeCountsAndWhatIsLeftIsGivenBack() {
        reserved.set(1000);
        count.count();
        count.count();
        assertThat(count.sum()).isEqualTo(1002);
        count.giveBack();
        assertThat(reserved).hasValue(1002);
        assertThat(count.sum()).isEqualTo(1002);
        count.count();
        assertThat(reserved).hasValue(1002 + SealCount.STEP);
    }

    @Test
    void threadsTogetherNeverSealMoreThanIsReserved() throws Exception {
        int each = (int) (SealCount.STEP / 4);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                all.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        count.count();
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(count.sum()).isEqualTo(8L * each);
        assertThat(reserved).hasValue(2 * SealCount.STEP);
    }
}
