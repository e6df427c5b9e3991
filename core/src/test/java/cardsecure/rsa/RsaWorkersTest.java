package cardsecure.rsa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

class RsaWorkersTest {
    @Test
    void whatATaskComesToComesBackAndSoDoesWhatItThrows() {
        try (RsaWorkers workers = new RsaWorkers(2, 2)) {
            assertThat(workers.run(() -> Thread.currentThread().getName()))
                    .hasValueSatisfying(name -> assertThat(name).startsWith("rsa-"));
            assertThatThrownBy(() -> workers.run(() -> {
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
                RsaWorkers workers = new RsaWorkers(1, 2)) {
            all.add(callers.submit(() -> workers.run(() -> {
                begun.release();
                await(goOn);
                return 1;
            })));
            begun.acquire();
            // One works and two can wait: of five more at least three find no room, whichever come first.
            List<Future<Optional<Integer>>> more = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                more.add(callers.submit(() -> workers.run(() -> 2)));
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

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
