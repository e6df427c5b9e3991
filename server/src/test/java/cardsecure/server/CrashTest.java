package cardsecure.server;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.server.CrashLoad.Card;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The real server under load, killed with -9 at random moments, again and again on the same data. `-Dcrash.kills=`
/// says how often, `-Dseed=` repeats the moments and the mix (not what the scheduler makes of them).
///
/// What was acknowledged survives the process here; that it survives the machine, too, needs the log to be synced,
/// which no kill shows.
@Timeout(600)
class CrashTest {
    private static final Logger LOG = LoggerFactory.getLogger("cardsecure.tests.crash");
    private static final int CONNECTIONS = 16;
    private static final int SAMPLE = 200;

    @TempDir
    Path temporary;

    private final CrashLoad load = new CrashLoad();
    private int kills;

    @Test
    void nothingThatWasAcknowledgedIsLostHoweverOftenTheServerIsKilled() throws Exception {
        int wanted = wantedKills();
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        Path data = temporary.resolve("data");
        List<Card> last = List.of();
        try {
            while (kills < wanted) {
                if (kills % 5 == 4) {
                    killDuringStart(data, random);
                } else {
                    last = round(data, random, last);
                }
                assertThat(load.wrong())
                        .as("after kill " + kills + ", seed " + seed)
                        .isEmpty();
            }
            try (ServerProcess server = ServerProcess.start(data)) {
                atTheEnd(data);
                verify(server, load.cards(), true);
                try (Client client = server.client()) {
                    load.verifyShared(client);
                }
                server.terminate();
            }
        } finally {
            LOG.info(
                    "crash test: {} kills, {} acknowledged, {} lost, seed {}",
                    kills,
                    load.acknowledged(),
                    load.wrong().size(),
                    seed);
        }
        assertThat(load.wrong()).as("seed " + seed).isEmpty();
        assertThat(load.acknowledged()).isGreaterThan(wanted * 10);
    }

    /// How often the server is to be killed.
    int wantedKills() {
        return Integer.getInteger("crash.kills", 50);
    }

    /// How long the server is under load before it is killed.
    Duration roundTime(Random random) {
        return Duration.ofMillis(100 + random.nextInt(500));
    }

    /// What is done while the server is under load, until it is gone.
    void alongside(Path data, Random random) {
        // Nothing.
    }

    /// What is done with the last server, before all that was acknowledged is looked for.
    void atTheEnd(Path data) throws Exception {
        // Nothing.
    }

    /// Starts the server, compares what it says with what was acknowledged, loads it, and kills it.
    ///
    /// @return the cards that were sent in this round
    private List<Card> round(Path data, Random random, List<Card> last) throws Exception {
        try (ServerProcess server = ServerProcess.start(data);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Card> look = new ArrayList<>(last);
            List<Card> all = load.cards();
            for (int i = 0; i < SAMPLE && !all.isEmpty(); i++) {
                look.add(all.get(random.nextInt(all.size())));
            }
            verify(server, look.stream().distinct().toList(), false);
            List<Future<List<Card>>> sent = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Random own = new Random(random.nextLong());
                sent.add(threads.submit(() -> load.run(server.port(), own)));
            }
            Random others = new Random(random.nextLong());
            Future<?> aside = threads.submit(() -> alongside(data, others));
            boolean ended = server.endsWithin(roundTime(random));
            assertThat(ended).as("it ended by itself: " + server.errors()).isFalse();
            server.kill9();
            kills++;
            aside.get();
            List<Card> cards = new ArrayList<>();
            for (Future<List<Card>> one : sent) {
                cards.addAll(one.get());
            }
            return cards;
        }
    }

    private void killDuringStart(Path data, Random random) throws Exception {
        try (ServerProcess server = ServerProcess.launchDev(data)) {
            server.endsWithin(Duration.ofMillis(random.nextInt(1500)));
            server.kill9();
            kills++;
        }
    }

    private void verify(ServerProcess server, List<Card> cards, boolean whole) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> parts = new ArrayList<>();
            int size = Math.ceilDiv(cards.size(), CONNECTIONS);
            for (int from = 0; from < cards.size(); from += size) {
                List<Card> part = cards.subList(from, Math.min(from + size, cards.size()));
                parts.add(threads.submit(() -> {
                    try (Client client = server.client()) {
                        load.verify(client, part, whole);
                    }
                    return true;
                }));
            }
            for (Future<?> part : parts) {
                part.get();
            }
        }
    }
}
