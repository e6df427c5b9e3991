package cardsecure.bench;

import cardsecure.card.Luhn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;

/// Speaks as much of the protocol as the bench asks for, over HTTP/1.1 or in frames, and remembers what it was asked.
final class Responder implements AutoCloseable {
    private enum Speech {
        HTTP,
        FRAMES
    }

    private static final int BACKLOG = 500;
    private static final int FRAME_HEADER = 11;

    private final Speech speech;

    /// Makes the whole reply of a request: of its action and its data.
    private final BinaryOperator<String> replies;

    private final ServerSocket listener;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final Map<String, Integer> actions = new ConcurrentHashMap<>();
    private final Set<String> hosts = ConcurrentHashMap.newKeySet();
    private final Set<String> methods = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger drawn = new AtomicInteger();

    private Responder(Speech speech, BinaryOperator<String> others, ServerSocket listener) {
        this.speech = speech;
        this.replies = others;
        this.listener = listener;
        Thread.ofVirtual().start(() -> accept(listener));
    }

    /// One that does all right, over HTTP.
    Responder() {
        this((_, _) -> "");
    }

    /// One that does some of it otherwise, over HTTP.
    ///
    /// @param others a whole reply for an action and data; empty where it does right
    Responder(BinaryOperator<String> others) {
        this(Speech.HTTP, others, listen(ServerSocketFactory.getDefault()));
    }

    /// One that does all right, over HTTP in TLS.
    static Responder https(SSLContext context) {
        return new Responder(Speech.HTTP, (_, _) -> "", listen(context.getServerSocketFactory()));
    }

    /// One that does all right, in frames.
    static Responder framed() {
        return framed((_, _) -> "");
    }

    /// One that does some of it otherwise, in frames.
    ///
    /// @param others a whole reply for an action and data; empty where it does right
    static Responder framed(BinaryOperator<String> others) {
        return new Responder(Speech.FRAMES, others, listen(ServerSocketFactory.getDefault()));
    }

    /// One that does all right, in frames in TLS.
    static Responder framed(SSLContext context) {
        return new Responder(Speech.FRAMES, (_, _) -> "", listen(context.getServerSocketFactory()));
    }

    private static ServerSocket listen(ServerSocketFactory factory) {
        try {
            return factory.createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    String url() {
        return (listener instanceof SSLServerSocket ? "https://" : "http://") + address();
    }

    /// How often each action was asked for.
    int asked(String action) {
        return actions.getOrDefault(action, 0);
    }

    Set<String> hosts() {
        return hosts;
    }

    Set<String> methods() {
        return methods;
    }

    /// How many connections were made to it.
    int connections() {
        return connections.get();
    }

    /// How many cards it has.
    int cards() {
        return tokens.size();
    }

    static String ok(String body) {
        return http("200 OK", body);
    }

    static String http(String status, String body) {
        return "HTTP/1.1 " + status + "\r\nDate: now\r\nContent-Type: text/plain\r\ncontent-length: " + body.length()
                + "\r\n\r\n" + body;
    }

    private void accept(ServerSocket opened) {
        while (true) {
            try {
                Socket socket = opened.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            for (String reply = next(in); !reply.isEmpty(); reply = next(in)) {
                if (reply.equals("hang up")) {
                    return;
                }
                out.write(reply.getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (SocketException hungUp) {
            // The bench has what it wanted.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The reply to the next request; empty when there is none.
    private String next(BufferedReader in) throws IOException {
        return switch (speech) {
            case HTTP -> {
                String first = in.readLine();
                yield first == null ? "" : http(first, in);
            }
            case FRAMES -> {
                String start = read(in, 6);
                yield start.isEmpty() ? "" : frame(read(in, Integer.parseInt(start.substring(2))));
            }
        };
    }

    private static String read(BufferedReader in, int length) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            text.append((char) next);
            if (text.length() == length) {
                return text.toString();
            }
        }
        if (!text.isEmpty()) {
            throw new IOException("an end in the middle");
        }
        return "";
    }

    private String frame(String request) {
        String action = request.substring(0, 2);
        String data = request.substring(FRAME_HEADER);
        return answer(
                action, data, reply -> framed(reply.action() + request.substring(2, FRAME_HEADER) + reply.data()));
    }

    /// A frame around all that its length counts.
    static String framed(String counted) {
        return String.format(Locale.ROOT, "FF%04d%s", counted.length(), counted);
    }

    private String http(String first, BufferedReader in) throws IOException {
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("host: ")) {
                hosts.add(line.substring(6));
            } else if (lower.startsWith("content-length: ")) {
                length = Integer.parseInt(line.substring(16));
            }
        }
        String method = first.substring(0, first.indexOf(' '));
        methods.add(method);
        String target = first.substring(method.length() + 1, first.lastIndexOf(' '));
        String parameters = length > 0 ? read(in, length) : target.substring(target.indexOf('?') + 1);
        String action = parameters.substring("action=".length(), parameters.indexOf('&'));
        String data = parameters.substring(parameters.indexOf("&data=") + 6);
        return answer(
                action,
                data,
                reply -> ok("action=" + reply.action() + "&data="
                        + URLEncoder.encode(reply.data(), StandardCharsets.UTF_8)));
    }

    private record Reply(String action, String data) {}

    private String answer(String action, String data, Function<Reply, String> writer) {
        actions.merge(action, 1, Integer::sum);
        String other = replies.apply(action, data);
        return other.isEmpty() ? writer.apply(reply(action, data)) : other;
    }

    private Reply reply(String action, String data) {
        return switch (action) {
            case "CE" -> new Reply(action, tokens.computeIfAbsent(data, this::token));
            case "CV" -> new Reply(action, tokens.containsValue(data) ? "Token Found" : "Token Not Found");
            case "CT" -> new Reply(action, new String(CardSequence.binView(), StandardCharsets.US_ASCII));
            case "HI" -> new Reply(action, "CardSecure Server OK");
            default -> new Reply("ER", "0007::Invalid action");
        };
    }

    private String token(String card) {
        String draft = String.format(
                Locale.ROOT, "9%s%08d0%s", card.substring(0, 2), drawn.getAndIncrement(), card.substring(12));
        byte[] digits = draft.getBytes(StandardCharsets.US_ASCII);
        digits[11] = Luhn.completing(digits, 11);
        return new String(digits, StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
