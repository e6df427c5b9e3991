package cardsecure.socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// A connection that is open, as whoever speaks over it has it: all that waits for the peer has its time, and
/// is cut off after it. For the connection's own thread.
public final class Line {
    private static final int DRAIN = 4096;

    /// What reading came to.
    public enum Read {
        /// Some bytes came.
        SOME,
        /// The peer sends no more.
        END,
        /// The server stops, and takes no more.
        STOPPED
    }

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Watch watch;
    private final SocketTimes times;
    private final BooleanSupplier stopping;

    Line(Socket socket, Watch watch, SocketTimes times, BooleanSupplier stopping) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.watch = watch;
        this.times = times;
        this.stopping = stopping;
    }

    /// How long the peer may be silent between an answer and what it sends next.
    public Duration idle() {
        return times.idle();
    }

    /// How long it may take from the first byte of a frame to the last.
    public Duration frame() {
        return times.frame();
    }

    /// How long it may take for the first byte of all, where nobody waits for it gladly.
    Duration opening() {
        return times.opening();
    }

    /// This server's address, as the peer sees it.
    public InetAddress self() {
        return socket.getLocalAddress();
    }

    /// Reads what comes.
    ///
    /// @param space an array's; its position moves behind what came
    /// @param until by [System#nanoTime]
    public Read read(ByteBuffer space, long until) throws IOException {
        watch.reading(until);
        // After that, because who stops the server cuts only those that it sees reading.
        if (stopping.getAsBoolean()) {
            return Read.STOPPED;
        }
        int count = in.read(space.array(), space.arrayOffset() + space.position(), space.remaining());
        watch.working();
        if (count < 0) {
            return Read.END;
        }
        space.position(space.position() + count);
        return Read.SOME;
    }

    /// Sends bytes at once.
    public void send(byte[] bytes) throws IOException {
        send(target -> target.write(bytes));
    }

    /// What is sent.
    @FunctionalInterface
    interface Sent {
        void to(OutputStream out) throws IOException;
    }

    void send(Sent sent) throws IOException {
        watch.writing(System.nanoTime() + times.reply().toNanos());
        sent.to(out);
        watch.working();
    }

    /// Sends no more, and reads on for a while: closing a connection on which bytes wait unread resets it, and
    /// the peer might never see its last answer.
    public void linger() throws IOException {
        watch.writing(System.nanoTime() + times.linger().toNanos());
        socket.shutdownOutput();
        byte[] unread = new byte[DRAIN];
        int count = 0;
        while (count >= 0) {
            count = in.read(unread);
        }
    }
}
