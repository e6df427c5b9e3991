package cardsecure.browser;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/// The web server that pages come from: another origin than that of the replies.
final class Shop implements AutoCloseable {
    private static final String NAME = "shop.localhost";

    private final HttpServer server;
    private volatile String page = "";

    Shop() throws IOException {
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean asked = exchange.getRequestURI().getPath().equals("/");
            byte[] body = page.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=UTF-8");
            // A test's page has the customer's card number in it, and must not be what the browser keeps of it.
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(asked ? 200 : 404, asked ? body.length : -1);
            if (asked) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    /// Where its pages come from, as a browser writes it.
    String origin() {
        return "http://" + NAME + ":" + server.getAddress().getPort();
    }

    /// Puts a page into its window.
    ///
    /// @return the page's address
    String put(String html) {
        page = html;
        return origin() + "/";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
