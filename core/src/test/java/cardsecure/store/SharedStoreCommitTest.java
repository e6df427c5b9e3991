package cardsecure.store;

import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Group commit above a store in which another process requires later keys, and closes sites.
@Timeout(60)
class SharedStoreCommitTest {
    private static final Outcome SUPERSEDED = new Outcome.Superseded();

    /// A store in memory that heeds what it is told to require.
    private static final class SharedStore extends ForwardingTokenStore {
        private final AtomicLong required = new AtomicLong();
        private final List<String> writes = Collections.synchronizedList(new ArrayList<>());
        private final Semaphore permits = new Semaphore(Integer.MAX_VALUE);
        private volatile boolean closed;

        SharedStore() {
            super(new MemoryTokenStore());
        }

        @Override
        public List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException {
            permits.acquireUninterruptibly();
            writes.add(changes.size() + " of " + (generation.isPresent() ? generation.getAsLong() : "none"));
            if (generation.isPresent() && generation.getAsLong() < required.get()) {
                return Collections.nCopies(changes.size(), SUPERSEDED);
            }
            generation.ifPresent(this::requireGeneration);
            return closed
                    ? Collections.nCopies(changes.size(), new Outcome.SiteClosed())
                    : super.write(changes, generation);
        }

        @Override
        public void requireGeneration(long generation) {
            required.accumulateAndGet(generation, Math::max);
        }

        @Override
        public long requiredGeneration() {
            return required.get();
        }
    }

    private final SharedStore store = new SharedStore();

    private static Change insert(int number) {
        return new Change.Insert(row("t" + number, number, number));
    }

    @Test
    void whoeverIsSupersededElsewhereHasTheLaterRingBeforeItTriesAgain() throws Exception {
        AtomicLong ring = new AtomicLong(1);
        List<Thread> followers = new ArrayList<>();
        store.requireGeneration(4);
        try (GroupCommit commits = new GroupCommit(store, 100, 64)) {
            commits.whenSuperseded(generation -> {
                assertThat(generation).isEqualTo(1);
                followers.add(Thread.currentThread());
                ring.set(store.requiredGeneration());
                commits.requireGeneration(ring.get());
            });
            assertThat(commits.commit(insert(1), ring.get())).isEqualTo(SUPERSEDED);
            assertThat(ring).hasValue(4);
            assertThat(followers).containsExactly(Thread.currentThread());
            assertThat(commits.commit(insert(1), ring.get())).isEqualTo(new Outcome.Inserted());
            assertThat(commits.commitAll(List.of(insert(2), insert(3)), 1)).containsOnly(SUPERSEDED);
            assertThat(followers).hasSize(3);
        }
    }

    @Test
    void whatNoKeyHadAPartInIsWrittenWhateverRingIsRequired() throws Exception {
        store.requireGeneration(4);
        store.permits.drainPermits();
        try (GroupCommit commits = new GroupCommit(store, 100, 64);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Outcome> first = threads.submit(() -> commits.commit(insert(0)));
            CountDownLatch asked = new CountDownLatch(2);
            Future<Outcome> keyed = threads.submit(() -> {
                asked.countDown();
                return commits.commit(insert(1), 3);
            });
            Future<Outcome> keyless = threads.submit(() -> {
                asked.countDown();
                return commits.commit(new Change.Purge(place("none")));
            });
            asked.await();
            store.permits.release(1000);
            assertThat(first.get()).isEqualTo(new Outcome.Inserted());
            assertThat(keyed.get()).isEqualTo(SUPERSEDED);
            assertThat(keyless.get()).isEqualTo(new Outcome.Absent());
            assertThat(store.byToken(place("t1"))).isEmpty();
        }
    }

    @Test
    void aBatchIsOfTheLatestGenerationInItAndTheEarlierOnesAreSuperseded() throws Exception {
        store.permits.drainPermits();
        try (GroupCommit commits = new GroupCommit(store, 100, 64);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Outcome> earlier = threads.submit(() -> commits.commit(insert(1), 1));
            Future<Outcome> later = threads.submit(() -> commits.commit(insert(2), 2));
            Future<List<Outcome>> both = threads.submit(() -> commits.commitAll(List.of(insert(3), insert(4)), 2));
            store.permits.release(1000);
            assertThat(later.get()).isEqualTo(new Outcome.Inserted());
            assertThat(both.get()).containsOnly(new Outcome.Inserted());
            assertThat(earlier.get()).isIn(SUPERSEDED, new Outcome.Inserted());
            assertThat(commits.commit(insert(5), 1)).isEqualTo(SUPERSEDED);
            assertThat(store.writes).allMatch(write -> write.endsWith("of 1") || write.endsWith("of 2"));
            assertThat(store.requiredGeneration()).isEqualTo(2);
        }
    }

    @Test
    void whereNoLaterRingCanBeHadTheChangeFails() throws Exception {
        store.requireGeneration(4);
        try (GroupCommit commits = new GroupCommit(store, 100, 64)) {
            commits.whenSuperseded(_ -> {
                throw new StoreException("the keystore is older");
            });
            assertThatThrownBy(() -> commits.commit(insert(1), 1)).hasMessage("the keystore is older");
            assertThatThrownBy(() -> commits.commitAll(List.of(insert(1)), 1)).hasMessage("the keystore is older");
            assertThat(commits.isLeftBehind()).isTrue();
            commits.requireGeneration(4);
            assertThat(commits.isLeftBehind()).isFalse();
        }
    }

    /// Who follows waits for the writer, and the writer waits for nobody.
    @Test
    void manyWhoFollowAtOnceDoNotWaitForEachOtherForEver() throws Exception {
        AtomicLong ring = new AtomicLong(1);
        try (GroupCommit commits = new GroupCommit(store, 1000, 8);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            commits.whenSuperseded(generation -> {
                synchronized (ring) {
                    if (ring.get() <= generation) {
                        commits.requireGeneration(store.requiredGeneration());
                        ring.set(store.requiredGeneration());
                    }
                }
            });
            List<Future<Integer>> users = new ArrayList<>();
            for (int user = 0; user < 32; user++) {
                String name = "u" + user + "-";
                users.add(threads.submit(() -> insertMany(commits, ring, name)));
            }
            for (long generation = 2; generation < 40; generation++) {
                store.requireGeneration(generation);
            }
            for (Future<Integer> user : users) {
                assertThat(user.get()).isEqualTo(50);
            }
        }
    }

    private static int insertMany(GroupCommit commits, AtomicLong ring, String name) throws StoreException {
        int inserted = 0;
        while (inserted < 50) {
            TokenRow row = new TokenRow(place(name + inserted), Optional.empty(), Optional.of(sealed(inserted)));
            if (commits.commit(new Change.Insert(row), ring.get()).equals(new Outcome.Inserted())) {
                inserted++;
            }
        }
        return inserted;
    }

    @Test
    void aSiteThatIsClosedElsewhereIsRefusedAsOneThatIsClosedHere() throws Exception {
        store.closed = true;
        try (GroupCommit commits = new GroupCommit(store, 100, 64)) {
            for (int times = 0; times < 2; times++) {
                assertThatThrownBy(() -> commits.commit(insert(1), 1))
                        .isInstanceOfSatisfying(
                                Refusal.class,
                                refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.UNKNOWN_SITE));
            }
            assertThatThrownBy(() -> commits.commitAll(List.of(insert(1), insert(2)), 1))
                    .isInstanceOf(Refusal.class);
        }
    }
}
