package cardsecure.server;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.postgres.DurablePostgres;
import cardsecure.postgres.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Servers on one PostgreSQL, which syncs, under load: a server is killed with -9, the database is, and it is away for
/// a while. `-Dcrash.node-kills=` says how often, `-Dcrash.database-away=` how many seconds.
@Timeout(600)
class NodesCrashTest {
    private static final Logger LOG = LoggerFactory.getLogger("cardsecure.tests.crash");
    private static final int NODES = 3;

    /// By then a request that the database does not answer has failed: twice its timeout, and some.
    private static final long ANSWERED_MILLIS = 15_000;

    @TempDir
    Path temporary;

    @Test
    void nothingThatWasAcknowledgedIsLostWhateverEndsAndComesBack() throws Exception {
        TestPostgres.require();
        int kills = Integer.getInteger("crash.node-kills", 3);
        Duration away = Duration.ofSeconds(Integer.getInteger("crash.database-away", 8));
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        try (DurablePostgres database = DurablePostgres.start(temporary.resolve("postgres"));
                Nodes nodes = Nodes.start(temporary, database.newDatabase("vault"), "2s", NODES)) {
            NodesLoad load = new NodesLoad(nodes, 0);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                load.begin(threads, 12);
                for (int kill = 0; kill < kills; kill++) {
                    int node = random.nextInt(NODES);
                    pause(random);
                    nodes.get(node).kill9();
                    pause(random);
                    nodes.restart(node);
                    pause(random);
                    database.kill9();
                    database.restart();
                    awaitReady(nodes);
                }
                pause(random);
                database.stop();
                LockSupport.parkNanos(away.toNanos());
                assertNotReady(nodes);
                database.restart();
                awaitReady(nodes);
                pause(random);
                load.end();
            }
            LOG.info(
                    "nodes crash test: {} kills of nodes and of the database, away for {}, {} acknowledged, slowest"
                            + " answer {} ms, else {}, seed {}",
                    kills,
                    away,
                    load.acknowledged(),
                    load.slowestMillis(),
                    load.failures(),
                    seed);
            load.verifyEverywhere();
            assertThat(load.wrong()).as("seed %d", seed).isEmpty();
            assertThat(load.acknowledged()).isGreaterThan(100);
            assertThat(load.slowestMillis()).isLessThan(ANSWERED_MILLIS);
            assertThat(load.failures().keySet())
                    .allMatch(answer -> answer.startsWith("0046")
                            || answer.startsWith("503")
                            || answer.startsWith("the connection"));
        }
    }

    private static void pause(Random random) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300 + random.nextInt(700)));
    }

    private static int health(Nodes nodes, int node, String path) throws Exception {
        try (Client client = nodes.get(node).client()) {
            return client.exchange("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")
                    .status();
        }
    }

    private static void assertNotReady(Nodes nodes) throws Exception {
        for (int node = 0; node < NODES; node++) {
            assertThat(health(nodes, node, "/health/live")).isEqualTo(200);
            assertThat(health(nodes, node, "/health/ready")).isEqualTo(503);
        }
    }

    /// By themselves.
    private static void awaitReady(Nodes nodes) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        for (int node = 0; node < NODES; node++) {
            while (health(nodes, node, "/health/ready") != 200) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }
}
