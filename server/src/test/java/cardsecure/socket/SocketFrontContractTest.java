package cardsecure.socket;

import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.WhenFull;
import cardsecure.fronts.FrontContract;
import cardsecure.protocol.FrameDialect;
import cardsecure.server.TestServer;
import cardsecure.site.SiteSetting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The corpus over the raw socket, in each of its dialects.
@Timeout(60)
class SocketFrontContractTest {
    @Nested
    class Framed extends Sockets {
        Framed() {
            super(FrameDialect.FRAMED);
        }
    }

    @Nested
    class Bare extends Sockets {
        Bare() {
            super(FrameDialect.BARE);
        }
    }

    /// A whole server, with the certificates that it made itself; the transcripts' site is the default one.
    @Nested
    class OverTls implements FrontContract {
        @TempDir
        private Path temporary = Path.of("");

        private TestServer server;
        private String fallback = "dev";

        @BeforeEach
        void start() throws Exception {
            server = TestServer.on(temporary.resolve("data"), Kind.SOCKET_TLS);
        }

        @AfterEach
        void stop() {
            server.close();
        }

        @Override
        public Caller open(String site, Map<String, String> settings) throws Exception {
            server.addSite(site, settings);
            server.setSite(fallback, Map.of(SiteSetting.DEFAULT.key(), "off"));
            server.setSite(site, Map.of(SiteSetting.DEFAULT.key(), "on"));
            fallback = site;
            return new SocketCaller(FrameDialect.FRAMED, new SocketClient(server.connectByTls()));
        }
    }

    abstract static class Sockets implements FrontContract {
        private final FrameDialect dialect;
        private SocketFixture fixture;

        Sockets(FrameDialect dialect) {
            this.dialect = dialect;
        }

        @BeforeEach
        void start() throws Exception {
            fixture = new SocketFixture();
        }

        @AfterEach
        void stop() throws Exception {
            fixture.close();
        }

        @Override
        public Caller open(String site, Map<String, String> settings) throws Exception {
            Map<SiteSetting, String> known = new HashMap<>();
            settings.forEach((key, value) -> known.put(setting(key), value));
            fixture.addSite(site, known);
            SocketFront front = fixture.start(
                    SocketFixture.config(Kind.SOCKET, 10, WhenFull.WAIT, Optional.of(site), List.of(), List.of()));
            return new SocketCaller(dialect, SocketClient.to(front.address().port()));
        }

        private static SiteSetting setting(String key) {
            return Stream.of(SiteSetting.values())
                    .filter(setting -> setting.key().equals(key))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private record SocketCaller(FrameDialect dialect, SocketClient client) implements FrontContract.Caller {
        /// A field of the frame here, not one of the parameters after the data.
        private static final String KEY_ID = "keyid";

        @Override
        public FrontContract.Answer call(String action, byte[] data, Map<String, String> parameters) throws Exception {
            StringBuilder bytes = new StringBuilder(new String(data, StandardCharsets.ISO_8859_1));
            parameters.forEach((name, value) -> {
                if (!name.equals(KEY_ID)) {
                    bytes.append('&').append(name).append('=').append(value);
                }
            });
            String mark = switch (dialect) {
                case FRAMED -> "FF";
                case BARE -> "";
            };
            String version = switch (dialect) {
                case FRAMED -> "01";
                case BARE -> "";
            };
            String tail = action + version + ";;;;" + parameters.getOrDefault(KEY_ID, "   ") + bytes;
            client.send(mark + String.format("%04d", tail.length()) + tail);
            String prefix = client.take(mark.length() + 4);
            String reply = client.take(Integer.parseInt(prefix.substring(mark.length())));
            String replyData = reply.substring(2 + version.length() + 7);
            return new FrontContract.Answer(
                    reply.substring(0, 2),
                    new String(replyData.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        }

        @Override
        public FrontContract.Answer needsCredentials() {
            return new FrontContract.Answer("ER", "0047::Unauthorized host");
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }
}
