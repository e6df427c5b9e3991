package cardsecure.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Connections that send new cards to nodes, each card to several of them, and go on whatever becomes of a node; and
/// all that was acknowledged.
final class NodesLoad {
    private final Nodes nodes;
    private final long first;
    private final AtomicLong sent = new AtomicLong();
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final AtomicLong slowest = new AtomicLong();
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean ended;

    /// @param first the place of the first card among all
    NodesLoad(Nodes nodes, long first) {
        this.nodes = nodes;
        this.first = first;
    }

    void begin(ExecutorService threads, int connections) {
        for (int i = 0; i < connections; i++) {
            int node = i % nodes.count();
            running.add(threads.submit(() -> run(node)));
        }
    }

    private void run(int node) {
        while (!ended) {
            try (Client client = nodes.get(node).client()) {
                while (!ended) {
                    // Each is sent some times, by whoever comes next.
                    String card = CrashLoad.pan(first + sent.getAndIncrement() / 4);
                    long began = System.nanoTime();
                    String answer = client.call("CE", card);
                    slowest.accumulateAndGet(System.nanoTime() - began, Math::max);
                    take(card, answer);
                }
            } catch (IOException e) {
                failures.merge("the connection ended", 1, Integer::sum);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    private void take(String card, String answer) {
        if (!answer.matches("9[0-9]{15}")) {
            failures.merge(answer, 1, Integer::sum);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            return;
        }
        String before = tokens.putIfAbsent(card, answer);
        if (before != null && !before.equals(answer)) {
            wrong.add("card " + card + " has two tokens: " + before + " and " + answer);
        }
    }

    void end() throws Exception {
        ended = true;
        for (Future<?> each : running) {
            each.get();
        }
    }

    /// How many cards have a token that was acknowledged.
    int acknowledged() {
        return tokens.size();
    }

    /// What was answered in a token's place, and how often.
    Map<String, Integer> failures() {
        return failures;
    }

    /// The longest that an answer took.
    long slowestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(slowest.get());
    }

    /// Everything that went wrong, as sentences.
    Collection<String> wrong() {
        return wrong;
    }

    /// Asks a node, another for each card, for the token of all cards.
    void verifyEverywhere() throws Exception {
        List<Client> clients = new ArrayList<>();
        for (int node = 0; node < nodes.count(); node++) {
            clients.add(nodes.get(node).client());
        }
        int next = 0;
        for (Map.Entry<String, String> card : tokens.entrySet()) {
            String token = clients.get(next++ % clients.size()).call("CE", card.getKey());
            if (!token.equals(card.getValue())) {
                wrong.add("card " + card.getKey() + " had token " + card.getValue() + " and has " + token);
            }
        }
        for (Client client : clients) {
            client.close();
        }
    }
}
