package cardsecure.server;

import static cardsecure.TestCards.ACCOUNT;
import static cardsecure.TestCards.BANK_ACCOUNT;
import static cardsecure.TestCards.BANK_ACCOUNT_ABA;
import static cardsecure.TestCards.CARDS;
import static cardsecure.TestCards.MASTERCARD;
import static cardsecure.TestCards.PERSON;
import static cardsecure.TestCards.SSN;
import static cardsecure.TestCards.SSN_OTHER;
import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.admin.AdminClient;
import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.sap.RfcClient;
import cardsecure.swipe.SwipeFormat;
import cardsecure.wallet.WalletKind;
import cardsecure.wallet.WalletParameters;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Everything that is tokenized, and everything that is refused, in every place where it does not belong: nothing of
/// it is found afterwards in data directory, log, output or any reply but those that are there to show it
/// ([LeakSearch] has the forms).
@Timeout(180)
class LeakTest {
    @TempDir
    Path temporary;

    private final Map<String, String> tokenized = new LinkedHashMap<>();
    private final List<String> replies = new ArrayList<>();
    private Path data = Path.of("");
    private String publicKey = "";
    private String[] options = {};

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void nothingThatWasTokenizedIsFoundWhereItShouldNotBe(String format) throws Exception {
        data = temporary.resolve("data");
        Path config = temporary.resolve("config.yaml");
        Files.writeString(config, """
            store:
              disk-reserve: 1MiB
            rfc:
              dump-frames: on
            log:
              format: %s
              level: debug
              file: %s
            """.formatted(format, temporary.resolve("log")));
        options = new String[] {"--config", config.toString(), "--rfc", "127.0.0.1:0"};
        List<String> output = new ArrayList<>();
        Map<String, String> looked = new LinkedHashMap<>();
        try (ServerProcess server = ServerProcess.start(data, options)) {
            looked.putAll(tokenizeAll(server));
            payWithWallets(server);
            looked.values().forEach(datum -> misplace(server, datum));
            administer();
            server.kill9();
            output.addAll(server.output());
        }
        try (ServerProcess server = ServerProcess.start(data, options)) {
            reveal(server);
            looked.putAll(takeCryptograms(server));
            purgeSome(server);
            looked.values().forEach(datum -> misplace(server, datum));
            server.terminate();
            output.addAll(server.output());
        }
        looked.put("account of the bank account", BANK_ACCOUNT.substring(10));
        looked.put("other account of the bank account", BANK_ACCOUNT_ABA.substring(10));
        looked.put("SSN without hyphens", SSN.replace("-", ""));
        looked.put("other SSN without hyphens", SSN_OTHER.replace("-", ""));
        LeakSearch search = new LeakSearch(looked);
        assertThat(Files.readString(temporary.resolve("log")))
                .contains("refused", "purged", "revealed", "a frame was received");
        assertThat(replies).hasSizeGreaterThan(200);
        List<String> found = new ArrayList<>(search.below(temporary));
        found.addAll(search.in("standard output", String.join("\n", output)));
        replies.forEach(reply -> found.addAll(search.in("reply " + reply, reply)));
        assertThat(found).isEmpty();
    }

    /// Tokenizes data of every kind, in all forms of replies.
    private Map<String, String> tokenizeAll(ServerProcess server) throws IOException {
        Map<String, String> looked = new LinkedHashMap<>();
        new AdminClient(data).call(new AdminRequest.RsaKeyNew("dev", 2048, "pkcs1"), _ -> {});
        try (Client client = server.client()) {
            publicKey = client.call("KG", "");
            for (String card : CARDS) {
                looked.put("card " + looked.size(), card);
                keep(client, "C", card);
            }
            swipeAll(client);
            keep(client, "C", BANK_ACCOUNT);
            keep(client, "C", BANK_ACCOUNT_ABA);
            keep(client, "A", ACCOUNT);
            keep(client, "P", PERSON);
            keep(client, "S", SSN);
            keep(client, "S", SSN_OTHER);
        }
        looked.put("holder of the swiped cards", Swipes.NAME);
        looked.put("track of a swiped card", VISA + "=3011201");
        looked.put("bank account", BANK_ACCOUNT);
        looked.put("other bank account", BANK_ACCOUNT_ABA);
        looked.put("account", ACCOUNT);
        looked.put("person", PERSON);
        looked.put("SSN", SSN);
        looked.put("other SSN", SSN_OTHER);
        return looked;
    }

