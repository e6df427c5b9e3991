package cardsecure.socket;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// One connection to a socket listener, for one thread. Bytes are chars, so that anything can be sent and seen.
public final class SocketClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int HEADER = 2 + 2 + 4 + 3;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /// What a server answered.
    ///
    /// @param code the request's action, or `ER`
    /// @param data UTF-8
    public record Answer(String code, String trace, String keyId, String data) {}

    /// Speaks over a connection that is there.
    public SocketClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /// Connects to a port of this machine.
    public static SocketClient to(int port) throws IOException {
        return new SocketClient(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /// A framed request.
    public static String framed(String action, String data) {
        return framed("01", action, "1234", data);
    }

    /// A framed request with a version and a trace.
    public static String framed(String version, String action, String trace, String data) {
        String tail = action + version + trace + "   " + bytes(data);
        return String.format("FF%04d", tail.length()) + tail;
    }

    /// A bare request.
    public static String bare(String action, String trace, String data) {
        String tail = action + trace + "   " + bytes(data);
        return String.format("%04d", tail.length()) + tail;
    }

    /// UTF-8, each byte a char.
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /// An action's data of the answer, an error's code and text included.
    public String call(String action, String data) throws IOException {
        send(framed(action, data));
        return read().data();
    }

    /// Sends bytes, each a char.
    public void send(String bytes) throws IOException {
        out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /// Sends no more; answers can still be read.
    public void endSending() throws IOException {
        socket.shutdownOutput();
    }

    /// The next framed answer.
    public Answer read() throws IOException {
        String prefix = take(6);
        if (!prefix.matches("FF[0-9]{4}")) {
            throw new IOException("no frame: " + prefix);
        }
        String header = take(HEADER);
        byte[] data = take(Integer.parseInt(prefix.substring(2)) - HEADER).getBytes(StandardCharsets.ISO_8859_1);
        return new Answer(
                header.substring(0, 2),
                header.substring(4, 8),
                header.substring(8),
                new String(data, StandardCharsets.UTF_8));
    }

    /// So many bytes, each a char.
    public String take(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("after " + bytes.length + " of " + length + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /// All that still comes until the server closes the connection.
    public String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
