package cardsecure.http;

import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminClient;
import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.sap.RfcClient;
import cardsecure.server.TestServer;
import cardsecure.wallet.WalletKind;
import cardsecure.wallet.WalletParameters;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What HTTP carries by name goes in `I_PARAMS`: the parts of a wallet's payload, a signature. By RFC and by
/// SOAP.
@Timeout(120)
class SapParametersTest {
    private static final String FUNCTION = "Z_CARDSECURE_STR";
    private static final List<String> OUTPUTS = List.of("E_DATA", "E_RETCODE");

    @TempDir
    private Path temporary = Path.of("");

    /// Calls an action.
    @FunctionalInterface
    private interface Calling {
        /// @return the data, or an error's number
        String call(String action, String data, String params) throws Exception;
    }

    /// A test that either way has to pass.
    @FunctionalInterface
    private interface Trial {
        void of(Calling caller, Path data) throws Exception;
    }

    private void byEachWay(Map<String, String> site, Trial trial) throws Exception {
        Path one = temporary.resolve("rfc");
        try (TestServer server = TestServer.on(one, Kind.RFC);
                RfcClient client = RfcClient.abap(server.port())) {
            server.setSite("dev", site);
            trial.of((action, data, params) -> byRfc(client, action, data, params), one);
        }
        Path other = temporary.resolve("soap");
        try (TestServer server = TestServer.on(other)) {
            server.setSite("dev", site);
            SoapClient client = new SoapClient(server.client(), "localhost");
            trial.of((action, data, params) -> bySoap(client, action, data, params), other);
            client.close();
        }
    }

    private static String byRfc(RfcClient client, String action, String data, String params) throws Exception {
        Map<String, byte[]> inputs = new LinkedHashMap<>();
        inputs.put("I_ACTION", client.chars(action, 2));
        inputs.put("I_DATA", (data + "\0").getBytes(StandardCharsets.UTF_8));
        inputs.put("I_PARAMS", (params + "\0").getBytes(StandardCharsets.UTF_8));
        RfcClient.Result result = client.call(FUNCTION, inputs, OUTPUTS);
        assertThat(result.exception()).isEmpty();
        String code = client.chars(result, "E_RETCODE");
        byte[] told = HexFormat.of().parseHex(result.outputs().getOrDefault("E_DATA", ""));
        return code.equals("0000") ? new String(told, StandardCharsets.UTF_8).replace("\0", "") : code;
    }

    private static String bySoap(SoapClient client, String action, String data, String params) throws Exception {
        SoapClient.Answer answer =
                client.send(SoapClient.call(FUNCTION, Map.of("I_ACTION", action, "I_DATA", data, "I_PARAMS", params)));
        assertThat(answer.status()).isEqualTo(200);
        String code = answer.texts().getOrDefault("E_RETCODE", "");
        return code.equals("0000") ? answer.texts().getOrDefault("E_DATA", "") : code;
    }

    @Test
    void aWalletsPayloadGetsATokenAndItsCryptogramIsTakenOnce() throws Exception {
        Map<String, String> open = Map.of("open", "tokenize,decrypt");
        byEachWay(open, (caller, data) -> {
            String token = caller.call("CE", VISA, "");
            for (WalletKind wallet : List.of(WalletKind.APPLE, WalletKind.GOOGLE)) {
                String[] payload = payload(data, wallet);
                assertThat(caller.call("CR", payload[0], payload[1])).isEqualTo(token);
                assertThat(caller.call("CR", payload[0], payload[1])).isEqualTo("0024");
                assertThat(caller.call("TD", token, ""))
                        .startsWith("{\"source\":\"" + wallet.label() + "\"")
                        .contains("\"cryptogram\":\"");
                assertThat(caller.call("TD", token, "")).isEqualTo("0049");
            }
            assertThat(caller.call("CR", "AAAA", "ectype=samsung")).isEqualTo("0075");
            // Another action has no use for them.
            assertThat(caller.call("CE", VISA, "ectype=samsung")).isEqualTo(token);
        });
    }

    /// Its data, and what comes with them, form-encoded.
    private static String[] payload(Path data, WalletKind wallet) throws Exception {
        AdminRequest request = new AdminRequest.WalletSimulate("dev", wallet, "visa", true, 0, "840");
        AdminReply.Answer made = new AdminClient(data).call(request, _ -> {});
        String text = ((AdminReply.WalletPayload) made).deviceData();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int end = WalletParameters.endOfData(bytes, bytes.length);
        String others = Arrays.stream(text.substring(end).split("&", -1))
                .filter(pair -> pair.contains("="))
                .map(pair -> pair.split("=", 2))
                .map(pair -> pair[0] + "=" + form(pair[1]))
                .collect(Collectors.joining("&"));
        return new String[] {text.substring(0, end), others};
    }

    private static String form(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void aSignedCallCountsOnce() throws Exception {
        byEachWay(Map.of("signing", "on"), (caller, data) -> {
            AdminReply.Answer made = new AdminClient(data).call(new AdminRequest.SigningNewKey("dev", false), _ -> {});
            byte[] key = ((AdminReply.NewKey) made).key().reveal();
            String signature = signature(key, "CE", VISA, "r1");
            assertThat(caller.call("CE", VISA, "")).isEqualTo("0057");
            assertThat(caller.call("AE", VISA, signature)).isEqualTo("0059");
            assertThat(caller.call("CE", VISA, signature)).matches("944[0-9]{9}1111");
            assertThat(caller.call("CE", VISA, signature)).isEqualTo("0060");
        });
    }

    /// As `docs/signing.md` has it, by means of the JDK.
    private static String signature(byte[] key, String action, String data, String ref) throws Exception {
        String now = DateTimeFormatter.ofPattern("uuuu-MM-dd'T' HH:mm:ss'Z'")
                .withZone(ZoneOffset.UTC)
                .format(Instant.now());
        String signed = "action=" + action + "&data=" + form(data) + "&ref=" + ref + "&time=" + form(now);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        String sig = HexFormat.of().formatHex(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        return "ref=" + ref + "&time=" + form(now) + "&sig=" + sig;
    }
}