    /// A card in every format of readers: what it brings is kept until the server is killed, and beyond.
    private void swipeAll(Client client) throws IOException {
        int counter = 1;
        for (SwipeFormat format : SwipeFormat.values()) {
            String answer = client.call("CZ", Swipes.of(format, VISA, counter));
            assertThat(answer).as(format.name()).isEqualTo(client.call("CE", VISA));
            replies.add(answer);
            String damaged = Swipes.of(format, VISA, counter).replace('A', 'B');
            replies.add(client.get("action=CZ&data=" + damaged).body());
            counter++;
        }
        replies.add(client.get("action=CZ&data=" + encoded(";" + VISA + "=30112010000000000?"))
                .body());
        replies.add(client.get("action=CZ&data=%B" + VISA + "^" + Swipes.NAME.replace("/", "%2F") + "^3011201?")
                .body());
    }

    private void keep(Client client, String domain, String datum) throws IOException {
        String token = client.call(domain + "E", datum);
        assertThat(token).doesNotContain("::");
        tokenized.put(datum, domain + token);
        String encoded = encoded(datum);
        for (String more : List.of("", "&type=json", "&type=xml", "&unique=true")) {
            replies.add(
                    client.get("action=" + domain + "E&data=" + encoded + more).body());
        }
        replies.add(client.post("", "application/x-www-form-urlencoded", "action=" + domain + "E&data=" + encoded)
                .body());
        replies.add(client.get("action=" + domain + "R&data=" + encoded(encrypted(datum)))
                .body());
        replies.add(client.call(domain + "V", token));
        String binView = client.call("CT", token);
        // The view of a card whose hidden digits are zeros is the card; that is for its issuer to worry about.
        if (!binView.equals(datum)) {
            replies.add(binView);
        }
    }

    /// Payloads of each wallet, each tokenized, and again.
    private void payWithWallets(ServerProcess server) throws Exception {
        for (WalletKind wallet : WalletKind.values()) {
            AdminRequest request = new AdminRequest.WalletSimulate(
                    "dev", wallet, wallet == WalletKind.APPLE ? VISA : MASTERCARD, true, 1000, "840");
            String payload = ((AdminReply.WalletPayload) new AdminClient(data).call(request, _ -> {})).deviceData();
            byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
            int end = WalletParameters.endOfData(bytes, bytes.length);
            StringBuilder form = new StringBuilder("action=CR&data=").append(encoded(payload.substring(0, end)));
            WalletParameters.named(payload.substring(end + 1))
                    .forEach((name, value) ->
                            form.append('&').append(name).append('=').append(encoded(value)));
            try (Client client = server.client()) {
                for (String reply : List.of("944", "0024", "0024")) {
                    String body = client.post("", "application/x-www-form-urlencoded", form.toString())
                            .body();
                    assertThat(body).contains(wallet == WalletKind.GOOGLE && reply.equals("944") ? "data=955" : reply);
                    replies.add(body);
                }
            }
        }
    }

    /// What was kept of the payloads comes out once, and is found nowhere else.
    private Map<String, String> takeCryptograms(ServerProcess server) throws IOException {
        Map<String, String> cryptograms = new LinkedHashMap<>();
        try (Client client = server.client()) {
            for (String card : List.of(VISA, MASTERCARD)) {
                String token = client.call("CE", card);
                String json = client.call("TD", token);
                assertThat(json).contains("\"cryptogram\":\"");
                int from = json.indexOf("\"cryptogram\":\"") + 14;
                cryptograms.put("cryptogram " + cryptograms.size(), json.substring(from, json.indexOf('"', from)));
                replies.add(client.call("TD", token));
            }
        }
        return cryptograms;
    }

    /// As callers do it.
    private String encrypted(String text) {
        try {
            X509EncodedKeySpec encoded =
                    new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey));
            Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
            cipher.init(Cipher.ENCRYPT_MODE, KeyFactory.getInstance("RSA").generatePublic(encoded));
            return Base64.getEncoder().encodeToString(cipher.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String datum) {
        return URLEncoder.encode(datum, StandardCharsets.UTF_8);
    }

