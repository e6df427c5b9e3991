package cardsecure.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A keep-alive connection with at most one request in flight. For one thread.
final class Connection {
    private static final int REQUEST_MAX = 2048;
    private static final int CONNECT_MILLIS = (int) Duration.ofSeconds(5).toMillis();

    private final Selector selector;
    private final ByteBuffer out = ByteBuffer.allocateDirect(REQUEST_MAX);
    private final Target target;
    private final ReplyReader reply;
    private @Nullable SelectionKey key;
    private @Nullable SocketChannel channel;
    private @Nullable Wire wire;
    private @Nullable Traffic traffic;
    private long ticket;
    private long sent;
    private boolean waiting;
    private boolean sending;

    Connection(Target target, Selector selector) {
        this.target = target;
        this.selector = selector;
        this.reply = target.reader();
    }

    void open() throws IOException {
        SocketChannel opened = SocketChannel.open();
        try {
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            opened.socket().connect(target.address(), CONNECT_MILLIS);
            opened.socket().setSoTimeout(CONNECT_MILLIS);
            wire = wireOver(opened);
            opened.configureBlocking(false);
            key = opened.register(selector, SelectionKey.OP_READ, this);
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        channel = opened;
        reply.clear();
    }

    private Wire wireOver(SocketChannel opened) throws IOException {
        Optional<ClientTls> tls = target.tls();
        if (tls.isEmpty()) {
            return new PlainWire(opened);
        }
        InetSocketAddress address = target.address();
        return TlsWire.over(opened, tls.get().engine(address.getHostString(), address.getPort()));
    }

    boolean isOpen() {
        return channel != null;
    }

    boolean isWaiting() {
        return waiting;
    }

    /// What the request in flight, or the last one, belongs to.
    Traffic traffic() {
        if (traffic == null) {
            throw new IllegalStateException("nothing was ever sent");
        }
        return traffic;
    }

    long ticket() {
        return ticket;
    }

    /// When the request was sent, by [System#nanoTime].
    long sent() {
        return sent;
    }

    ReplyReader reply() {
        return reply;
    }

    void send(Traffic newTraffic, long newTicket, long now) throws IOException {
        traffic = newTraffic;
        ticket = newTicket;
        sent = now;
        waiting = true;
        reply.clear();
        out.clear();
        newTraffic.write(newTicket, out);
        out.flip();
        flush();
    }

    private void flush() throws IOException {
        sending = !wire().write(out);
        if (sending) {
            key().interestOps(SelectionKey.OP_WRITE);
        }
    }

    /// Takes what has come.
    ///
    /// @return whether the reply is whole
    /// @throws IOException if the server hung up, or does not speak the protocol
    boolean receive() throws IOException {
        if (sending) {
            key().interestOps(SelectionKey.OP_READ);
            flush();
            return false;
        }
        if (wire().read(reply.buffer()) < 0) {
            throw new EOFException("the server closed the connection");
        }
        if (!waiting) {
            throw new IOException("bytes that nobody asked for");
        }
        return reply.complete();
    }

    /// The request has come to its end.
    void rest() {
        waiting = false;
    }

    void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
        channel = null;
        wire = null;
        waiting = false;
        sending = false;
    }

    private Wire wire() throws IOException {
        if (wire == null) {
            throw new IOException("the connection is closed");
        }
        return wire;
    }

    private SelectionKey key() throws IOException {
        if (key == null) {
            throw new IOException("the connection is closed");
        }
        return key;
    }
}
