package cardsecure.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// One connection to a server, kept alive; for one thread. Bytes can be sent that no decent HTTP client would send.
public final class Client implements AutoCloseable {
    private static final String PATH = "/cardsecure/cs?";
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /// What a server answered.
    ///
    /// @param head the status line and the headers, each with its line end
    public record Answer(int status, String head, String body) {
        /// The value of a header.
        public Optional<String> header(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                    .map(line -> line.substring(prefix.length()).strip())
                    .findFirst();
        }

        /// The data of a reply in the form without `type`: a token, a text, or `NNNN::` and an error's text.
        public String data() {
            return URLDecoder.decode(body.replaceFirst("^action=[A-Z]{2}&data=", ""), StandardCharsets.UTF_8);
        }
    }

    private Client(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /// Connects to a port of this machine.
    public static Client to(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new Client(socket);
    }

    /// A client on a connection that is there.
    public static Client over(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new Client(socket);
    }

    /// An action's data of the answer, an error's code and text included.
    public String call(String action, String data) throws IOException {
        return get("action=" + action + "&data=" + URLEncoder.encode(data, StandardCharsets.UTF_8))
                .data();
    }

    /// The answer to a query, sent as it is.
    public Answer get(String query) throws IOException {
        return exchange("GET " + PATH + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }

    /// The answer to a form in the body.
    public Answer post(String query, String contentType, String body) throws IOException {
        return exchange("POST " + PATH + query + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + contentType
                + "\r\nContent-Length: " + body.getBytes(StandardCharsets.ISO_8859_1).length + "\r\n\r\n" + body);
    }

    /// The answer to bytes, each a char.
    public Answer exchange(String bytes) throws IOException {
        send(bytes);
        return read();
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

    /// The next answer.
    public Answer read() throws IOException {
        String head = readHead();
        int status = Integer.parseInt(head.substring(9, 12));
        Answer empty = new Answer(status, head, "");
        int length = empty.header("Content-Length").map(Integer::parseInt).orElse(0);
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("within a body");
        }
        return new Answer(status, head, new String(body, StandardCharsets.UTF_8));
    }

    /// The next answer's status line and headers alone, as for `HEAD`.
    public String readHead() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream(256);
        int ends = 0;
        while (ends < 4) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("after " + head.size() + " bytes of a head");
            }
            head.write(next);
            ends = next == (ends % 2 == 0 ? '\r' : '\n') ? ends + 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1);
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
