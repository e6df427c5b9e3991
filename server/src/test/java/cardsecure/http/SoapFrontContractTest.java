package cardsecure.http;

import cardsecure.config.ListenerConfig.Kind;
import cardsecure.fronts.FrontContract;
import cardsecure.server.TestServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The corpus over SOAP.
@Timeout(60)
class SoapFrontContractTest implements FrontContract {
    @TempDir
    private Path temporary = Path.of("");

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.on(temporary.resolve("data"), Kind.HTTP);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    public Caller open(String site, Map<String, String> settings) throws Exception {
        server.addSite(site, settings);
        return new SoapCaller(new SoapClient(server.client(), site + ".example.com"));
    }

    private record SoapCaller(SoapClient client) implements FrontContract.Caller {
        @Override
        public FrontContract.Answer call(String action, byte[] data, Map<String, String> parameters) throws Exception {
            Map<String, String> values = new LinkedHashMap<>();
            values.put("I_ACTION", action);
            values.put("I_DATA", "*");
            values.put(
                    "I_PARAMS",
                    parameters.entrySet().stream()
                            .map(entry ->
                                    entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                            .collect(Collectors.joining("&")));
            String[] around = SoapClient.call("Z_CARDSECURE_STR", values).split(">\\*<", 2);
            byte[] body = joined(around[0] + ">", escaped(data), "<" + around[1]);
            SoapClient.Answer answer = client.send(body, "");
            if (answer.element().isEmpty()) {
                return new FrontContract.Answer("HTTP", String.valueOf(answer.status()));
            }
            Map<String, String> texts = answer.texts();
            if (answer.element().equals("Fault")) {
                return fault(texts);
            }
            String code = texts.getOrDefault("E_RETCODE", "");
            return new FrontContract.Answer(
                    texts.getOrDefault("E_ACTION", ""),
                    code.equals("0000") ? texts.getOrDefault("E_DATA", "") : code + "::" + texts.get("E_MESSAGE"));
        }

        /// What is no UTF-8 is no XML at all.
        private static FrontContract.Answer fault(Map<String, String> texts) {
            String text = texts.getOrDefault("faultstring", "");
            if (text.equals("INVALID_ACTION")) {
                return new FrontContract.Answer("ER", "0007::Invalid action");
            }
            return text.contains("not well-formed")
                    ? new FrontContract.Answer("ER", "0038::Illegal characters")
                    : new FrontContract.Answer("FAULT", text);
        }

        /// XML has no way to say a NUL, so another character stands in for it that no token has.
        private static byte[] escaped(byte[] data) {
            return new String(data, StandardCharsets.ISO_8859_1)
                    .replace('\0', '*')
                    .replace("&", "&amp;")
                    .replace("<", "&lt;")
                    .getBytes(StandardCharsets.ISO_8859_1);
        }

        private static byte[] joined(String before, byte[] data, String after) {
            return (before + new String(data, StandardCharsets.ISO_8859_1) + after)
                    .getBytes(StandardCharsets.ISO_8859_1);
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
