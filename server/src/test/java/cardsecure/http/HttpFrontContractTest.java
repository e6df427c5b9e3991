package cardsecure.http;

import cardsecure.fronts.FrontContract;
import cardsecure.server.Client;
import cardsecure.server.TestServer;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The corpus over HTTP; a whole server, so that what is kept on a disk is what the others keep in memory.
@Timeout(60)
class HttpFrontContractTest implements FrontContract {
    @TempDir
    private Path temporary = Path.of("");

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.on(temporary.resolve("data"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    public Caller open(String site, Map<String, String> settings) throws Exception {
        server.addSite(site, settings);
        return new HttpCaller(server.client(), site + ".example.com");
    }

    private record HttpCaller(Client client, String host) implements Caller {
        @Override
        public Answer call(String action, byte[] data, Map<String, String> parameters) throws Exception {
            StringBuilder query = new StringBuilder("action=" + action + "&data=" + encoded(data));
            parameters.forEach(
                    (name, value) -> query.append('&').append(name).append('=').append(value));
            Client.Answer answer =
                    client.exchange("GET /cardsecure/cs?" + query + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            if (answer.status() != 200) {
                return new Answer("HTTP", String.valueOf(answer.status()));
            }
            String reply = answer.body();
            return new Answer(reply.substring(7, 9), URLDecoder.decode(reply.substring(15), StandardCharsets.UTF_8));
        }

        /// Each byte escaped by itself, whatever it is.
        private static String encoded(byte[] data) {
            String chars = new String(data, StandardCharsets.ISO_8859_1);
            return URLEncoder.encode(chars, StandardCharsets.ISO_8859_1);
        }

        @Override
        public Answer needsCredentials() {
            return new Answer("HTTP", "401");
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }
}
