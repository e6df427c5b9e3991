package cardsecure.socket;

import cardsecure.vault.Caller;
import cardsecure.vault.Reply;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
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
            talk(opening, front.speech()::converse);
        } else {
            // It holds nobody else's place while it is told so.
            leavePlace();
            Reply refusal = front.refusals().unauthorizedHost(opening.address());
            front.turnAway(() -> talk(opening, (line, _) -> front.speech().turnAway(line, refusal)));
        }
    }

    /// What is said to a caller.
    @FunctionalInterface
    private interface Said {
        void over(Line line, Caller caller) throws IOException;
    }

    private void talk(Opening opening, Said said) throws IOException {
        if (front.tls().isEmpty()) {
            said.over(line(socket), opening.inClear(front.listener()));
            return;
        }
        SSLSocket secured = front.tls().get().over(socket);
        try {
            secured.startHandshake();
            said.over(line(secured), opening.overTls(front.listener(), secured.getSession()));
        } finally {
            closeInTime(secured);
        }
    }

    private Line line(Socket channel) throws IOException {
        return new Line(channel, watch, front.times(), front::isStopping);
    }

    /// Saying goodbye writes, so it has its time as every write has.
    private void closeInTime(SSLSocket secured) {
        try (secured) {
            watch.writing(within(front.times().linger()));
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("a connection ended without a goodbye");
        }
    }

    private static long within(Duration time) {
        return System.nanoTime() + time.toNanos();
    }
}
