package cardsecure.socket;

import cardsecure.protocol.FrameDecoder;
import cardsecure.socket.Conversation.Answers;
import cardsecure.vault.Call;
import cardsecure.vault.Caller;
import cardsecure.vault.Reply;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.function.Function;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection from its first byte to its last, on a virtual thread of its own.
final class SocketConnection implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SocketConnection.class);

    private final Socket socket;
    private final SocketFront front;
    private final Watch watch;
    private boolean hasPlace = true;

    /// A connection that was accepted and has a place.
    SocketConnection(Socket socket, SocketFront front) {
        this.socket = socket;
        this.front = front;
        this.watch = new Watch(socket);
    }

    @Override
    public void run() {
        front.watchdog().add(watch);
        try (socket) {
            socket.setTcpNoDelay(true);
            open();
        } catch (IOException e) {
            // A peer that goes away, is cut off or cannot shake hands is ordinary traffic.
            LOG.atDebug().setCause(e).log("a connection ended early");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a connection ended by a fault of the server's own");
        } finally {
            front.watchdog().remove(watch);
            leavePlace();
        }
    }

    private void leavePlace() {
        if (hasPlace) {
            hasPlace = false;
            front.places().leave();
        }
    }

    private void open() throws IOException {
        watch.reading(within(front.times().opening()));
        if (front.isStopping()) {
            return;
        }
        Opening opening = Opening.of(socket, front.listener());
        if (opening.isAllowed(front.listener())) {
            talk(opening, front.times().idle(), Vaults::new);
        } else {
            // It holds nobody else's place while it is told so.
            leavePlace();
            Reply refusal = front.refusals().unauthorizedHost(opening.address());
            front.turnAway(() -> talk(opening, front.times().opening(), _ -> new Nobodys(refusal)));
        }
    }

    private void talk(Opening opening, Duration first, Function<Caller, Answers> answers) throws IOException {
        if (front.tls().isEmpty()) {
            hold(socket, first, answers.apply(opening.inClear(front.listener())));
            return;
        }
        SSLSocket secured = front.tls().get().over(socket);
        try {
            secured.startHandshake();
            hold(secured, first, answers.apply(opening.overTls(front.listener(), secured.getSession())));
        } finally {
            closeInTime(secured);
        }
    }

    /// Saying goodbye writes, so it has its time as every write has.
    private void closeInTime(SSLSocket secured) {
        try (secured) {
            watch.writing(within(front.times().linger()));
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("a connection ended without a goodbye");
        }
    }

    private void hold(Socket channel, Duration first, Answers answers) throws IOException {
        FrameDecoder decoder = new FrameDecoder(front.frameMax());
        new Conversation(channel, watch, front.times(), decoder, answers).hold(first, front::isStopping);
    }

    private static long within(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    /// The vault's answers.
    private final class Vaults implements Answers {
        private final Caller caller;

        Vaults(Caller caller) {
            this.caller = caller;
        }

        @Override
        public Reply to(Call call) {
            return front.vault().handle(caller, call);
        }

        @Override
        public Reply tooLong() {
            return front.refusals().tooLong(caller.address());
        }

        @Override
        public boolean once() {
            return false;
        }
    }

    /// The answer to a caller that may not be here. It has to speak first, or nobody knows in which dialect to tell it.
    private record Nobodys(Reply refusal) implements Answers {
        @Override
        public Reply to(Call call) {
            return refusal;
        }

        @Override
        public Reply tooLong() {
            return refusal;
        }

        @Override
        public boolean once() {
            return true;
        }
    }
}
