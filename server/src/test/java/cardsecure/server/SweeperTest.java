package cardsecure.server;

import static cardsecure.TestCards.secret;
import static cardsecure.TestCards.text;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.crypto.Barrier;
import cardsecure.crypto.SealedSettings;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.keys.KeyRing;
import cardsecure.rocks.RocksSettings;
import cardsecure.rocks.RocksTokenStore;
import cardsecure.store.Change;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.GroupCommit;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.Outcome;
import cardsecure.store.Peers;
import cardsecure.store.QuietPeers;
import cardsecure.store.ReplayMark;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.StoreSamples;
import cardsecure.store.TokenStore;
import cardsecure.vault.KeptData;
import cardsecure.vault.ShortLivedData;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What has a deadline, by a clock of the test's own.
@Timeout(120)
class SweeperTest {
    private static final Instant BEGIN = Instant.parse("2014-01-01T12:00:07Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /// How often a server sweeps.
    private static final Duration PAUSE = Duration.ofSeconds(15);

    private final KeyRing ring = KeyRing.create(new Random(1), Instant.EPOCH);
    private Instant now = BEGIN;

    @TempDir
    Path temporary;

    private ShortLivedKeys keys(TokenStore store) {
        return new ShortLivedKeys(new SealedSettings(store, new Barrier(ring, SecureRandom::new)), SecureRandom::new);
    }

    private Sweeper sweeper(TokenStore store, ShortLivedKeys keys) {
        return new Sweeper(store, keys, () -> List.of(Duration.ofMinutes(5)), () -> now);
    }

    @Test
    void whatIsTooOldToComeAgainIsForgotten() throws Exception {
        try (MemoryTokenStore store = new MemoryTokenStore();
                Sweeper sweeper = sweeper(store, keys(store))) {
            now = Instant.ofEpochSecond(10_000);
            // A minute's grace beside the window.
            for (int second : new int[] {9639, 9640}) {
                store.write(List.of(new Change.Remember(StoreSamples.mark(second, 1))));
            }
            sweeper.sweep();
            assertThat(store.write(List.of(
                            new Change.Remember(StoreSamples.mark(9639, 2)),
                            new Change.Remember(StoreSamples.mark(9640, 1)),
                            new Change.Remember(StoreSamples.mark(9640, 2)))))
                    .containsExactly(
                            new Outcome.SeenBefore(StoreSamples.mark(9639, 2)),
                            new Outcome.SeenBefore(StoreSamples.mark(9640, 1)),
                            new Outcome.Remembered());
        }
    }

    @Test
    void whatLiesAheadIsKeptUntilItIsPastAndLetsOthersThrough() throws Exception {
        try (MemoryTokenStore store = new MemoryTokenStore();
                Sweeper sweeper = sweeper(store, keys(store))) {
            now = Instant.ofEpochSecond(10_000);
            // A payload of Google's, which expires in a week.
            ReplayMark expiring = StoreSamples.mark(10_000 + 604_800, 1);
            Change.Remember payload = new Change.Remember(expiring);
            store.write(List.of(payload, new Change.Remember(StoreSamples.mark(9000, 1))));
            for (int day = 0; day < 7; day++) {
                sweeper.sweep();
                Change.Remember request = new Change.Remember(StoreSamples.mark(now.getEpochSecond(), 2));
                assertThat(store.write(List.of(payload, request)))
                        .containsExactly(new Outcome.SeenBefore(expiring), new Outcome.Remembered());
                now = now.plus(Duration.ofDays(1));
            }
            now = now.plus(Duration.ofHours(1));
            sweeper.sweep();
            assertThat(store.marks(0, 10)).isEmpty();
            assertThat(store.write(List.of(payload))).containsExactly(new Outcome.SeenBefore(expiring));
        }
    }

    @Test
    void nothingIsReadableAfterItsDeadlineAndAllIsGoneWithinAMinuteOfIt() throws Exception {
        try (TokenStore store = RocksTokenStore.open(temporary, new RocksSettings(1 << 20, 1 << 20, 0));
                GroupCommit commits = new GroupCommit(store, 1000, 100)) {
            ShortLivedKeys keys = keys(store);
            ShortLivedData data = new ShortLivedData(store, commits, keys, () -> now);
            Map<String, Instant> deadlines = new HashMap<>();
            Duration longest = Duration.ZERO;
            try (Sweeper sweeper = sweeper(store, keys)) {
                Random random = new Random(1);
                for (int second = 0; now.isBefore(BEGIN.plus(Duration.ofMinutes(20))); second++) {
                    now = BEGIN.plusSeconds(second);
                    if (now.isBefore(BEGIN.plus(Duration.ofMinutes(10)))) {
                        String token = "t" + second;
                        store.write(List.of(new Change.Insert(row(token, second, second))));
                        Instant asked = now.plusSeconds(60 + random.nextInt(400));
                        KeptData.keep(commits, place(token), data.content(secret(token), Duration.between(now, asked)));
                        Instant deadline =
                                store.shortLived(place(token)).orElseThrow().deadline();
                        assertThat(deadline).isAfter(now).isEqualTo(asked);
                        deadlines.put(token, deadline);
                    }
                    if (second % PAUSE.toSeconds() == 0) {
                        sweeper.sweep();
                    }
                    for (ShortLivedRow row :
                            store.shortLivedRows(Optional.empty(), 10_000).items()) {
                        Duration late = Duration.between(row.deadline(), now);
                        longest = late.compareTo(longest) > 0 ? late : longest;
                        if (row.isPast(now)) {
                            assertThat(data.take(row.place())).isEmpty();
                        }
                    }
                    for (String key : store.settingNames(ShortLivedKeys.PREFIX)) {
                        long minute = Long.parseLong(key.substring(12, 22));
                        assertThat(now)
                                .isBefore(Instant.ofEpochSecond(60 * minute).plus(MINUTE));
                    }
                }
            }
            assertThat(deadlines).hasSize(600);
            assertThat(longest).isPositive().isLessThan(MINUTE);
            assertThat(store.shortLivedRows(Optional.empty(), 10).items()).isEmpty();
            assertThat(store.settingNames("")).isEmpty();
        }
    }

    @Test
    void untilItsDeadlineEachIsReadableOnce() throws Exception {
        try (TokenStore store = new MemoryTokenStore();
                GroupCommit commits = new GroupCommit(store, 1000, 100)) {
            ShortLivedKeys keys = keys(store);
            ShortLivedData data = new ShortLivedData(store, commits, keys, () -> now);
            try (Sweeper sweeper = sweeper(store, keys)) {
                for (int i = 0; i < 100; i++) {
                    String token = "t" + i;
                    store.write(List.of(new Change.Insert(row(token, i, i))));
                    KeptData.keep(commits, place(token), data.content(secret(token), Duration.ofMinutes(3)));
                    Instant deadline =
                            store.shortLived(place(token)).orElseThrow().deadline();
                    now = deadline.minusNanos(1);
                    sweeper.sweep();
                    assertThat(text(data.take(place(token)).orElseThrow())).isEqualTo(token);
                    assertThat(data.take(place(token))).isEmpty();
                    now = deadline.plusSeconds(i);
                    sweeper.sweep();
                }
            }
        }
    }

    @Test
    void aClockThatIsPutBackBringsNothingBack() throws Exception {
        try (TokenStore store = new MemoryTokenStore();
                GroupCommit commits = new GroupCommit(store, 1000, 100)) {
            ShortLivedKeys keys = keys(store);
            ShortLivedData data = new ShortLivedData(store, commits, keys, () -> now);
            store.write(List.of(new Change.Insert(row("t1", 1, 1)), new Change.Insert(row("t2", 2, 2))));
            KeptData.keep(commits, place("t1"), data.content(secret("track"), Duration.ofMinutes(3)));
            try (Sweeper sweeper = sweeper(store, keys)) {
                now = BEGIN.plus(Duration.ofMinutes(3));
                sweeper.sweep();
                now = BEGIN;
                assertThat(data.take(place("t1"))).isEmpty();
                // In a minute whose keys were destroyed: it gets a key of its own, and goes at the next sweep.
                KeptData.keep(commits, place("t2"), data.content(secret("track"), Duration.ofMinutes(3)));
                assertThat(new ShortLivedData(store, commits, keys(store), () -> now).take(place("t2")))
                        .contains(secret("track"));
            }
        }
    }

    /// Leases by the test's clock, as a database gives them.
    private final class Leases extends QuietPeers {
        private final Map<String, Map.Entry<Object, Instant>> held;
        private final Object holder = new Object();
        private Duration slow = Duration.ZERO;

        Leases(Map<String, Map.Entry<Object, Instant>> held) {
            this.held = held;
        }

        @Override
        public Optional<Instant> clock() {
            return Optional.of(now.minus(slow));
        }

        @Override
        public boolean lease(String name, Duration duration) {
            Map.Entry<Object, Instant> now = held.get(name);
            boolean free = now == null || now.getKey().equals(holder) || !SweeperTest.this.now.isBefore(now.getValue());
            if (free) {
                held.put(name, Map.entry(holder, SweeperTest.this.now.plus(duration)));
            }
            return free;
        }

        @Override
        public void release(String name) {
            held.computeIfPresent(name, (_, lease) -> lease.getKey().equals(holder) ? null : lease);
        }
    }

    private static final class Node extends ForwardingTokenStore {
        private final Peers peers;
        private int sweeps;
        private int destroyed;
        private boolean fails;

        Node(TokenStore store, Peers peers) {
            super(store);
            this.peers = peers;
        }

        @Override
        public Peers peers() {
            return peers;
        }

        @Override
        public void destroyShortLived(Instant now) throws StoreException {
            sweeps++;
            super.destroyShortLived(now);
        }

        @Override
        public boolean setSetting(String name, Optional<SealedData> expected, Optional<SealedData> value)
                throws StoreException {
            if (fails) {
                throw new StoreException("the database starts");
            }
            return super.setSetting(name, expected, value);
        }

        @Override
        public boolean forgetFormerSettings() {
            destroyed += fails ? 0 : 1;
            return !fails;
        }
    }

    @Test
    void oneNodeSweepsAndWhenItDiesAnotherOneDoesBeforeTheMinuteIsOver() throws Exception {
        Map<String, Map.Entry<Object, Instant>> held = new HashMap<>();
        TokenStore shared = new MemoryTokenStore();
        Node one = new Node(shared, new Leases(held));
        Node other = new Node(shared, new Leases(held));
        ShortLivedKeys keysOfOther = keys(other);
        try (Sweeper first = sweeper(one, keys(one));
                Sweeper second = sweeper(other, keysOfOther)) {
            for (int times = 0; times < 4; times++) {
                first.sweep();
                now = now.plusSeconds(1);
                second.sweep();
                now = now.plus(PAUSE);
            }
            assertThat(one.sweeps).isEqualTo(4);
            assertThat(other.sweeps).isZero();
            // The first has swept for the last time when this is not yet due.
            first.sweep();
            Instant deadline = ShortLivedKeys.deadline(now.plus(MINUTE));
            shared.write(List.of(new Change.Insert(row("t1", 1, 1))));
            shared.write(List.of(new Change.Keep(keysOfOther.seal(place("t1"), deadline, secret("track")))));
            now = deadline.minusSeconds(1);
            first.sweep();
            Instant dies = now;
            while (shared.shortLived(place("t1")).isPresent()) {
                now = now.plus(PAUSE);
                second.sweep();
            }
            assertThat(now).isBetween(dies, deadline.plus(MINUTE));
            while (!shared.settingNames("").isEmpty()) {
                now = now.plus(PAUSE);
                second.sweep();
            }
            assertThat(now).isBetween(dies, ShortLivedKeys.keyDeadline(deadline).plus(MINUTE));
        }
    }

    /// Not only after the hour in which its change counts as one that may still come.
    @Test
    void whatOneNodeLeavesIsDestroyedByTheOneThatSweepsAsSoonAsTheStoreIsWell() throws Exception {
        Map<String, Map.Entry<Object, Instant>> held = new HashMap<>();
        TokenStore shared = new MemoryTokenStore();
        Node sweeping = new Node(shared, new Leases(held));
        Node changing = new Node(shared, new Leases(held));
        SealedSettings settings = new SealedSettings(changing, new Barrier(ring, SecureRandom::new));
        try (Sweeper first = sweeper(sweeping, keys(sweeping));
                Sweeper second = sweeper(changing, new ShortLivedKeys(settings, SecureRandom::new))) {
            first.sweep();
            try (var remains = settings.expectRemains()) {
                changing.fails = true;
                remains.destroyIfPossible();
            }
            second.sweep();
            first.sweep();
            assertThat(sweeping.destroyed).isZero();
            changing.fails = false;
            second.sweep();
            first.sweep();
            assertThat(sweeping.destroyed).isEqualTo(1);
            assertThat(shared.settingNames("")).isEmpty();
        }
    }

    @Test
    void whatIsPastByOneClockAloneStays() throws Exception {
        Leases peers = new Leases(new HashMap<>());
        Node node = new Node(new MemoryTokenStore(), peers);
        ShortLivedKeys keys = keys(node);
        Instant deadline = BEGIN.plus(Duration.ofMinutes(5));
        node.write(List.of(new Change.Insert(row("t1", 1, 1))));
        node.write(List.of(new Change.Keep(keys.seal(place("t1"), deadline, secret("track")))));
        try (Sweeper sweeper = sweeper(node, keys)) {
            now = deadline;
            // As much as is let pass: the earlier of the two clocks counts.
            for (int seconds : new int[] {-10, 10}) {
                peers.slow = Duration.ofSeconds(seconds);
                now = seconds < 0 ? deadline.minusSeconds(1) : deadline.plusSeconds(9);
                sweeper.sweep();
                assertThat(node.shortLived(place("t1"))).isPresent();
            }
            assertThat(node.sweeps).isEqualTo(2);
            // A day ahead, or behind: this one sweeps no more, and another may.
            for (long seconds : new long[] {11, 86_400, -11, -86_400}) {
                peers.slow = Duration.ofSeconds(seconds);
                now = deadline.plus(Duration.ofDays(2));
                sweeper.sweep();
                assertThat(node.shortLived(place("t1"))).isPresent();
                assertThat(peers.held).isEmpty();
            }
            assertThat(node.sweeps).isEqualTo(2);
            peers.slow = Duration.ZERO;
            sweeper.sweep();
            assertThat(node.shortLived(place("t1"))).isEmpty();
            assertThat(node.settingNames("")).isEmpty();
        }
    }

    /// What makes data worthless is that their key is gone.
    @Test
    void keysAreDestroyedAlsoWhereRowsCannotBe() throws Exception {
        TokenStore store = new ForwardingTokenStore(new MemoryTokenStore()) {
            @Override
            public void destroyShortLived(Instant now) throws StoreException {
                throw new StoreException("a privilege is missing");
            }
        };
        ShortLivedKeys keys = keys(store);
        Instant deadline = BEGIN.plus(Duration.ofMinutes(5));
        keys.seal(place("t1"), deadline, secret("track"));
        try (Sweeper sweeper = sweeper(store, keys)) {
            now = deadline.plus(MINUTE);
            sweeper.sweep();
            assertThat(store.settingNames("")).isEmpty();
        }
    }
}
