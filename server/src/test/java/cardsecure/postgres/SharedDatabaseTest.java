package cardsecure.postgres;

import static cardsecure.store.StoreSamples.SITE;
import static cardsecure.store.StoreSamples.fingerprint;
import static cardsecure.store.StoreSamples.mark;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.config.StoreLocation;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.Fingerprint;
import cardsecure.store.GroupCommit;
import cardsecure.store.Outcome;
import cardsecure.store.ReplayMark;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Several processes' stores of one database, at the same time.
@Timeout(120)
class SharedDatabaseTest {
    private static final Outcome SUPERSEDED = new Outcome.Superseded();

    private StoreLocation.Postgres location = TestPostgres.NOWHERE;
    private final List<PostgresTokenStore> stores = new ArrayList<>();

    @BeforeEach
    void makeADatabase() {
        location = TestPostgres.newDatabase();
    }

    @AfterEach
    void closeAll() {
        stores.forEach(PostgresTokenStore::close);
    }

    private PostgresTokenStore open() throws StoreException {
        PostgresTokenStore store = TestPostgres.open(location);
        stores.add(store);
        return store;
    }

    private static Outcome write(TokenStore store, Change change, long generation) throws StoreException {
        return store.write(List.of(change), OptionalLong.of(generation)).getFirst();
    }

    private static Outcome write(TokenStore store, Change change) throws StoreException {
        return store.write(List.of(change)).getFirst();
    }

