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
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;

/// Speaks as much of the protocol over HTTP/1.1 as the bench asks for, and remembers what it was asked.
final class Responder implements AutoCloseable {
    /// Makes the whole reply of a request: of its action and its data.
    private final BinaryOperator<String> replies;

    private final ServerSocket listener;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();
    private final Map<String, Integer> actions = new ConcurrentHashMap<>();
    private final Set<String> hosts = ConcurrentHashMap.newKeySet();
    private final Set<String> methods = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger drawn = new AtomicInteger();

    /// One that does all right.
    Responder() {
        this.replies = this::reply;
        this.listener = listen();
    }

    /// One that does some of it otherwise.
    ///
    /// @param others a whole reply for an action and data; empty where it does right
    Responder(BinaryOperator<String> others) {
        this.replies = (action, data) -> {
            String other = others.apply(action, data);
            return other.isEmpty() ? reply(action, data) : other;
        };
        this.listener = listen();
    }

    private ServerSocket listen() {
        try {
            ServerSocket opened = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(() -> accept(opened));
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
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
            for (String first = in.readLine(); first != null; first = in.readLine()) {
                String reply = answer(first, in);
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

    private String answer(String first, BufferedReader in) throws IOException {
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
        char[] body = new char[length];
        if (in.read(body) != length && length > 0) {
            throw new IOException("a body that ends too soon");
        }
        String parameters = length > 0 ? new String(body) : target.substring(target.indexOf('?') + 1);
        String action = parameters.substring("action=".length(), parameters.indexOf('&'));
        actions.merge(action, 1, Integer::sum);
        return replies.apply(action, parameters.substring(parameters.indexOf("&data=") + 6));
    }

    private String reply(String action, String data) {
        return ok(
                switch (action) {
                    case "CE" -> "action=CE&data=" + tokens.computeIfAbsent(data, this::token);
                    case "CV" -> "action=CV&data=" + (tokens.containsValue(data) ? "Token+Found" : "Token+Not+Found");
                    case "CT" -> "action=CT&data=" + new String(CardSequence.binView(), StandardCharsets.US_ASCII);
                    case "HI" -> "action=HI&data=CardSecure+Server+OK";
                    default -> "action=ER&data=0007%3A%3AInvalid+action";
                });
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
