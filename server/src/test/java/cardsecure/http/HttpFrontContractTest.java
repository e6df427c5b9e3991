package cardsecure.http;

import cardsecure.config.ListenerConfig.Kind;
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
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The corpus over HTTP and HTTPS; a whole server, so that what is kept on a disk is what others keep in memory.
@Timeout(60)
class HttpFrontContractTest {
    @Nested
    class InClear extends Web {
        InClear() {
            super(Kind.HTTP);
        }
    }

    @Nested
    class OverTls extends Web {
        OverTls() {
            super(Kind.HTTPS);
        }
    }

    abstract static class Web implements FrontContract {
        private final Kind kind;

        @TempDir
        private Path temporary = Path.of("");

        private TestServer server;

        Web(Kind kind) {
            this.kind = kind;
        }

        @BeforeEach
        void start() throws Exception {
            server = TestServer.on(temporary.resolve("data"), kind);
        }

        @AfterEach
        void stop() {
            server.close();
        }

        @Override
        public Caller open(String site, Map<String, String> settings) throws Exception {
            server.addSite(site, settings);
            Client client = kind.tls() ? Client.over(server.connectByTls()) : server.client();
            return new HttpCaller(client, site + ".example.com");
        }
    }

    private record HttpCaller(Client client, String host) implements FrontContract.Caller {
        @Override
        public FrontContract.Answer call(String action, byte[] data, Map<String, String> parameters) throws Exception {
            StringBuilder query = new StringBuilder("action=" + action + "&data=" + encoded(data));
            parameters.forEach(
                    (name, value) -> query.append('&').append(name).append('=').append(value));
            Client.Answer answer =
                    client.exchange("GET /cardsecure/cs?" + query + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            if (answer.status() != 200) {
                return new FrontContract.Answer("HTTP", String.valueOf(answer.status()));
            }
            String reply = answer.body();
            return new FrontContract.Answer(
                    reply.substring(7, 9), URLDecoder.decode(reply.substring(15), StandardCharsets.UTF_8));
        }

        /// Each byte escaped by itself, whatever it is.
        private static String encoded(byte[] data) {
            String chars = new String(data, StandardCharsets.ISO_8859_1);
            return URLEncoder.encode(chars, StandardCharsets.ISO_8859_1);
        }

        @Override
        public FrontContract.Answer needsCredentials() {
            return new FrontContract.Answer("HTTP", "401");
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }
}