    @Test
    void theSameCardsAtThreeNodesAreOneRowEachAndAllLearnIt() throws Exception {
        int cards = 20;
        int users = 12;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Outcome>> answers = new ArrayList<>();
        List<GroupCommit> commits = List.of(
                new GroupCommit(open(), 1000, 64),
                new GroupCommit(open(), 1000, 64),
                new GroupCommit(open(), 1000, 64));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int node = 0; node < commits.size(); node++) {
                GroupCommit commit = commits.get(node);
                for (int user = 0; user < users; user++) {
                    for (int card = 0; card < cards; card++) {
                        // Each in another order, so that they would get into each other's way.
                        int number = (card * (user + 1) + node) % cards;
                        TokenRow row = row("t-" + node + "-" + user + "-" + card, number, number);
                        answers.add(threads.submit(() -> {
                            start.await();
                            return commit.commit(new Change.Insert(row));
                        }));
                    }
                }
            }
            start.countDown();
            Set<TokenRow> told = new HashSet<>();
            int inserted = 0;
            for (Future<Outcome> answer : answers) {
                if (answer.get() instanceof Outcome.Exists(TokenRow row)) {
                    told.add(row);
                } else {
                    assertThat(answer.get()).isEqualTo(new Outcome.Inserted());
                    inserted++;
                }
            }
            Set<TokenRow> rows = new HashSet<>(
                    stores.getFirst().rows(Optional.empty(), 10_000).items());
            assertThat(rows).hasSize(inserted).containsAll(told);
            assertThat(rows.stream().map(TokenRow::fingerprint)).doesNotHaveDuplicates();
        } finally {
            commits.forEach(GroupCommit::close);
        }
    }

    @Test
    void whatAnEarlierRingMadeIsSupersededOnEveryNode() throws Exception {
        TokenStore one = open();
        TokenStore other = open();
        assertThat(write(one, new Change.Insert(row("t1", 1, 1)), 1)).isEqualTo(new Outcome.Inserted());
        assertThat(one.requiredGeneration()).isEqualTo(1);

        assertThat(write(other, new Change.Insert(row("t2", 2, 2)), 3)).isEqualTo(new Outcome.Inserted());
        assertThat(write(one, new Change.Insert(row("t3", 3, 3)), 2)).isEqualTo(SUPERSEDED);
        assertThat(one.write(
                        List.of(new Change.Purge(place("t1")), new Change.Remember(mark(1000, 1))), OptionalLong.of(1)))
                .containsExactly(SUPERSEDED, SUPERSEDED);
        assertThat(one.byToken(place("t3"))).isEmpty();
        assertThat(one.byToken(place("t1"))).contains(row("t1", 1, 1));
        assertThat(write(one, new Change.Purge(place("t1")))).isEqualTo(new Outcome.Changed());
        assertThat(write(one, new Change.Remember(mark(1000, 1)), 3)).isEqualTo(new Outcome.Remembered());

        other.requireGeneration(2);
        assertThat(one.requiredGeneration()).isEqualTo(3);
        other.requireGeneration(4);
        assertThat(write(one, new Change.Insert(row("t3", 3, 3)), 3)).isEqualTo(SUPERSEDED);
        assertThat(write(open(), new Change.Insert(row("t3", 3, 3)), 3)).isEqualTo(SUPERSEDED);
        assertThat(write(open(), new Change.Insert(row("t3", 3, 3)), 4)).isEqualTo(new Outcome.Inserted());
    }

    @Test
    void whoRequiresALaterRingWaitsForBatchesOfTheEarlierOne() throws Exception {
        TokenStore requiring = open();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Database database = Database.open(connector(), 1);
                Connection batch = database.borrowForBatch()) {
            Fence fence = new Fence(database, 77, "a node that is slow");
            fence.register();
            batch.setAutoCommit(false);
            assertThat(fence.lock(batch).generation()).isZero();
            Future<Boolean> required = threads.submit(() -> {
                requiring.requireGeneration(5);
                return true;
            });
            awaitLockWait();
            assertThat(required).isNotDone();
            batch.commit();

            assertThat(required.get()).isTrue();
            assertThat(fence.lock(batch).generation()).isEqualTo(5);
        }
    }

    private Connector connector() {
        return new Connector(location, Optional.empty(), Duration.ofSeconds(10));
    }

    private void awaitLockWait() throws Exception {
        try (Connection connection = connector().open()) {
            boolean waits = false;
            while (!waits) {
                try (var statement = connection.createStatement();
                        var results = statement.executeQuery("SELECT count(*) FROM pg_stat_activity"
                                + " WHERE datname = current_database() AND wait_event_type = 'Lock'")) {
                    waits = results.next() && results.getInt(1) > 0;
                }
            }
        }
    }

    /// Nobody ends a batch of another one to require something, and nobody who requires something waits for ever.
    @Test
    void whoRequiresALaterRingGetsThroughHoweverBusyTheNodesAre() throws Exception {
        List<GroupCommit> commits = List.of(new GroupCommit(open(), 1000, 8), new GroupCommit(open(), 1000, 8));
        TokenStore requiring = open();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> users = new ArrayList<>();
            for (int user = 0; user < 16; user++) {
                GroupCommit commit = commits.get(user % 2);
                String name = "u-" + user + "-";
                users.add(threads.submit(() -> commitUntilSuperseded(commit, name)));
            }
            for (long generation = 2; generation <= 30; generation++) {
                requiring.requireGeneration(1);
            }
            requiring.requireGeneration(2);
            for (Future<Integer> user : users) {
                assertThat(user.get(30, TimeUnit.SECONDS)).isNotNegative();
            }
        } finally {
            commits.forEach(GroupCommit::close);
        }
    }

    private static int commitUntilSuperseded(GroupCommit commits, String name) throws StoreException {
        for (int i = 0; ; i++) {
            TokenRow row = new TokenRow(place(name + i), Optional.empty(), Optional.of(sealed(i)));
            if (commits.commit(new Change.Insert(row), 1).equals(SUPERSEDED)) {
                return i;
            }
        }
    }

    @Test
    void aSiteThatOneNodeClosedIsClosedOnAllUntilItIsOpenedAgain() throws Exception {
        TokenStore one = open();
        TokenStore other = open();
        write(one, new Change.Insert(row("t1", 1, 1)));
        write(one, new Change.Insert(row("t2", 2, 2)));
        write(other, new Change.Purge(place("t2")));
        SiteId elsewhere = new SiteId(SITE.number() + 1);
        TokenRow elsewhereRow = new TokenRow(
                new TokenPlace(elsewhere, place("t1").domain(), place("t1").token()),
                Optional.of(fingerprint(1)),
                Optional.of(sealed(1)));
        Outcome closed = new Outcome.SiteClosed();

        one.closeSite(SITE);
        one.closeSite(SITE);
        for (TokenStore node : List.of(one, other, open())) {
            assertThat(write(node, new Change.Insert(row("t3", 3, 3)))).isEqualTo(closed);
            assertThat(write(node, new Change.Once(mark(1000, 1), new Change.Insert(row("t3", 3, 3)))))
                    .isEqualTo(closed);
            assertThat(write(node, new Change.Replace(place("t2"), Optional.empty(), sealed(3))))
                    .isEqualTo(closed);
        }
        assertThat(write(other, new Change.Replace(place("t1"), Optional.of(sealed(1)), sealed(4))))
                .isEqualTo(new Outcome.Changed());
        assertThat(write(other, new Change.Purge(place("t1")))).isEqualTo(new Outcome.Changed());
        assertThat(write(other, new Change.Insert(elsewhereRow))).isEqualTo(new Outcome.Inserted());
        // What a closed site refuses has remembered nothing.
        assertThat(write(other, new Change.Remember(mark(1000, 1)))).isEqualTo(new Outcome.Remembered());

        other.reopenSite(SITE);
        other.reopenSite(SITE);
        assertThat(write(one, new Change.Insert(row("t3", 3, 3)))).isEqualTo(new Outcome.Inserted());
        try (GroupCommit commits = new GroupCommit(one, 10, 10)) {
            other.closeSite(SITE);
            assertThatThrownBy(() -> commits.commit(new Change.Insert(row("t4", 4, 4))))
                    .isInstanceOfSatisfying(
                            Refusal.class, refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.UNKNOWN_SITE));
        }
    }

    /// One payment in two signed requests: whoever loses has not come before.
    @Test
    void onePaymentAtTwoNodesIsTakenOnce() throws Exception {
        List<TokenStore> nodes = List.of(open(), open());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 30; round++) {
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Outcome>> answers = new ArrayList<>();
                ReplayMark payload = mark(90_000, round);
                int number = round;
                for (int node = 0; node < 2; node++) {
                    TokenStore store = nodes.get(node);
                    ReplayMark request = mark(1000, 2 * round + node);
                    Change insert = new Change.Insert(row("t" + number + "-" + node, 2 * number + node, 1));
                    answers.add(threads.submit(() -> {
                        start.await();
                        return write(store, new Change.Once(List.of(payload, request), insert));
                    }));
                }
                start.countDown();
                List<Outcome> outcomes =
                        List.of(answers.getFirst().get(), answers.getLast().get());
                assertThat(outcomes).containsExactlyInAnyOrder(new Outcome.Inserted(), new Outcome.SeenBefore(payload));
                int lost = outcomes.indexOf(new Outcome.SeenBefore(payload));
                assertThat(write(nodes.getFirst(), new Change.Remember(mark(1000, 2 * round + lost))))
                        .isEqualTo(new Outcome.Remembered());
            }
        }
    }

    @Test
    void oneMarkAtTwoNodesIsRememberedOnce() throws Exception {
        List<TokenStore> nodes = List.of(open(), open());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 30; round++) {
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Outcome>> answers = new ArrayList<>();
                int number = round;
                for (TokenStore node : nodes) {
                    answers.add(threads.submit(() -> {
                        start.await();
                        return write(node, new Change.Remember(mark(1000, number)));
                    }));
                }
                start.countDown();
                assertThat(List.of(answers.getFirst().get(), answers.getLast().get()))
                        .containsExactlyInAnyOrder(
                                new Outcome.Remembered(), new Outcome.SeenBefore(mark(1000, number)));
            }
        }
        nodes.getFirst().forgetMarks(Instant.ofEpochSecond(1001));
        assertThat(write(nodes.getLast(), new Change.Remember(mark(1000, 0))))
                .isEqualTo(new Outcome.SeenBefore(mark(1000, 0)));
        assertThat(write(open(), new Change.Remember(mark(999, 0)))).isEqualTo(new Outcome.SeenBefore(mark(999, 0)));
        assertThat(write(open(), new Change.Remember(mark(1001, 0)))).isEqualTo(new Outcome.Remembered());
    }

    /// Few rows and fingerprints, many changes of all kinds, three nodes: no two get into each other's way for
    /// good, and what stands there in the end is what was answered.
    @Test
    void changesOfAllKindsFromThreeNodesLeaveRowsAndIndexesWhole() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        System.getLogger("cardsecure.tests").log(System.Logger.Level.INFO, "-Dseed={0,number,#}", seed);
        List<Future<Integer>> inserted = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            for (int node = 0; node < 3; node++) {
                TokenStore store = open();
                Random random = new Random(seed + node);
                inserted.add(threads.submit(() -> changeAtRandom(store, random)));
            }
        }
        int sum = 0;
        for (Future<Integer> one : inserted) {
            sum += one.get();
        }
        TokenStore store = stores.getFirst();
        List<TokenRow> rows = store.rows(Optional.empty(), 10_000).items();
        assertThat(rows).hasSize(sum);
        assertThat(rows.stream().flatMap(row -> row.fingerprint().stream())).doesNotHaveDuplicates();
        for (TokenRow row : rows) {
            assertThat(store.byToken(row.place())).contains(row);
            for (Fingerprint fingerprint : row.fingerprint().stream().toList()) {
                assertThat(store.byFingerprint(SITE, fingerprint)).contains(row);
            }
        }
    }

    private static int changeAtRandom(TokenStore store, Random random) throws StoreException {
        int inserted = 0;
        for (int i = 0; i < 400; i++) {
            List<Change> batch = new ArrayList<>();
            for (int left = random.nextInt(12); left >= 0; left--) {
                batch.add(changeAtRandom(random));
            }
            for (Outcome outcome : store.write(batch)) {
                inserted += outcome.equals(new Outcome.Inserted()) ? 1 : 0;
            }
        }
        return inserted;
    }

    private static Change changeAtRandom(Random random) {
        TokenPlace place = place("t" + random.nextInt(40));
        int data = random.nextInt(4);
        Change change = switch (random.nextInt(6)) {
            case 0 -> new Change.Purge(place);
            case 1 -> new Change.Replace(place, Optional.of(sealed(data)), sealed(random.nextInt(4)));
            case 2 -> new Change.Replace(place, Optional.empty(), sealed(data));
            case 3 -> new Change.Refingerprint(place, fingerprint(random.nextInt(50)), fingerprint(random.nextInt(50)));
            default ->
                new Change.Insert(
                        new TokenRow(place, Optional.of(fingerprint(random.nextInt(50))), Optional.of(sealed(data))));
        };
        return random.nextInt(4) == 0 ? new Change.Once(mark(1000, random.nextInt(1000)), change) : change;
    }
}
