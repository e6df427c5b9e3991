package cardsecure.sap;

import cardsecure.config.ListenerConfig.Kind;
import cardsecure.fronts.FrontContract;
import cardsecure.server.TestServer;
import cardsecure.site.SiteSetting;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The corpus over RFC, by each of its doors. The transcripts' site is the default one.
@Timeout(120)
class RfcFrontContractTest {
    private static final int WIDTH = 512;

    /// With texts of the type CHAR, where one can hold them.
    @Nested
    class RegisteredProgram extends Rfc {
        RegisteredProgram() {
            super(Kind.RFC);
        }

        @Override
        RfcClient client(TestServer server) throws Exception {
            return RfcClient.abap(server.port());
        }
    }

    /// The same, of a system on a big-endian machine, over TLS.
    @Nested
    class BigEndianOverTls extends Rfc {
        BigEndianOverTls() {
            super(Kind.RFC_TLS);
        }

        @Override
        RfcClient client(TestServer server) throws Exception {
            return RfcClient.abap(server.connectByTls()).in(StandardCharsets.UTF_16BE);
        }
    }

    /// With the type STRING for all.
    @Nested
    class ExternalClient extends Rfc {
        ExternalClient() {
            super(Kind.RFC);
        }

        @Override
        RfcClient client(TestServer server) throws Exception {
            return RfcClient.external(server.port());
        }
    }

    abstract static class Rfc implements FrontContract {
        private static final String USER = "RFCUSER";
        private static final String PASSWORD = "correct horse battery";

        private final Kind kind;

        @TempDir
        private Path temporary = Path.of("");

        private TestServer server;
        private String fallback = "dev";

        Rfc(Kind kind) {
            this.kind = kind;
        }

        abstract RfcClient client(TestServer server) throws Exception;

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
            server.setSite(fallback, Map.of(SiteSetting.DEFAULT.key(), "off"));
            server.setSite(site, Map.of(SiteSetting.DEFAULT.key(), "on"));
            fallback = site;
            RfcClient client = client(server);
            boolean external = this instanceof ExternalClient;
            if (external) {
                // Who may do nothing more than everybody.
                server.addUser(site, USER, "", PASSWORD);
                client.logOn(USER, PASSWORD).ifPresent(why -> {
                    throw new AssertionError(why);
                });
            }
            return new RfcCaller(client, !external);
        }
    }

    private record RfcCaller(RfcClient client, boolean prefersChars) implements FrontContract.Caller {
        private static final List<String> OUTPUTS = List.of("E_ACTION", "E_DATA", "E_RETCODE", "E_MESSAGE");

        @Override
        public FrontContract.Answer call(String action, byte[] data, Map<String, String> parameters) throws Exception {
            Optional<String> text = text(data);
            if (prefersChars && text.isPresent() && text.get().length() <= WIDTH) {
                FrontContract.Answer answer =
                        answer(client.call("Z_CARDSECURE", chars(action, text.get(), parameters), OUTPUTS), true);
                if (!answer.data().startsWith("0035")) {
                    return answer;
                }
            }
            Map<String, byte[]> inputs = new LinkedHashMap<>();
            inputs.put("I_ACTION", client.chars(action, 2));
            inputs.put("I_DATA", string(data));
            inputs.put("I_PARAMS", string(form(parameters).getBytes(StandardCharsets.UTF_8)));
            return answer(client.call("Z_CARDSECURE_STR", inputs, OUTPUTS), false);
        }

        private Map<String, byte[]> chars(String action, String data, Map<String, String> parameters) {
            Map<String, byte[]> inputs = new LinkedHashMap<>();
            inputs.put("I_ACTION", client.chars(action, 2));
            inputs.put("I_DATA", client.chars(data, WIDTH));
            if (!parameters.isEmpty()) {
                inputs.put("I_PARAMS", client.chars(form(parameters), WIDTH));
            }
            return inputs;
        }

        private static Optional<String> text(byte[] data) {
            try {
                return Optional.of(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(data))
                        .toString());
            } catch (CharacterCodingException _) {
                return Optional.empty();
            }
        }

        private static byte[] string(byte[] utf8) {
            return Arrays.copyOf(utf8, utf8.length + 1);
        }

        private static String form(Map<String, String> parameters) {
            return parameters.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
        }

        private FrontContract.Answer answer(RfcClient.Result result, boolean chars) {
            if (result.exception().isPresent()) {
                String name = result.exception().get();
                return name.equals("INVALID_ACTION")
                        ? new FrontContract.Answer("ER", "0007::Invalid action")
                        : new FrontContract.Answer("ABAP", name);
            }
            if (result.failure().isPresent()) {
                return new FrontContract.Answer("SYSTEM", result.failure().get());
            }
            String code = client.chars(result, "E_RETCODE");
            String data = code.equals("0000") ? data(result, chars) : code + "::" + client.chars(result, "E_MESSAGE");
            return new FrontContract.Answer(client.chars(result, "E_ACTION"), data);
        }

        private String data(RfcClient.Result result, boolean chars) {
            if (chars) {
                return client.chars(result, "E_DATA");
            }
            byte[] bytes = HexFormat.of().parseHex(result.outputs().getOrDefault("E_DATA", "00"));
            return new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8);
        }

        @Override
        public FrontContract.Answer needsCredentials() {
            return new FrontContract.Answer("ABAP", "NOT_AUTHORIZED");
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }
}
