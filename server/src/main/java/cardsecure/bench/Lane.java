package cardsecure.bench;

import cardsecure.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// One thread's connections, each with one request in flight: a reply that is whole is judged, counted, and followed by
/// the next request on the spot. No locks, no queues, no allocation that lasts, because each microsecond spent here is
/// one that the server on the same machine does not get.
final class Lane implements AutoCloseable {
    private static final long SELECT_MILLIS = 100;

    private final Duration patience;
    private final byte[] errorReply;
    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom();
    private final AtomicLong finished = new AtomicLong();

    Lane(Target target, int size) throws IOException {
        this.patience = target.patience();
        this.errorReply = target.reply("ER", "");
        this.selector = Selector.open();
        for (int i = 0; i < size; i++) {
            connections.add(new Connection(target, selector));
        }
    }

    /// Opens the connections that are not open. Loses none that are.
    ///
    /// @throws IOException if one cannot be opened
    void open() throws IOException {
        for (Connection connection : connections) {
            if (!connection.isOpen()) {
                connection.open();
            }
        }
    }

    /// How many requests have come to an end, good or bad; read by any thread while the lane runs.
    long finished() {
        return finished.getOpaque();
    }

    /// Goes through a phase on the calling thread.
    Map<Workload, Tally> run(Phase phase) throws IOException {
        Turn turn = new Turn(phase);
        turn.run();
        return turn.tallies;
    }

    @Override
    public void close() {
        try {
            for (Connection connection : connections) {
                connection.close();
            }
            selector.close();
        } catch (IOException e) {
            // The run is over; what it measured counts all the same.
        }
    }

    private final class Turn {
        private final Traffic[] choices;
        private final Map<Workload, Tally> tallies = new EnumMap<>(Workload.class);
        private final long end;
        private int waiting;
        private boolean resting;

        Turn(Phase phase) {
            this.choices = phase.shares().stream()
                    .flatMap(share -> Stream.generate(share::traffic).limit(share.weight()))
                    .toArray(Traffic[]::new);
            Arrays.stream(choices).forEach(traffic -> tallies.put(traffic.workload(), new Tally()));
            this.end = System.nanoTime() + phase.length().toNanos();
        }

        void run() throws IOException {
            long checked = System.nanoTime();
            for (Connection connection : connections) {
                if (connection.isOpen()) {
                    waiting++;
                    send(connection, checked);
                }
            }
            while (waiting > 0 || resting) {
                selector.select(this::ready, SELECT_MILLIS);
                long now = System.nanoTime();
                if (now - checked > TimeUnit.MILLISECONDS.toNanos(SELECT_MILLIS)) {
                    lookAfter(now);
                    checked = now;
                }
            }
        }

        private void ready(SelectionKey key) {
            Connection connection = (Connection) key.attachment();
            try {
                if (connection.receive()) {
                    judge(connection);
                }
            } catch (IOException e) {
                lost(connection, String.valueOf(e.getMessage()));
            }
        }

        private void judge(Connection connection) throws IOException {
            long now = System.nanoTime();
            ReplyReader reply = connection.reply();
            Tally tally = tally(connection);
            if (reply.refusal().isEmpty()
                    && connection
                            .traffic()
                            .fits(connection.ticket(), reply.bytes(), reply.bodyStart(), reply.bodyEnd())) {
                tally.answered(now - connection.sent());
            } else {
                tally.failed(error(reply));
            }
            boolean closing = reply.closing();
            ended(connection);
            if (closing) {
                reopen(connection);
            }
            if (connection.isOpen()) {
                waiting++;
                send(connection, now);
            }
        }

        private void send(Connection connection, long now) {
            Traffic traffic = choices[choices.length == 1 ? 0 : random.nextInt(choices.length)];
            long ticket = now - end < 0 ? traffic.next(random) : Traffic.EXHAUSTED;
            if (ticket == Traffic.EXHAUSTED) {
                waiting--;
                return;
            }
            try {
                connection.send(traffic, ticket, now);
            } catch (IOException e) {
                lost(connection, String.valueOf(e.getMessage()));
            }
        }

        /// A lost connection is opened again at once, but rests until the lane looks after it: a server that hangs up
        /// on every request must drive this neither into recursion nor into a storm.
        private void lost(Connection connection, String why) {
            if (connection.isWaiting()) {
                tally(connection).failed("no reply: " + why);
                ended(connection);
            }
            reopen(connection);
            resting = true;
        }

        private void ended(Connection connection) {
            connection.rest();
            waiting--;
            finished.setOpaque(finished.getPlain() + 1);
        }

        private void reopen(Connection connection) {
            try {
                connection.close();
                connection.open();
            } catch (IOException nobodyThere) {
                // It stays closed, the others go on; the next phase opens it or says why it cannot.
            }
        }

        private void lookAfter(long now) {
            for (Connection connection : connections) {
                if (connection.isWaiting() && now - connection.sent() > patience.toNanos()) {
                    lost(connection, "none within " + patience.toMillis() / 1e3 + " s");
                }
            }
            resting = false;
            for (Connection connection : connections) {
                if (connection.isOpen() && !connection.isWaiting()) {
                    waiting++;
                    send(connection, now);
                }
            }
        }

        private Tally tally(Connection connection) {
            Tally tally = tallies.get(connection.traffic().workload());
            if (tally == null) {
                throw new UncheckedIOException(new IOException("a reply to a request of an earlier phase"));
            }
            return tally;
        }
    }

    /// What is wrong with a reply: never its data.
    private String error(ReplyReader reply) {
        return reply.refusal().orElseGet(() -> errorCode(reply));
    }

    private String errorCode(ReplyReader reply) {
        int codeAt = reply.bodyStart() + errorReply.length;
        if (reply.bodyEnd() < codeAt + 4
                || !Arrays.equals(errorReply, 0, errorReply.length, reply.bytes(), reply.bodyStart(), codeAt)) {
            return "another reply than the request must get";
        }
        String digits = new String(reply.bytes(), codeAt, 4, StandardCharsets.ISO_8859_1);
        return Arrays.stream(ErrorCode.values())
                .filter(code -> code.digits().equals(digits))
                .map(ErrorCode::wire)
                .findFirst()
                .orElse("an error that the protocol does not know");
    }
}
