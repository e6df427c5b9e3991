package cardsecure.http;

import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.ProxyHeader;
import cardsecure.peer.ProxySource;
import cardsecure.tls.ServerTls;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.FixedLimit;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection: opened here, its requests read by the web server, with a watch over its time. Its thread is a
/// virtual one of its own; only [#overstays], [#cut], [#finish] are for others.
final class HttpConnection implements ConnectionContext, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
    private static final ScopedValue<HttpConnection> CURRENT = ScopedValue.newInstance();
    private static final int BUFFER = 8 * 1024;
    private static final int LINGER_BYTES = 256 * 1024;

    private final Socket socket;
    private final InetAddress peer;
    private final ListenerConfig listener;
    private final Optional<ServerTls> tls;
    private final WebParts parts;
    private final byte[] buffer = new byte[BUFFER];

    /// One write a step, so that nobody sees a phase with the time of another.
    private volatile Step step = new Step(Phase.OPENING, System.nanoTime());

    private volatile @Nullable ServerConnection requests;
    private volatile boolean finishing;

    // For its own thread alone.
    private final RequestStart start = new RequestStart();
    private Socket spoken;
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private DataReader reader = DataReader.create(() -> null);
    private Optional<X509Certificate> certificate = Optional.empty();
    private InetAddress caller;
    private boolean ended;

    HttpConnection(Socket socket, ListenerConfig listener, Optional<ServerTls> tls, WebParts parts) {
        this.socket = socket;
        this.spoken = socket;
        this.peer = ((InetSocketAddress) socket.getRemoteSocketAddress()).getAddress();
        this.caller = peer;
        this.listener = listener;
        this.tls = tls;
        this.parts = parts;
    }

    /// The connection whose request the current thread answers.
    static HttpConnection current() {
        return CURRENT.get();
    }

    @Override
    public void run() {
        ScopedValue.where(CURRENT, this).run(this::serve);
    }

    private void serve() {
        try {
            open();
            ServerConnection serving = parts.requests(this);
            requests = serving;
            // Who may not be here is waited for only until it can be told.
            at(isExpected() ? Phase.IDLE : Phase.OPENING);
            if (!finishing) {
                serving.handle(FixedLimit.create());
            }
            end();
        } catch (ServerConnectionException e) {
            LOG.trace("a connection broke", e);
        } catch (CloseConnectionException _) {
            end();
        } catch (IOException e) {
            LOG.atDebug()
                    .addKeyValue("address", peer.getHostAddress())
                    .setCause(e)
                    .log("a connection did not open");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("a connection failed");
        } finally {
            cut();
        }
    }

    private void open() throws IOException {
        socket.setTcpNoDelay(true);
        if (listener.proxyHeader() == ProxyHeader.PROXY_PROTOCOL && listener.trusts(peer)) {
            caller = ProxySource.read(socket.getInputStream(), peer);
        }
        if (tls.isPresent()) {
            SSLSocket secure = tls.get().over(socket);
            secure.startHandshake();
            certificate = ServerTls.clientCertificate(secure.getSession());
            spoken = secure;
        }
        in = spoken.getInputStream();
        out = spoken.getOutputStream();
        reader = DataReader.create(new FirstHead(this::read, parts.headMax(), socket.getLocalAddress()));
    }

    /// Bytes from the client; none if it has ended. With empty lines alone no request has begun, so that time goes on.
    private byte @Nullable [] read() {
        try {
            int length;
            int from;
            do {
                length = in.read(buffer);
                from = start.look(buffer, length);
            } while (length > 0 && from == length);
            if (step.phase() == Phase.IDLE) {
                at(Phase.HEAD);
            }
            if (length < 0) {
                ended = true;
                return null;
            }
            return Arrays.copyOfRange(buffer, from, length);
        } catch (IOException e) {
            throw new ServerConnectionException("reading failed", e);
        }
    }

    /// Waits for the next request, which may be there already.
    void awaitNext() {
        start.expect();
        int ahead = Math.min(reader.available(), RequestStart.LOOK_AHEAD);
        if (ahead > 0) {
            byte[] next = new byte[ahead];
            var _ = reader.getBuffer(ahead).read(next);
            reader.skip(start.look(next, ahead));
        }
        at(Phase.IDLE);
    }

    /// Whether the method of the request that has come was sent in capitals.
    boolean saidInCapitals() {
        return start.inCapitals();
    }

    private record Step(Phase phase, long nanos) {}

    /// Says what the connection is at from now on.
    void at(Phase phase) {
        step = new Step(phase, System.nanoTime());
    }

    /// Whether the head of a request is still to be read, or read on.
    boolean isBeforeWork() {
        return switch (step.phase()) {
            case OPENING, IDLE, HEAD -> true;
            case BODY, WORK, SEND, ENDING -> false;
        };
    }

    /// Whether the client has said that it sends no more; for its own thread.
    boolean hasEnded() {
        return ended;
    }

    /// Whether it is at one thing for longer than it may.
    boolean overstays(long now, Duration idle) {
        Step seen = step;
        return now - seen.nanos() > seen.phase().max(idle).toNanos();
    }

    /// Closes it, whatever it is at.
    void cut() {
        try {
            // Not the TLS socket: to say goodbye it would wait for whoever writes.
            socket.close();
        } catch (IOException e) {
            LOG.trace("a connection did not close", e);
        }
    }

    /// Answers what it is at, and closes then; at once if it is at nothing.
    void finish() {
        finishing = true;
        ServerConnection serving = requests;
        if (serving == null || step.phase() == Phase.IDLE || step.phase() == Phase.OPENING) {
            cut();
        } else {
            serving.close(false);
        }
    }

    /// Says that nothing more will come, and waits a moment for the client's end: to close at once while it still sends
    /// would take the last answer from its hands.
    private void end() {
        at(Phase.ENDING);
        try {
            spoken.shutdownOutput();
            int rest = ended ? 0 : LINGER_BYTES;
            while (rest > 0) {
                int length = in.read(buffer);
                rest = length < 0 ? 0 : rest - length;
            }
        } catch (IOException e) {
            LOG.trace("a connection broke at its end", e);
        }
    }

    InetAddress peer() {
        return peer;
    }

    /// The peer, or whom it speaks for by the PROXY protocol.
    InetAddress caller() {
        return caller;
    }

    /// Whether the listener allows the caller, as far as the connection alone tells: for whom a listed proxy speaks may
    /// be told by each request.
    boolean isExpected() {
        boolean told = switch (listener.proxyHeader()) {
            case FORWARDED, X_FORWARDED_FOR -> listener.trusts(peer);
            case NONE, PROXY_PROTOCOL -> false;
        };
        return told || listener.allows(caller);
    }

    ListenerConfig listener() {
        return listener;
    }

    /// What the client proved to be, in a TLS handshake.
    Optional<X509Certificate> certificate() {
        return certificate;
    }

    @Override
    public boolean isSecure() {
        return tls.isPresent();
    }

    @Override
    public DataReader dataReader() {
        return reader;
    }

    @Override
    public DataWriter dataWriter() {
        return new Output();
    }

    @Override
    public ListenerContext listenerContext() {
        return parts;
    }

    @Override
    public ExecutorService executor() {
        return parts.executor();
    }

    @Override
    public Router router() {
        return parts.router();
    }

    @Override
    public PeerInfo remotePeer() {
        return new Peer(socket.getRemoteSocketAddress());
    }

    @Override
    public PeerInfo localPeer() {
        return new Peer(socket.getLocalSocketAddress());
    }

    @Override
    public String socketId() {
        return listener.kind().label();
    }

    @Override
    public String childSocketId() {
        return Integer.toHexString(System.identityHashCode(this));
    }

    private final class Output implements DataWriter {
        @Override
        public void write(BufferData... buffers) {
            write(BufferData.create(buffers));
        }

        @Override
        public void write(BufferData data) {
            Phase before = step.phase();
            at(Phase.SEND);
            try {
                data.writeTo(out);
                out.flush();
            } catch (IOException e) {
                throw new ServerConnectionException("writing failed", e);
            }
            at(before);
        }

        @Override
        public void writeNow(BufferData... buffers) {
            write(buffers);
        }

        @Override
        public void writeNow(BufferData data) {
            write(data);
        }
    }

    /// An end of the connection, for the web server, which is not told of certificates: it would only parse them.
    private record Peer(SocketAddress address) implements PeerInfo {
        @Override
        public String host() {
            return ((InetSocketAddress) address).getHostString();
        }

        @Override
        public int port() {
            return ((InetSocketAddress) address).getPort();
        }

        @Override
        public Optional<Principal> tlsPrincipal() {
            return Optional.empty();
        }

        @Override
        public Optional<Certificate[]> tlsCertificates() {
            return Optional.empty();
        }
    }
}
