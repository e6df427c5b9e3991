package cardsecure.sap;

import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.config.ListenerConfig.Kind;
import cardsecure.sap.RfcClient.Field;
import cardsecure.sap.RfcClient.Result;
import cardsecure.server.TestServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The door for programs with an RFC library: they log on, and may ask what there is to call.
@Timeout(60)
class RfcLogonTest {
    private static final String TOKEN = "944[0-9]{9}1111";
    private static final String PASSWORD = "correct horse battery";

    @TempDir
    private Path temporary = Path.of("");

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.on(temporary.resolve("data"), Kind.RFC);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anExternalClientLogsOnAsAUser() throws Exception {
        server.addUser("dev", "TILL", "decrypt", PASSWORD);
        try (RfcClient client = RfcClient.external(server.port())) {
            assertThat(client.logOn("TILL", PASSWORD)).isEmpty();
            String token = client.chars(client.act("CE", VISA), "E_DATA");
            assertThat(token).matches(TOKEN);
            Result clear = client.act("CD", token);
            assertThat(client.chars(clear, "E_DATA")).isEqualTo(VISA);
        }
        try (RfcClient client = RfcClient.abap(server.port())) {
            String token = client.chars(client.act("CE", VISA), "E_DATA");
            Result refused = client.act("CD", token);
            assertThat(client.chars(refused, "E_RETCODE")).isEqualTo("0071");
        }
    }

    @Test
    void anExternalClientWithoutGoodCredentialsIsSentAway() throws Exception {
        server.addUser("dev", "TILL", "decrypt", PASSWORD);
        for (String user : List.of("TILL", "till", "NOBODY")) {
            try (RfcClient client = RfcClient.external(server.port())) {
                assertThat(client.logOn(user, user.equals("TILL") ? "wrong horse battery" : PASSWORD))
                        .contains("Name or password is incorrect (repeat logon)");
                assertThat(client.isEnded()).isTrue();
            }
        }
        try (RfcClient client = RfcClient.external(server.port())) {
            List<Field> refused = client.callForFields("Z_CARDSECURE", client.inputs("CE", VISA), RfcClient.OUTPUTS);
            assertThat(refused).extracting(Field::tag).contains(0x0402).doesNotContain(0x0203);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void anExternalClientLearnsInterfaces() throws Exception {
        server.addUser("dev", "TILL", "", PASSWORD);
        try (RfcClient client = RfcClient.external(server.port())) {
            client.logOn("TILL", PASSWORD);
            for (String function : List.of("Z_CARDSECURE", "Z_CARDSECURE_STR", "STFC_CONNECTION", "RFCPING")) {
                Map<String, byte[]> asked =
                        Map.of("FUNCNAME", client.chars(function, 30), "NONE_UNICODE_LENGTH", client.chars("X", 1));
                List<Field> told = client.callForFields(
                        "RFC_GET_FUNCTION_INTERFACE", asked, List.of("REMOTE_CALL", "PARAMS", "RESUMABLE_EXCEPTIONS"));
                List<String> rows = told.stream()
                        .filter(field -> field.tag() == 0x0303)
                        .map(field -> new String(field.bytes(), StandardCharsets.UTF_16LE))
                        .map(row -> row.substring(0, 1)
                                + row.substring(1, 31).strip()
                                + row.substring(91, 92)
                                + (int) row.charAt(96))
                        .toList();
                assertThat(rows).isEqualTo(expectedRows(function));
            }
            Map<String, byte[]> unknown = Map.of("FUNCNAME", client.chars("Z_NOPE", 30));
            assertThat(client.call("RFC_GET_FUNCTION_INTERFACE", unknown, List.of("PARAMS"))
                            .exception())
                    .contains("FU_NOT_FOUND");
        }
    }

    private static List<String> expectedRows(String function) {
        List<String> exceptions =
                List.of("XINVALID_ACTION 0", "XINVALID_DATA 0", "XNOT_AUTHORIZED 0", "XSERVICE_UNAVAILABLE 0");
        List<String> rows = new ArrayList<>(
                switch (function) {
                    case "Z_CARDSECURE" ->
                        List.of(
                                "II_ACTIONC2",
                                "II_DATAC512",
                                "II_PARAMSC512",
                                "EE_ACTIONC2",
                                "EE_DATAC512",
                                "EE_RETCODEC4",
                                "EE_MESSAGEC120");
                    case "Z_CARDSECURE_STR" ->
                        List.of(
                                "II_ACTIONC2",
                                "II_DATAg8",
                                "II_PARAMSg8",
                                "EE_ACTIONC2",
                                "EE_DATAg8",
                                "EE_RETCODEC4",
                                "EE_MESSAGEC120");
                    case "STFC_CONNECTION" -> List.of("IREQUTEXTC255", "EECHOTEXTC255", "ERESPTEXTC255");
                    default -> List.of();
                });
        if (function.startsWith("Z_")) {
            rows.addAll(exceptions);
        }
        return rows;
    }
}
