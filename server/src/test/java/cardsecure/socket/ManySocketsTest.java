package cardsecure.socket;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Needs;
import cardsecure.TestCards;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.WhenFull;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// 10,000 sockets that say nothing, and 64 that work beside them.
@Timeout(120)
class ManySocketsTest {
    private static final int IDLE = 10_000;
    private static final int BUSY = 64;
    private static final int REQUESTS = 200;
    private static final int RUNS = 4;

    /// The server's ends; the clients are in a process of their own.
    private static final int PATIENCE = 10;
    private static final long FILES_NEEDED = IDLE + 10 * BUSY + 1000;

    @Test
    void idleSocketsCostOthersLessThanHalfOfTheirSpeedAndAreServedWhenTheySpeak() throws Exception {
        Needs.require(filesMax() >= FILES_NEEDED, "needs " + FILES_NEEDED + " open files: ulimit -Hn " + FILES_NEEDED);
        try (SocketFixture fixture = new SocketFixture()) {
            SocketFront front = fixture.start(SocketFixture.config(Kind.SOCKET, IDLE + 10 * BUSY, WhenFull.WAIT));
            int port = front.address().port();
            assertBusyAreServed(port);
            double alone = fastest(port);
            long before = front.counts().accepted();
            Process idle = startIdle(port);
            try {
                Waiting.until(() -> front.counts().accepted() == before + IDLE || !idle.isAlive());
                double beside = fastest(port);
                // A neighbour that takes the processors for some seconds is none of these sockets.
                for (int again = 0; again < PATIENCE && beside <= alone / 2; again++) {
                    beside = fastest(port);
                }
                assertThat(beside)
                        .as("64 busy sockets beside 10,000 idle ones, requests a second; alone %.0f", alone)
                        .isGreaterThan(alone / 2);
                assertThat(idle.isAlive()).isTrue();
                idle.getOutputStream().close();
                assertThat(idle.waitFor()).isZero();
            } finally {
                idle.destroyForcibly();
            }
            assertThat(front.counts().waited() + front.counts().cutOff()).isZero();
        }
    }

    private static Process startIdle(int port) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        IdleSockets.class.getName(),
                        String.valueOf(port),
                        String.valueOf(IDLE))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /// Requests a second of the best of a few runs, as others use this machine too.
    private static double fastest(int port) throws Exception {
        double best = 0;
        for (int i = 0; i < RUNS; i++) {
            long begin = System.nanoTime();
            assertBusyAreServed(port);
            best = Math.max(best, BUSY * REQUESTS * 1e9 / (System.nanoTime() - begin));
        }
        return best;
    }

    private static void assertBusyAreServed(int port) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> served = new ArrayList<>();
            for (int i = 0; i < BUSY; i++) {
                served.add(threads.submit(() -> tokenize(port)));
            }
            for (Future<Integer> each : served) {
                assertThat(each.get()).isEqualTo(REQUESTS);
            }
        }
    }

    /// @return how many requests got a token
    private static int tokenize(int port) throws Exception {
        int tokens = 0;
        try (SocketClient client = SocketClient.to(port)) {
            for (int i = 0; i < REQUESTS; i++) {
                String card = TestCards.CARDS.get(i % TestCards.CARDS.size());
                if (client.call("CE", card).matches("9[0-9]{11}[0-9]{4}")) {
                    tokens++;
                }
            }
        }
        return tokens;
    }

    private static long filesMax() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : 0;
    }
}
