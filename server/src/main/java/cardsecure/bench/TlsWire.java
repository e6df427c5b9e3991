package cardsecure.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/// The bytes in TLS records.
final class TlsWire implements Wire {
    private static final String HUNG_UP = "the server closed the connection in the TLS handshake";

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final ByteBuffer nothing = ByteBuffer.allocate(0);
    /// Records, or the beginning of one, that have come.
    private final ByteBuffer in;
    /// The rest of a record that is to go.
    private final ByteBuffer out;

    private TlsWire(SocketChannel channel, SSLEngine engine) {
        this.channel = channel;
        this.engine = engine;
        int recordMax = engine.getSession().getPacketBufferSize();
        this.in = ByteBuffer.allocate(recordMax);
        this.out = ByteBuffer.allocate(recordMax).limit(0);
    }

    /// Shakes hands over a channel that still blocks, which its socket's time-out bounds.
    static TlsWire over(SocketChannel channel, SSLEngine engine) throws IOException {
        TlsWire wire = new TlsWire(channel, engine);
        wire.handshake();
        return wire;
    }

    private void handshake() throws IOException {
        InputStream arriving = channel.socket().getInputStream();
        ByteBuffer early = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        engine.beginHandshake();
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> {
                    wrap(nothing);
                    while (out.hasRemaining()) {
                        channel.write(out);
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> unwrap(arriving, early);
                case FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
            }
        }
    }

    private void unwrap(InputStream arriving, ByteBuffer early) throws IOException {
        in.flip();
        SSLEngineResult result = engine.unwrap(in, early);
        in.compact();
        if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
            throw new EOFException(HUNG_UP);
        }
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
            int read = arriving.read(in.array(), in.position(), in.remaining());
            if (read < 0) {
                throw new EOFException(HUNG_UP);
            }
            in.position(in.position() + read);
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private void wrap(ByteBuffer from) throws SSLException {
        out.clear();
        SSLEngineResult result = engine.wrap(from, out);
        out.flip();
        if (result.getStatus() != SSLEngineResult.Status.OK) {
            throw new SSLException("TLS cannot send: " + result.getStatus());
        }
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        if (channel.read(in) < 0) {
            return -1;
        }
        int before = to.position();
        in.flip();
        boolean more = in.hasRemaining();
        while (more) {
            SSLEngineResult result = engine.unwrap(in, to);
            // A session ticket takes bytes and gives none.
            more = switch (result.getStatus()) {
                case OK -> in.hasRemaining() && result.bytesConsumed() > 0;
                case BUFFER_UNDERFLOW -> false;
                case BUFFER_OVERFLOW -> throw new IOException("more bytes than the reply has");
                case CLOSED -> throw new EOFException("the server closed the connection");
            };
        }
        in.compact();
        return to.position() - before;
    }

    @Override
    public boolean write(ByteBuffer from) throws IOException {
        while (out.hasRemaining() || from.hasRemaining()) {
            if (!out.hasRemaining()) {
                wrap(from);
            }
            channel.write(out);
            if (out.hasRemaining()) {
                return false;
            }
        }
        return true;
    }
}
