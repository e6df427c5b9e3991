package cardsecure.postgres;

import static cardsecure.store.StoreSamples.mark;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.config.StoreLocation;
import cardsecure.store.Change;
import cardsecure.store.GroupCommit;
import cardsecure.store.Outcome;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How many new cards a second become durable, with syncs, and what group commit is worth. `-Drates.seconds=20`
/// measures for so long; `tools/rates` does.
@Timeout(600)
class PostgresRateTest {
    private static final int USERS = 64;
    private static final int BATCH_MAX = 512;

    private final long seconds = Long.getLong("rates.seconds", 1);
    private final AtomicLong numbers = new AtomicLong();

    @Test
    void manyNewCardsShareASync() throws Exception {
        TestPostgres.require();
        try (EmbeddedPostgres cluster = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("max_wal_size", "4GB")
                .setErrorRedirector(Redirect.DISCARD)
                .setOutputRedirector(Redirect.DISCARD)
                .setPGStartupWait(TestPostgres.PATIENCE)
                .start()) {
            StoreLocation.Postgres location = (StoreLocation.Postgres)
                    StoreLocation.parse("postgresql://postgres@127.0.0.1:" + cluster.getPort() + "/postgres");
            try (PostgresTokenStore store =
                    new PostgresDatabase(location, Optional.empty(), TestPostgres.PATIENT).open()) {
                // Once for the compilers.
                rate(store, BATCH_MAX, false);
                say("new cards", "shared syncs", rate(store, BATCH_MAX, false));
                say("new cards", "a sync each", rate(store, 1, false));
                say("signed new cards", "shared syncs", rate(store, BATCH_MAX, true));
                say("signed new cards", "a sync each", rate(store, 1, true));
            }
        }
    }

    private static void say(String what, String how, double rate) {
        System.getLogger("cardsecure.tests")
                .log(
                        System.Logger.Level.INFO,
                        "PostgreSQL, 64 users, {0}, {1}: {2,number,#} a second",
                        what,
                        how,
                        rate);
    }

    private double rate(TokenStore store, int batchMax, boolean signed) throws Exception {
        long first = numbers.get();
        long began = System.nanoTime();
        long deadline = began + TimeUnit.SECONDS.toNanos(seconds);
        try (GroupCommit commits = new GroupCommit(store, 4096, batchMax);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> users = new ArrayList<>();
            for (int user = 0; user < USERS; user++) {
                users.add(threads.submit(() -> insertUntil(commits, deadline, signed)));
            }
            for (Future<Boolean> user : users) {
                user.get();
            }
        }
        double elapsed = (System.nanoTime() - began) / 1e9;
        long last = numbers.get();
        for (long number : new long[] {first + 1, (first + last) / 2 + 1, last}) {
            assertThat(store.byToken(place(token(number)))).contains(row(token(number), number, number));
        }
        return (last - first) / elapsed;
    }

    /// As tokens of cards are, in no order.
    private static String token(long number) {
        return String.format("9%018d%03d", Long.reverse(number) >>> 4, number % 1000);
    }

    private boolean insertUntil(GroupCommit commits, long deadline, boolean signed) throws StoreException {
        while (System.nanoTime() < deadline) {
            long number = numbers.incrementAndGet();
            Change insert = new Change.Insert(row(token(number), number, number));
            Change change = signed ? new Change.Once(mark(1000 + number / 10_000, number), insert) : insert;
            assertThat(commits.commit(change, 1)).isEqualTo(new Outcome.Inserted());
        }
        return true;
    }
}
