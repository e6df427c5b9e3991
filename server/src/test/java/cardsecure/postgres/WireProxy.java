package cardsecure.postgres;

import cardsecure.config.StoreLocation;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A wire to a database that can be cut, at the worst moments.
final class WireProxy implements Closeable {
    /// What becomes of what goes through.
    enum State {
        /// It goes through.
        WHOLE,
        /// The next answer is lost, and its connection with it; all others go through.
        LOSES_AN_ANSWER,
        /// Nothing goes through, and nothing is closed.
        HANGS,
        /// Every connection is closed.
        CUT
    }

    private final ServerSocket listener;
    private final StoreLocation.Endpoint server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lost = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.WHOLE;

    WireProxy(StoreLocation.Postgres location) throws IOException {
        this.server = location.servers().getFirst();
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /// The same database, behind the wire.
    StoreLocation.Postgres behind(StoreLocation.Postgres location) {
        return new StoreLocation.Postgres(
                List.of(new StoreLocation.Endpoint("127.0.0.1", listener.getLocalPort())),
                location.database(),
                location.user(),
                Optional.empty(),
                location.sslMode(),
                Optional.empty());
    }

    void set(State next) {
        lock.lock();
        try {
            state = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (next == State.CUT) {
            sockets.forEach(WireProxy::closeQuietly);
        }
    }

    /// How many answers were lost.
    int lost() {
        return lost.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                sockets.add(client);
                Thread.ofVirtual().start(() -> connect(client));
            }
        } catch (IOException closed) {
            sockets.forEach(WireProxy::closeQuietly);
        }
    }

    private void connect(Socket client) {
        if (!mayPass(false)) {
            closeQuietly(client);
            return;
        }
        try (client;
                Socket upstream = new Socket(server.host(), server.port())) {
            sockets.add(upstream);
            Thread asking = Thread.ofVirtual().start(() -> pump(client, upstream, false));
            pump(upstream, client, true);
            asking.join();
        } catch (IOException | InterruptedException end) {
            // Whoever waits for it notices.
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        byte[] buffer = new byte[1 << 16];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read > 0 && mayPass(answers); read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException end) {
            // The other direction ends too.
        }
        closeQuietly(from);
        closeQuietly(to);
    }

    private boolean mayPass(boolean answers) {
        lock.lock();
        try {
            while (state == State.HANGS) {
                changed.awaitUninterruptibly();
            }
            if (state == State.LOSES_AN_ANSWER && answers) {
                state = State.WHOLE;
                lost.incrementAndGet();
                return false;
            }
            return state != State.CUT;
        } finally {
            lock.unlock();
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It is of no use either way.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        set(State.CUT);
    }
}
