package cardsecure.rsa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.site.SiteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RsaWorkersTest {
    private static final SiteId SITE = new SiteId(1);
    private static final SiteId OTHER = new SiteId(2);

    @Test
    void whatATaskComesToComesBackAndSoDoesWhatItThrows() {
        try (RsaWorkers workers = new RsaWorkers(2, 2, 4)) {
            assertThat(workers.run(SITE, () -> Thread.currentThread().getName()))
                    .hasValueSatisfying(name -> assertThat(name).startsWith("rsa-"));
            assertThatThrownBy(() -> workers.run(SITE, () -> {
                        throw new Refusal(ErrorCode.DECRYPTION_FAILURE, "as it was");
                    }))
                    .isInstanceOf(Refusal.class)
                    .hasMessage("as it was");
        }
    }

    @Test
    void whenAllThreadsAreBusyAndAsManyWaitAsMayTheNextIsTurnedAway() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Semaphore begun = new Semaphore(0);
        List<Future<Optional<Integer>>> all = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
                RsaWorkers workers = new RsaWorkers(1, 2, 3)) {
            all.add(callers.submit(() -> workers.run(SITE, () -> {
                begun.release();
                await(goOn);
                return 1;
            })));
            begun.acquire();
            // One works and two can wait: of five more at least three find no room, whichever come first.
            List<Future<Optional<Integer>>> more = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                more.add(callers.submit(() -> workers.run(SITE, () -> 2)));
            }
            long full = 0;
            while (full < 3) {
                full = more.stream().filter(Future::isDone).count();
                Thread.onSpinWait();
            }
            goOn.countDown();
            all.addAll(more);
        }
        long turnedAway = 0;
        for (Future<Optional<Integer>> each : all) {
            turnedAway += each.get().isEmpty() ? 1 : 0;
        }
        assertThat(turnedAway).isEqualTo(3);
    }

    @Test
    void aSiteThatFloodsLeavesOthersRoomAndHasItsOwnAgainAfterwards() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Semaphore begun = new Semaphore(0);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
                RsaWorkers workers = new RsaWorkers(1, 4, 3)) {
            List<Future<Optional<Integer>>> flood = new ArrayList<>();
            flood.add(callers.submit(() -> workers.run(SITE, () -> {
                begun.release();
                await(goOn);
                throw new Refusal(ErrorCode.DECRYPTION_FAILURE, "as any");
            })));
            begun.acquire();
            for (int i = 0; i < 9; i++) {
                flood.add(callers.submit(() -> workers.run(SITE, () -> 1)));
            }
            // One works, two wait; there is room for two more, and not for this site.
            while (flood.stream().filter(Future::isDone).count() < 7) {
                Thread.onSpinWait();
            }
            List<Future<Optional<Integer>>> others = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                others.add(callers.submit(() -> workers.run(OTHER, () -> 2)));
            }
            while (others.stream().noneMatch(Future::isDone)) {
                Thread.onSpinWait();
            }
            goOn.countDown();

            int served = 0;
            for (Future<Optional<Integer>> each : others) {
                served += each.get().isPresent() ? 1 : 0;
            }
            assertThat(served).isEqualTo(2);
            for (Future<Optional<Integer>> each : flood.subList(1, flood.size())) {
                each.get();
            }
            assertThatThrownBy(flood.getFirst()::get).hasCauseInstanceOf(Refusal.class);
            for (int i = 0; i < 9; i++) {
                assertThat(workers.run(SITE, () -> 3)).hasValue(3);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
