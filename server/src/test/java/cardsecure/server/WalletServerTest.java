package cardsecure.server;

import static cardsecure.TestCards.AMEX;
import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminClient;
import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.audit.AuditEvent;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.secret.SecretBytes;
import cardsecure.socket.SocketClient;
import cardsecure.wallet.WalletKind;
import cardsecure.wallet.WalletParameters;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Wallets' payloads, from the command that makes one to the token, against whole servers.
@Timeout(120)
class WalletServerTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String FAILURE = "0024::Decryption failure";
    private static final Map<String, String> ALL_OPEN =
            Map.of("open", "tokenize,verify,purge,bin,encrypt,decrypt", "domains", "C,A");

    @TempDir
    Path temporary;

    private Path data() {
        return temporary.resolve("data");
    }

    /// What `cardsecure simulate` prints.
    private String simulate(String... options) {
        List<String> arguments = new ArrayList<>(List.of("simulate"));
        arguments.addAll(Arrays.asList(options));
        arguments.addAll(List.of("--data", data().toString()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
        assertThat(code).as(err.toString()).isZero();
        return out.toString().strip();
    }

    private static String post(TestServer server, String form) throws IOException {
        try (Client client = server.client()) {
            return client.post("", FORM, form).data();
        }
    }

    private static String call(TestServer server, String action, String data) throws IOException {
        try (Client client = server.client()) {
            return client.call(action, data);
        }
    }

    /// As the official SDK asks for it.
    private static String key(TestServer server) throws IOException {
        try (Client client = server.client()) {
            return client.get("action=KG&encryptionHandler=EC_ANDROID_PAY").data();
        }
    }

    private static List<String> reasons(TestServer server) {
        return server.audit().stream()
                .filter(AuditEvent.Refused.class::isInstance)
                .map(event -> ((AuditEvent.Refused) event).reason())
                .toList();
    }

    @Test
    void aPayloadOfEachWalletGetsATokenOverHttpAndItsCryptogramIsTakenOnce() throws Exception {
        try (TestServer server = TestServer.on(data())) {
            server.setSite("dev", ALL_OPEN);
            String token = call(server, "CE", VISA);
            assertThat(key(server)).isEqualTo("0049::Data not found");
            for (String wallet : List.of("apple-pay", "google-pay")) {
                String form = simulate(wallet, "--site", "dev", "--form");

                assertThat(post(server, form)).isEqualTo(token);
                assertThat(post(server, form)).isEqualTo(FAILURE);
                assertThat(reasons(server).getLast()).startsWith("replay: ");
                assertThat(call(server, "TD", token))
                        .startsWith("{\"source\":\"" + wallet.replace("-pay", "") + "\",\"id\":\"")
                        .contains("\"credential\":\"3DSecure\",\"cryptogram\":\"");
                assertThat(call(server, "TD", token)).isEqualTo("0049::Data not found");
            }
            AdminReply.Answer keys =
                    new AdminClient(data()).call(new AdminRequest.WalletKeyList("dev", WalletKind.GOOGLE), _ -> {});
            byte[] point = Base64.getDecoder()
                    .decode(((AdminReply.WalletKeys) keys)
                            .keys()
                            .getFirst()
                            .publicKey()
                            .orElseThrow());
            assertThat(((ECPublicKey) KeyFactory.getInstance("EC")
                                    .generatePublic(new X509EncodedKeySpec(
                                            Base64.getDecoder().decode(key(server)))))
                            .getEncoded())
                    .endsWith(point);
            assertThat(call(server, "CD", token)).isEqualTo(VISA);
            assertThat(post(server, "action=CR&data=AAAA&ectype=samsung"))
                    .isEqualTo("0075::Invalid elliptic curve type parameter");
            assertThat(post(server, "action=CR&data=AAAA&ectype=apple")).isEqualTo("0074::Missing required parameter");
            // As the gateway's own demonstration sends it: without a type, in the query.
            String untyped = simulate("google-pay", "--site", "dev", "--form", "--card", "amex", "--pan-only")
                    .replace("&ectype=google", "");
            try (Client client = server.client()) {
                assertThat(client.get(untyped).data()).isEqualTo(call(server, "CE", AMEX));
            }
        }
    }

    @Test
    void theSitesOwnKeysAreUsedAndItsLimitsCount() throws Exception {
        try (TestServer server = TestServer.on(data())) {
            server.addSite(
                    "shop", Map.of("hosts", "localhost", "wallet-amount-max", "500", "wallet-currencies", "978"));
            AdminReply.Answer made = new AdminClient(data())
                    .call(new AdminRequest.WalletSimulate("shop", WalletKind.APPLE, "visa", true, 500, "978"), _ -> {});
            AdminReply.Answer again = new AdminClient(data())
                    .call(new AdminRequest.WalletSimulate("shop", WalletKind.APPLE, "visa", true, 501, "978"), _ -> {});
            assertThat(((AdminReply.WalletPayload) made).lines())
                    .containsExactly("site shop had no certified key for Apple Pay: made key 1, certified under the"
                            + " simulated authority");
            assertThat(((AdminReply.WalletPayload) again).lines()).isEmpty();

            String[] amounts = {"500", "501", "500"};
            String[] currencies = {"978", "978", "840"};
            String[] refusals = {"", "amount: ", "currency: "};
            for (int i = 0; i < amounts.length; i++) {
                String form = simulate(
                        "apple-pay", "--site", "shop", "--form", "--amount", amounts[i], "--currency", currencies[i]);
                if (refusals[i].isEmpty()) {
                    assertThat(post(server, form)).startsWith("9");
                } else {
                    assertThat(post(server, form)).isEqualTo(FAILURE);
                    assertThat(reasons(server).getLast()).startsWith(refusals[i]);
                }
            }
            assertThat(new AdminClient(data())
                            .call(
                                    new AdminRequest.WalletSimulate("shop", WalletKind.GOOGLE, "visa", true, 0, "000"),
                                    _ -> {}))
                    .isInstanceOfSatisfying(
                            AdminReply.Failed.class,
                            failed -> assertThat(failed.message()).contains("no google-merchant"));
            server.setSite("shop", Map.of("google-merchant", "m1", "google-test", "on"));
            assertThat(post(server, simulate("google-pay", "--site", "shop", "--form")))
                    .startsWith("9");
        }
    }

    @Test
    void aPayloadOfEachWalletGetsATokenOverTheSocketSignedOrNot() throws Exception {
        try (TestServer server = TestServer.on(data(), Kind.SOCKET)) {
            server.setSite("dev", ALL_OPEN);
            try (SocketClient client = SocketClient.to(server.port())) {
                String token = client.call("CE", VISA);
                for (String wallet : List.of("apple-pay", "google-pay")) {
                    String payload = simulate(wallet, "--site", "dev", "--devicedata");
                    assertThat(client.call("CR", payload)).isEqualTo(token);
                    assertThat(client.call("CR", payload)).isEqualTo(FAILURE);
                    assertThat(client.call("TD", token)).contains("\"cryptogram\":\"");
                    assertThat(client.call("CR", simulate(wallet, "--site", "dev") + "&unique=true"))
                            .startsWith("9")
                            .isNotEqualTo(token);
                }
                assertThat(client.call("CR", "AAAA&ectype=samsung"))
                        .isEqualTo("0075::Invalid elliptic curve type parameter");
                assertThat(client.call("CR", "AAAA&ectype=apple")).isEqualTo("0074::Missing required parameter");
                signed(server, client, token);
            }
        }
    }

    private void signed(TestServer server, SocketClient client, String token) throws Exception {
        AdminReply.Answer answer = new AdminClient(data()).call(new AdminRequest.SigningNewKey("dev", false), _ -> {});
        SecretBytes key = ((AdminReply.NewKey) answer).key();
        Path file = Files.writeString(temporary.resolve("key"), HexFormat.of().formatHex(key.reveal()) + "\n");
        server.setSite("dev", Map.of("signing", "on"));
        for (String wallet : List.of("apple-pay", "google-pay")) {
            String payload = simulate(wallet, "--site", "dev");
            byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
            int end = WalletParameters.endOfData(bytes, bytes.length);
            assertThat(client.call("CR", payload)).isEqualTo("0057::Request signature invalid");
            assertThat(client.call("CR", payload + trailer(file, payload.substring(0, end))))
                    .isEqualTo(token);
        }
    }

    /// The signature is over action, data, reference and time: not over what comes between.
    private static String trailer(Path key, String data) {
        StringWriter out = new StringWriter();
        int code = Main.commandLine()
                .setOut(new PrintWriter(out))
                .execute("sign", "--key-file", key.toString(), "--action", "CR", "--data", data, "--ref", "r1");
        assertThat(code).isZero();
        String url = out.toString().strip();
        Map<String, String> named = new HashMap<>();
        for (String pair : url.substring(url.indexOf('?') + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            named.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return "&ref=" + named.get("ref") + "&time=" + named.get("time") + "&sig=" + named.get("sig");
    }

    @Test
    void afterARestartOtherRootsAreBelievedAndWhatWasTakenIsRefusedStill() throws Exception {
        String form;
        try (TestServer server = TestServer.on(data())) {
            form = simulate("google-pay", "--site", "dev", "--form");
            assertThat(post(server, form)).startsWith("9");
        }
        try (TestServer server = TestServer.on(data())) {
            assertThat(post(server, form)).isEqualTo(FAILURE);
            assertThat(reasons(server).getLast()).startsWith("google-intermediate-signature: ");
            // The Apple key that the first server certified goes on working; so does Google's.
            assertThat(post(server, simulate("google-pay", "--site", "dev", "--form")))
                    .startsWith("9");
            assertThat(post(server, simulate("apple-pay", "--site", "dev", "--form")))
                    .startsWith("9");
        }
    }
}
