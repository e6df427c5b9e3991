package cardsecure.server;

import static cardsecure.TestCards.secret;
import static cardsecure.store.StoreSamples.mark;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;

import cardsecure.config.StoreLocation;
import cardsecure.crypto.Barrier;
import cardsecure.crypto.SealedSettings;
import cardsecure.crypto.ShortLivedKeys;
import cardsecure.keys.KeyRing;
import cardsecure.postgres.TestPostgres;
import cardsecure.rocks.RocksSettings;
import cardsecure.rocks.RocksTokenStore;
import cardsecure.store.Change;
import cardsecure.store.GroupCommit;
import cardsecure.store.Outcome;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.TokenStore;
import cardsecure.vault.KeptData;
import cardsecure.vault.ShortLivedData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// How long short-lived data, their keys and signed requests stand in a store after their time, by the real clock, on
/// both kinds of stores. A program for people: it takes four minutes, which no test should.
final class SweepTimes {
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final int ROWS = 200;
    private static final int MARKS = 90;

    private final KeyRing ring = KeyRing.create(new Random(1), Instant.EPOCH);
    private final TokenStore store;
    private Duration rows = Duration.ZERO;
    private Duration keys = Duration.ZERO;
    private Duration marks = Duration.ZERO;
    private int readLate;

    private SweepTimes(TokenStore store) {
        this.store = store;
    }

    /// Measures and says.
    ///
    /// @param arguments none
    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createTempDirectory(Path.of("target"), "sweep-");
        StoreLocation.Postgres location = TestPostgres.newDatabase();
        try (TokenStore rocks = RocksTokenStore.open(directory, RocksSettings.defaults());
                TokenStore one = TestPostgres.open(location);
                TokenStore other = TestPostgres.open(location);
                ExecutorService measures = Executors.newFixedThreadPool(2)) {
            List<Callable<Void>> all = List.of(
                    measurement("RocksDB", rocks, rocks),
                    // Of two nodes one sweeps, whichever it is.
                    measurement("PostgreSQL", one, other));
            for (Future<Void> measured : measures.invokeAll(all)) {
                // A measure that failed is no measure: the program ends with what went wrong.
                measured.get();
            }
        }
    }

    private static Callable<Void> measurement(String name, TokenStore store, TokenStore another) {
        return () -> {
            new SweepTimes(store).measure(name, another);
            return null;
        };
    }

    private ShortLivedKeys keys(TokenStore node) {
        return new ShortLivedKeys(new SealedSettings(node, new Barrier(ring, SecureRandom::new)), SecureRandom::new);
    }

    private Sweeper sweeper(TokenStore node, ShortLivedKeys nodeKeys) {
        return new Sweeper(node, nodeKeys, () -> List.of(WINDOW), InstantSource.system()).start();
    }

    private void measure(String name, TokenStore another) throws Exception {
        ShortLivedKeys ofNode = keys(store);
        List<Sweeper> sweepers = List.of(sweeper(store, ofNode), sweeper(another, keys(another)));
        try (GroupCommit commits = new GroupCommit(store, 1000, 100)) {
            ShortLivedData data = new ShortLivedData(store, commits, ofNode, InstantSource.system());
            Random random = new Random(1);
            for (int i = 0; i < ROWS; i++) {
                commits.commit(new Change.Insert(row("t" + i, i, i)));
                KeptData.keep(
                        commits,
                        place("t" + i),
                        data.content(secret("t" + i), Duration.ofMillis(60_000 + random.nextInt(100_000))));
            }
            long due = Instant.now().getEpochSecond() + 20;
            // A minute's grace beside the window.
            long old = WINDOW.toSeconds() + 60;
            for (int i = 0; i < MARKS; i++) {
                commits.commit(new Change.Remember(mark(due + i - old, i)));
            }
            Instant end = Instant.now().plusSeconds(240);
            while (Instant.now().isBefore(end)) {
                look(data);
                lookAtMarks(commits, due, old);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
            say(name);
        } finally {
            sweepers.forEach(Sweeper::close);
        }
    }

    private void look(ShortLivedData data) throws Exception {
        for (ShortLivedRow row : store.shortLivedRows(Optional.empty(), 1000).items()) {
            Instant now = Instant.now();
            if (row.isPast(now)) {
                rows = longer(rows, Duration.between(row.deadline(), now));
                readLate += row.place().token().text().endsWith("7")
                                && data.take(row.place()).isPresent()
                        ? 1
                        : 0;
            }
        }
        for (String key : store.settingNames(ShortLivedKeys.PREFIX)) {
            // When the last minute ends in which something sealed under it may end.
            Instant past = Instant.ofEpochSecond(60 * Long.parseLong(key.substring(12, 22)));
            keys = longer(keys, Duration.between(past, Instant.now()));
        }
    }

    /// One that is not forgotten yet lets another of its second be remembered.
    private void lookAtMarks(GroupCommit commits, long due, long old) throws Exception {
        long now = Instant.now().getEpochSecond();
        for (long at = due; at < Math.min(now, due + MARKS); at += 10) {
            if (commits.commit(new Change.Remember(mark(at - old, System.nanoTime()))) instanceof Outcome.Remembered) {
                marks = longer(marks, Duration.ofSeconds(now - at));
            }
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private void say(String name) throws Exception {
        System.getLogger("cardsecure.tests")
                .log(
                        System.Logger.Level.INFO,
                        "{0}: after its deadline a row stood for {1} s at most, a key for {2}, a mark for {3};"
                                + " {4} were read late, {5} are left",
                        name,
                        rows.toMillis() / 1000.0,
                        keys.toMillis() / 1000.0,
                        marks.toSeconds(),
                        readLate,
                        store.shortLivedRows(Optional.empty(), 1000).items().size());
    }
}
