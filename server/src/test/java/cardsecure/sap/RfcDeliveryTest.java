package cardsecure.sap;

import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.audit.AuditEvent;
import cardsecure.config.LimitsConfig;
import cardsecure.config.Listen;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.RfcConfig;
import cardsecure.config.RfcFunction;
import cardsecure.sap.RfcClient.Result;
import cardsecure.server.Swipes;
import cardsecure.server.TestServer;
import cardsecure.swipe.SwipeFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is given out once must arrive, and what readers send must come in.
@Timeout(60)
class RfcDeliveryTest {
    private static final String TOKEN = "944[0-9]{9}1111";
    private static final int ENOUGH = 4096;

    @TempDir
    private Path temporary = Path.of("");

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        RfcConfig usual = RfcConfig.defaults();
        server = TestServer.on(
                temporary.resolve("data"),
                ListenerConfig.plain(Kind.RFC, new Listen.At(Listen.LOOPBACK, 0), LimitsConfig.defaults()),
                new RfcConfig(
                        usual.programId(),
                        usual.frameMax(),
                        false,
                        List.of(
                                RfcFunction.usual("Z_CARDSECURE", RfcFunction.Type.CHAR),
                                RfcFunction.usual("Z_CARDSECURE_STR", RfcFunction.Type.STRING),
                                wide("Z_WIDE", ENOUGH),
                                wide("Z_TOO_NARROW", ENOUGH - 1))));
        server.setSite("dev", Map.of("open", "tokenize,decrypt"));
    }

    private static RfcFunction wide(String name, int width) {
        return new RfcFunction(
                name,
                RfcFunction.Type.CHAR,
                "I_ACTION",
                "I_DATA",
                "I_PARAMS",
                "E_ACTION",
                "E_DATA",
                "E_RETCODE",
                "E_MESSAGE",
                width,
                120);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Result string(RfcClient client, String action, byte[] data, List<String> outputs)
            throws IOException {
        Map<String, byte[]> inputs = new LinkedHashMap<>();
        inputs.put("I_ACTION", client.chars(action, 2));
        inputs.put("I_DATA", Arrays.copyOf(data, data.length + 1));
        return client.call("Z_CARDSECURE_STR", inputs, outputs);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String data(Result result) {
        return new String(HexFormat.of().parseHex(result.outputs().getOrDefault("E_DATA", "")), StandardCharsets.UTF_8)
                .replace("\0", "");
    }

    private static String swiped(RfcClient client, int counter) throws IOException {
        byte[] swipe = ascii(Swipes.of(SwipeFormat.IDTECH_BINARY, VISA, counter));
        String token = data(string(client, "CZ", swipe, RfcClient.OUTPUTS));
        assertThat(token).matches(TOKEN);
        return token;
    }

    @Test
    void oneTimeDataStayWhereTheyMightNotArrive() throws Exception {
        try (RfcClient client = RfcClient.abap(server.port());
                RfcClient old = RfcClient.abap(server.port()).in(StandardCharsets.ISO_8859_1)) {
            String token = swiped(client, 1);
            for (String narrow : List.of("Z_CARDSECURE", "Z_TOO_NARROW")) {
                Result result = client.call(narrow, client.inputs("TD", token), RfcClient.OUTPUTS);
                assertThat(client.chars(result, "E_RETCODE")).as(narrow).isEqualTo("0035");
                assertThat(client.chars(result, "E_DATA")).isEmpty();
            }
            Result otherCodePage = old.call("Z_WIDE", old.inputs("TD", token), RfcClient.OUTPUTS);
            assertThat(old.chars(otherCodePage, "E_RETCODE")).isEqualTo("0035");
            Result notAsked = string(client, "TD", ascii(token), List.of("E_RETCODE"));
            assertThat(client.chars(notAsked, "E_RETCODE")).isEqualTo("0035");
            assertThat(server.audit())
                    .filteredOn(AuditEvent.Refused.class::isInstance)
                    .hasSize(4)
                    .allMatch(event -> event.toString().contains("one-time data"));

            assertThat(data(string(client, "TD", ascii(token), RfcClient.OUTPUTS)))
                    .contains(Swipes.NAME);
            Result gone = string(client, "TD", ascii(token), RfcClient.OUTPUTS);
            assertThat(client.chars(gone, "E_RETCODE")).isEqualTo("0049");
        }
    }

    @Test
    void oneTimeDataComeWhereThereIsRoomForAll() throws Exception {
        try (RfcClient client = RfcClient.abap(server.port())) {
            Result result = client.call("Z_WIDE", client.inputs("TD", swiped(client, 1)), RfcClient.OUTPUTS);
            assertThat(client.chars(result, "E_DATA")).contains(Swipes.NAME);
        }
    }

    @Test
    void anAnswerThatDoesNotFitIsRecorded() throws Exception {
        try (RfcClient client = RfcClient.abap(server.port())) {
            String personal = "x".repeat(600);
            String token = data(string(client, "PE", ascii(personal), RfcClient.OUTPUTS));
            Result result = client.act("PD", token);
            assertThat(client.chars(result, "E_RETCODE")).isEqualTo("0035");
            assertThat(server.audit())
                    .filteredOn(AuditEvent.Refused.class::isInstance)
                    .singleElement()
                    .asString()
                    .contains("0035", "PD", "longer than the function's result");
        }
    }

    @Test
    void aSwipeComesInBytesOrAsTheirHexDump() throws Exception {
        try (RfcClient client = RfcClient.abap(server.port())) {
            byte[] bytes = Base64.getUrlDecoder().decode(Swipes.of(SwipeFormat.IDTECH_BINARY, VISA, 1));
            assertThat(data(string(client, "CZ", bytes, RfcClient.OUTPUTS))).matches(TOKEN);
            byte[] other = Base64.getUrlDecoder().decode(Swipes.of(SwipeFormat.IDTECH_BINARY, VISA, 2));
            Map<String, byte[]> inputs = new LinkedHashMap<>();
            inputs.put("I_ACTION", client.chars("CZ", 2));
            inputs.put("I_DATA", client.chars(HexFormat.of().formatHex(other), ENOUGH));
            assertThat(client.chars(client.call("Z_WIDE", inputs, RfcClient.OUTPUTS), "E_DATA"))
                    .matches(TOKEN);
            assertThat(client.chars(string(client, "CE", bytes, RfcClient.OUTPUTS), "E_RETCODE"))
                    .isEqualTo("0038");
        }
    }
}