    /// Sends a datum in every wrong place.
    private void misplace(ServerProcess server, String datum) {
        String text = encoded(datum);
        String line = "GET /cardsecure/cs?action=HI&data=12345678 HTTP/1.1\r\nHost: localhost\r\n";
        List<String> requests = new ArrayList<>();
        for (String action : List.of(
                "CV", "CP", "CT", "CD", "AV", "AD", "PV", "PD", "SV", "SD", "HI", "CE", "AE", "SE", "EC", "DE", "CZ",
                "ER", "ce")) {
            if (!(action + datum).matches("(CE|AE|SE)[-0-9/]+")) {
                requests.add(get("action=" + action + "&data=" + text));
            }
        }
        for (String action : List.of("CR", "AR", "SR")) {
            requests.add(get("action=" + action + "&data=" + encoded(encrypted("x" + datum))));
            requests.add(get("action=" + action + "&data=" + text));
        }
        requests.add(get("action=PR&data=" + encoded(encrypted(datum + "\n"))));
        requests.add(get("action=CR&data=%7B%22version%22:%22" + text + "%22%7D&ectype=apple"));
        requests.add(get("action=CR&data=%7B%22protocolVersion%22:%22ECv1%22,%22" + text + "%22:1%7D"));
        requests.add(get("action=CR&data=" + text + "&ectype=" + text));
        requests.add(get("action=CR&data=AAAA&ectype=apple&eckey=" + text + "&ecsig=" + text + "&ectid=" + text));
        requests.add(get("action=CE&data=" + text + "00000000000000000000000000000000"));
        requests.add(get("action=CE&data=x" + text));
        requests.add(get("action=" + text + "&data=1"));
        requests.add(get("data=" + text));
        requests.add(get("action=CE&data=1&type=" + text));
        requests.add(get("action=EC&data=" + VISA + "&keyid=" + text));
        requests.add(get("action=DE&data=E01" + text));
        requests.add(get("action=CE&data=1&" + text + "=" + text + "&pan=" + text));
        requests.add(get("action=CE&data=" + text + "%"));
        requests.add(get("action=CE&data=" + text + "%zz&type=json"));
        requests.add(get("action=CE&data=" + text + "\u00ff"));
        requests.add(get(text + "%C3=" + text));
        requests.add(get("action=CE&data=" + text).replace("localhost", text));
        requests.add(get("action=CE&data=" + text).replace("localhost", "a b " + datum));
        requests.add(get("action=CE&data=" + text).replace("/cs?", "/cs/" + text + "?"));
        requests.add(get("action=CE&data=" + text).replace("/cardsecure", "/" + datum));
        requests.add(get("action=CE&data=" + text).replace("GET", datum.replaceAll("[^0-9A-Za-z]", "")));
        requests.add(get("action=CE&data=" + text).replace("HTTP/1.1", "HTTP/1.0"));
        requests.add(get("action=CE&data=" + text).replace("HTTP/1.1", "HTTP/" + datum));
        requests.add(get("action=CE&data=" + text + "&x=" + "y".repeat(20_000)));
        requests.add("GET /cardsecure/cs?action=CE&data=" + text + " HTTP/1.1\r\n\r\n");
        requests.add("GET http://" + datum + "@localhost:" + datum + "/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
        requests.add("PUT /cardsecure/cs?data=" + text + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        requests.add(line + "X-Card: " + datum + "\r\nCookie: c=" + datum + "\r\nUser-Agent: " + datum + "\r\n\r\n");
        requests.add(line + datum + ": x\r\n\r\n");
        requests.add(line + datum + "\r\n\r\n");
        requests.add(line + "X-Card: " + datum + "\u0001\u0007\r\n\r\n");
        requests.add(line + "Origin: " + datum + "\r\nReferer: https://shop.example.com/?" + datum + "\r\n\r\n");
        requests.add(line + "Content-Length: " + datum + "\r\n\r\n");
        requests.add(line + "Transfer-Encoding: " + datum + "\r\n\r\n");
        requests.add(line + "Expect: " + datum + "\r\nConnection: " + datum + "\r\n\r\n");
        requests.add(line + "Content-Type: " + datum + "\r\nAccept: " + datum + "\r\n\r\n");
        requests.add(line.replace("GET", "POST") + "Transfer-Encoding: chunked\r\n\r\n" + datum + "\r\n\r\n");
        requests.add(
                line.replace("GET", "POST") + "Content-Type: text/plain\r\nContent-Length: 99999999\r\n\r\n" + datum);
        requests.addAll(misplacedInSoap(datum));
        misplaceInRfc(server, datum);
        requests.add(datum);
        requests.add(datum + "\r\n\r\n");
        requests.forEach(request -> sendAlone(server, request));
    }

    /// As function modules over SOAP.
    private static List<String> misplacedInSoap(String datum) {
        String call = "<Z_CARDSECURE xmlns=\"urn:sap-com:document:sap:rfc:functions\"><I_ACTION>CV</I_ACTION>"
                + "<I_DATA>*</I_DATA><I_PARAMS>unique=true</I_PARAMS></Z_CARDSECURE>";
        List<String> bodies = new ArrayList<>();
        for (String place : List.of("*", "CV", "unique=true", "I_DATA", "Z_CARDSECURE", "</Z_CARDSECURE>")) {
            bodies.add(call.replace(place, datum));
        }
        bodies.add(call.replace("*", datum + "&" + datum + ";"));
        bodies.add(call.replace("*", datum.repeat(40)));
        bodies.add(datum);
        List<String> requests = new ArrayList<>();
        for (String body : bodies) {
            String envelope = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>" + body
                    + "</s:Body></s:Envelope>";
            byte[] bytes = envelope.getBytes(StandardCharsets.UTF_8);
            requests.add(
                    "POST /sap/bc/soap/rfc HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nContent-Length: "
                            + bytes.length + "\r\n\r\n" + envelope);
        }
        return requests;
    }

    /// As a caller of function modules who takes one field for another, while frames are dumped.
    private void misplaceInRfc(ServerProcess server, String datum) {
        byte[] text = datum.getBytes(StandardCharsets.UTF_16LE);
        for (RfcCall call : List.<RfcCall>of(
                client -> client.act("CV", datum).toString(),
                client -> client.act("CT", datum + "x").toString(),
                client -> client.call(datum, Map.of(), List.of()).toString(),
                client -> client.call("Z_CARDSECURE", Map.of(datum, text), List.of())
                        .toString(),
                client -> client.call("Z_CARDSECURE", Map.of("I_ACTION", text), List.of(datum))
                        .toString(),
                client -> client.of(datum).act("HI", "12345678").toString())) {
            try (RfcClient client = RfcClient.abap(server.rfcPort())) {
                replies.add(call.over(client));
            } catch (IOException ended) {
                replies.add("");
            }
        }
    }

    /// A call, and what is shown of its result.
    @FunctionalInterface
    private interface RfcCall {
        String over(RfcClient client) throws IOException;
    }

    private static String get(String query) {
        return "GET /cardsecure/cs?" + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    private void sendAlone(ServerProcess server, String request) {
        try (Client client = server.client()) {
            client.send(request);
            client.endSending();
            replies.add(client.readToEnd());
        } catch (IOException reset) {
            replies.add("");
        }
    }

    /// Commands with data where they do not belong.
    private void administer() throws Exception {
        AdminClient admin = new AdminClient(data);
        List<AdminRequest> requests = List.of(
                new AdminRequest.Status(),
                new AdminRequest.SiteList(),
                new AdminRequest.SiteShow("dev"),
                new AdminRequest.SiteShow(VISA),
                new AdminRequest.SiteShow(PERSON),
                new AdminRequest.SiteRemove(VISA, true),
                new AdminRequest.SiteAdd(PERSON, Map.of()),
                new AdminRequest.SiteAdd("dev", Map.of("hosts", "localhost")),
                new AdminRequest.SiteSet("dev", Map.of(VISA, "on")),
                new AdminRequest.SiteSet("dev", Map.of("hosts", PERSON)),
                new AdminRequest.SiteSet("dev", Map.of("default", VISA)),
                new AdminRequest.SiteSet("dev", Map.of("open", VISA)),
                new AdminRequest.SiteSet("dev", Map.of("format-C", VISA, "origins", VISA, "gift-cards", VISA)));
        for (AdminRequest request : requests) {
            replies.add(admin.call(request, _ -> {}).toString());
        }
        AdminReply.Answer opened = admin.call(
                new AdminRequest.SiteSet("dev", Map.of("open", "tokenize,verify,purge,bin,encrypt,decrypt")), _ -> {});
        assertThat(opened).isInstanceOf(AdminReply.Done.class);
    }

    /// The replies that are there to show data.
    private void reveal(ServerProcess server) throws IOException {
        try (Client client = server.client()) {
            for (Map.Entry<String, String> entry : tokenized.entrySet()) {
                String domain = entry.getValue().substring(0, 1);
                String clear = client.call(domain + "D", entry.getValue().substring(1));
                assertThat(clear).isEqualTo(domain.equals("S") ? entry.getKey().replace("-", "") : entry.getKey());
            }
            for (String card : CARDS) {
                String ciphertext = client.call("EC", card);
                replies.add(ciphertext);
                assertThat(client.call("DE", ciphertext)).isEqualTo(card);
            }
        }
    }

    private void purgeSome(ServerProcess server) throws IOException {
        try (Client client = server.client()) {
            for (String token : List.copyOf(tokenized.values())) {
                replies.add(client.call(token.charAt(0) + "P", token.substring(1)));
                replies.add(client.call(token.charAt(0) + "D", token.substring(1)));
            }
        }
    }
}
