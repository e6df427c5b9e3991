package cardsecure.store;

import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {
    /// A store in memory whose writes wait for a permit, and may be made to fail.
    private static final class GatedStore extends ForwardingTokenStore {
        private final Semaphore permits = new Semaphore(0);
        private final Semaphore entered = new Semaphore(0);
        private volatile boolean failing;
        private volatile boolean breaking;

        GatedStore() {
            super(new MemoryTokenStore());
        }

        @Override
        public List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException {
            entered.release();
            permits.acquireUninterruptibly();
            if (failing) {
                throw new StoreException("the disk is gone");
            }
            if (breaking) {
                throw new IllegalStateException("a fault of the store's own");
            }
            return super.write(changes, generation);
        }
    }

    private final GatedStore store = new GatedStore();

    private static Change insert(int number) {
        return new Change.Insert(row("t" + number, number, number));
    }

    @Test
    void whatWaitsWhileABatchIsWrittenGoesTogetherInTheNext() throws Exception {
        try (GroupCommit commits = new GroupCommit(store, 100, 64);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome>> answers = new ArrayList<>();
            answers.add(threads.submit(() -> commits.commit(insert(0))));
            store.entered.acquire();
            List<Thread> waiting = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                int number = i;
                answers.add(threads.submit(() -> {
                    synchronized (waiting) {
                        waiting.add(Thread.currentThread());
                    }
                    return commits.commit(insert(number));
                }));
            }
            awaitParked(waiting, 20);
            store.permits.release(2);
            for (Future<Outcome> answer : answers) {
                assertThat(answer.get()).isEqualTo(new Outcome.Inserted());
            }
            assertThat(store.entered.availablePermits()).isEqualTo(1);
        }
    }

    @Test
    void whoCommitsManyWaitsForAllOfThemSoThatNobodyElseIsLeftWaiting() throws Exception {
        try (GroupCommit commits = new GroupCommit(store, 100, 2);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Outcome> first = threads.submit(() -> commits.commit(insert(0)));
            store.entered.acquire();
            List<Thread> waiting = new ArrayList<>();
            Future<List<Outcome>> many = threads.submit(() -> {
                synchronized (waiting) {
                    waiting.add(Thread.currentThread());
                }
                return commits.commitAll(List.of(insert(1), insert(2), insert(3)), 1);
            });
            awaitParked(waiting, 1);
            Future<Outcome> other = threads.submit(() -> {
                synchronized (waiting) {
                    waiting.add(Thread.currentThread());
                }
                return commits.commit(insert(4));
            });
            awaitParked(waiting, 2);
            store.permits.release();
            store.entered.acquire();
            store.failing = true;
            store.permits.release();
            store.entered.acquire();
            store.failing = false;
            store.permits.release();

            assertThat(first.get()).isEqualTo(new Outcome.Inserted());
            assertThat(other.get()).isEqualTo(new Outcome.Inserted());
            assertThatThrownBy(many::get).hasCauseInstanceOf(StoreException.class);
        }
    }

    @Test
    void upkeepLeavesMostOfTheQueueToRequests() throws Exception {
        try (GroupCommit commits = new GroupCommit(store, 8, 8);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Outcome> first = threads.submit(() -> commits.commit(insert(0)));
            store.entered.acquire();
            List<Thread> waiting = new ArrayList<>();
            List<Change> upkeep = new ArrayList<>();
            for (int i = 1; i <= 20; i++) {
                upkeep.add(insert(i));
            }
            Future<List<Outcome>> many = threads.submit(() -> {
                synchronized (waiting) {
                    waiting.add(Thread.currentThread());
                }
                return commits.commitAll(upkeep, 1);
            });
            awaitParked(waiting, 1);
            List<Future<Outcome>> requests = new ArrayList<>();
            for (int i = 21; i <= 26; i++) {
                int number = i;
                requests.add(threads.submit(() -> {
                    synchronized (waiting) {
                        waiting.add(Thread.currentThread());
                    }
                    return commits.commit(insert(number));
                }));
            }
            awaitParked(waiting, 7);
            store.permits.release(100);

            assertThat(first.get()).isEqualTo(new Outcome.Inserted());
            for (Future<Outcome> request : requests) {
                assertThat(request.get()).isEqualTo(new Outcome.Inserted());
            }
            assertThat(many.get()).hasSize(20).containsOnly(new Outcome.Inserted());
        }
    }

    @Test
    void whatAnEarlierRingMadeIsSupersededAndWhatIsToBeRequiredIsWaitedFor() throws Exception {
        try (GroupCommit commits = new GroupCommit(store, 100, 2);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Outcome> before = threads.submit(() -> commits.commit(insert(0), 1));
            store.entered.acquire();
            List<Thread> waiting = new ArrayList<>();
            Future<Boolean> required = threads.submit(() -> {
                synchronized (waiting) {
                    waiting.add(Thread.currentThread());
                }
                commits.requireGeneration(2);
                return true;
            });
            awaitParked(waiting, 1);
            assertThat(required).isNotDone();
            store.permits.release(2);

            assertThat(before.get()).isEqualTo(new Outcome.Inserted());
            assertThat(required.get()).isTrue();
            assertThat(commits.commit(insert(1), 1)).isEqualTo(new Outcome.Superseded());
            assertThat(store.byToken(place("t1"))).isEmpty();
            assertThat(commits.commit(insert(1), 2)).isEqualTo(new Outcome.Inserted());
        }
    }

    @Test
    void aFullQueueRefusesAtOnce() throws Exception {
        try (GroupCommit commits = new GroupCommit(store, 3, 1);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Outcome>> answers = new ArrayList<>();
            answers.add(threads.submit(() -> commits.commit(insert(0))));
            store.entered.acquire();
            List<Thread> waiting = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                int number = i;
                answers.add(threads.submit(() -> {
                    synchronized (waiting) {
                        waiting.add(Thread.currentThread());
                    }
                    return commits.commit(insert(number));
                }));
            }
            awaitParked(waiting, 3);
            assertThatThrownBy(() -> commits.commit(insert(9)))
                    .isInstanceOfSatisfying(
                            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.SERVER_FAILED));
            store.permits.release(100);
            for (Future<Outcome> answer : answers) {
                assertThat(answer.get()).isEqualTo(new Outcome.Inserted());
            }
        }
    }

    @Test
    void aFailureOfTheStoreReachesEachOfTheBatchAndTheNextBatchIsWritten() throws Exception {
        store.permits.release(1000);
        try (GroupCommit commits = new GroupCommit(store, 100, 64)) {
            store.failing = true;
            assertThatThrownBy(() -> commits.commit(insert(1)))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the disk is gone");
            store.failing = false;
            store.breaking = true;
            assertThatThrownBy(() -> commits.commit(insert(1)))
                    .isInstanceOf(StoreException.class)
                    .hasRootCauseMessage("a fault of the store's own");
            store.breaking = false;
            assertThat(commits.commit(insert(1))).isEqualTo(new Outcome.Inserted());
        }
    }

    @Test
    void anInterruptedWaiterStillLearnsWhatBecameOfItsChange() throws Exception {
        try (GroupCommit commits = new GroupCommit(store, 100, 64);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Thread> waiting = new ArrayList<>();
            Future<String> answer = threads.submit(() -> {
                synchronized (waiting) {
                    waiting.add(Thread.currentThread());
                }
                Outcome outcome = commits.commit(insert(1));
                return outcome + " " + Thread.currentThread().isInterrupted();
            });
            store.entered.acquire();
            awaitParked(waiting, 1);
            waiting.getFirst().interrupt();
            awaitParked(waiting, 1);
            store.permits.release();
            assertThat(answer.get()).isEqualTo("Inserted[] true");
        }
    }

    @Test
    void aCloseUnderCommitsLeavesNobodyWithoutAnAnswer() throws Exception {
        store.permits.release(Integer.MAX_VALUE / 2);
        for (int round = 0; round < 50; round++) {
            GroupCommit commits = new GroupCommit(store, 1000, 8);
            CountDownLatch running = new CountDownLatch(20);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Integer>> users = new ArrayList<>();
                for (int user = 0; user < 40; user++) {
                    String name = round + "-" + user + "-";
                    users.add(threads.submit(() -> commitUntilRefused(commits, name, running)));
                }
                running.await();
                commits.close();
                for (Future<Integer> user : users) {
                    user.get(20, TimeUnit.SECONDS);
                }
            }
        }
    }

    private int commitUntilRefused(GroupCommit commits, String name, CountDownLatch running) throws StoreException {
        for (int i = 0; ; i++) {
            TokenRow row = new TokenRow(place(name + i), Optional.empty(), Optional.of(StoreSamples.sealed(i)));
            try {
                assertThat(commits.commit(new Change.Insert(row))).isEqualTo(new Outcome.Inserted());
            } catch (Refusal stopping) {
                assertThat(stopping.code()).isEqualTo(ErrorCode.SERVER_FAILED);
                running.countDown();
                // Refused means that it was not made.
                assertThat(store.byToken(row.place())).isEmpty();
                return i;
            }
            assertThat(store.byToken(row.place())).contains(row);
            running.countDown();
        }
    }

    @Test
    void afterTheCloseEachCommitIsRefusedAndASecondCloseDoesNothing() throws Exception {
        GroupCommit commits = new GroupCommit(store, 10, 8);
        commits.close();
        commits.close();
        assertThatThrownBy(() -> commits.commit(insert(1))).isInstanceOf(Refusal.class);
    }

    private static void awaitParked(List<Thread> threads, int count) {
        while (true) {
            synchronized (threads) {
                if (threads.size() == count
                        && threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
                    return;
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
