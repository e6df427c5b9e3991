package cardsecure.http;

import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.TestCards;
import cardsecure.audit.AuditEvent;
import cardsecure.server.Client;
import cardsecure.server.Client.Answer;
import cardsecure.server.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The legacy API over real connections, with what clients see of it.
@Timeout(60)
class HttpFrontTest {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String ECHO = "action=HI&data=12345678";
    private static final String OK = "action=HI&data=CardSecure+Server+OK";
    private static final String ILLEGAL = "action=ER&data=0038%3A%3AIllegal+characters";

    @TempDir
    Path temporary;

    private TestServer server;
    private Client client;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.on(temporary.resolve("data"));
        client = server.client();
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        server.close();
    }

    @Test
    void theThreeFormsOfAReplyAreRightToTheByte() throws Exception {
        String token = client.call("CE", VISA);
        assertThat(token).matches("944[0-9]{9}1111");
        String query = "action=CE&data=" + VISA;
        Answer form = client.get(query);
        assertThat(form.body()).isEqualTo("action=CE&data=" + token);
        assertThat(form.header("Content-Type")).contains("text/plain; charset=UTF-8");
        Answer json = client.get(query + "&type=json");
        assertThat(json.body()).isEqualTo("processToken( { \"action\" : \"CE\", \"data\" : \"" + token + "\" } )");
        assertThat(json.header("Content-Type")).contains("text/plain; charset=UTF-8");
        assertThat(json.header("X-Content-Type-Options")).isEmpty();
        Answer xml = client.get(query + "&type=xml");
        assertThat(xml.body())
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?><cardsecure><action>CE</action><data>" + token
                        + "</data></cardsecure>");
        assertThat(xml.header("Content-Type")).contains("text/xml; charset=UTF-8");
        assertThat(client.get(query + "&type=JSON").body()).isEqualTo(form.body());
        for (Answer answer : List.of(form, json, xml)) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Access-Control-Allow-Origin")).contains("*");
            assertThat(answer.header("Cache-Control")).contains("no-store");
        }
    }

    @Test
    void anErrorIsAReplyLikeAnyOtherAndItsIdIsFoundInTheAuditEvent() throws Exception {
        Answer form = client.get("action=CE&data=frisbee");
        assertThat(form.status()).isEqualTo(200);
        assertThat(form.body()).isEqualTo("action=ER&data=0008%3A%3AData+not+decimal+digits");
        assertThat(client.get("action=CE&data=frisbee&type=json").body())
                .isEqualTo("processToken( { \"action\" : \"ER\", \"data\" : \"0008::Data not decimal digits\" } )");
        assertThat(client.get("action=CE&data=frisbee&type=xml").body())
                .endsWith("<action>ER</action><data>0008::Data not decimal digits</data></cardsecure>");
        String id = form.header("X-Error-Id").orElseThrow();
        assertThat(server.audit())
                .filteredOn(event -> event instanceof AuditEvent.Refused refused
                        && refused.errorId().equals(id)
                        && refused.code().equals("0008")
                        && refused.action().equals("CE")
                        && refused.site().equals("dev"))
                .hasSize(1);
    }

    @Test
    void queryAndBodyAreMergedAndTheQueryComesFirst() throws Exception {
        String token = client.call("CE", VISA);
        assertThat(client.post("action=CE", FORM, "data=" + VISA).data()).isEqualTo(token);
        assertThat(client.post("action=CE&data=" + VISA, FORM, "action=HI&data=1")
                        .data())
                .isEqualTo(token);
        assertThat(client.post("", FORM, "action=CE&action=HI&data=" + VISA + "&data=1&cvv=1&callback=f")
                        .data())
                .isEqualTo(token);
        assertThat(client.post("type=xml", FORM, "type=json&" + ECHO).body()).startsWith("<?xml");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                FORM,
                "application/x-www-form-urlencoded; charset=UTF-8",
                "APPLICATION/X-WWW-FORM-URLENCODED",
                "text/plain"
            })
    void aFormIsReadFromTheBodyOfTheseTypes(String type) throws Exception {
        assertThat(client.post("", type, ECHO).body()).isEqualTo(OK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "multipart/form-data; boundary=x"})
    void aBodyOfAnotherTypeIsNoParameters(String type) throws Exception {
        assertThat(client.post("", type, ECHO).data()).isEqualTo("0074::Missing required parameter");
        assertThat(client.get(ECHO).body()).isEqualTo(OK);
    }

    @Test
    void anotherPathIs404AndAnotherMethodIs405() throws Exception {
        for (String path : List.of("/", "/cardsecure", "/cardsecure/cs/", "/cardsecure/CS", "/cardsecure/cs;a=b")) {
            Answer answer = client.exchange("GET " + path + "?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.body()).isEqualTo("404 Not Found");
            assertThat(answer.header("Content-Type")).contains("text/plain; charset=UTF-8");
        }
        for (String method : List.of("PUT", "DELETE", "PATCH", "FROB")) {
            Answer answer =
                    client.exchange(method + " /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(answer.status()).as(method).isEqualTo(405);
            assertThat(answer.header("Allow")).contains("GET, POST, OPTIONS");
        }
    }

    @Test
    void headIs405WithoutABody() throws Exception {
        client.send("HEAD /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(client.readHead()).startsWith("HTTP/1.1 405 ");
        assertThat(client.get(ECHO).body()).isEqualTo(OK);
    }

    @Test
    void everyOriginMayReadRepliesUnlessTheSiteListsItsOwn() throws Exception {
        Answer options = client.exchange(
                "OPTIONS /cardsecure/cs HTTP/1.1\r\nHost: localhost\r\nOrigin: https://shop.example.com\r\n\r\n");
        assertThat(options.status()).isIn(200, 204);
        assertThat(options.header("Access-Control-Allow-Origin")).contains("*");
        assertThat(options.header("Access-Control-Allow-Methods")).contains("GET, POST, OPTIONS");
        server.setSite("dev", Map.of("origins", "https://shop.example.com"));
        assertThat(fromOrigin("https://shop.example.com").header("Access-Control-Allow-Origin"))
                .contains("https://shop.example.com");
        assertThat(fromOrigin("https://other.example.com").header("Access-Control-Allow-Origin"))
                .isEmpty();
        assertThat(client.get(ECHO).header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(client.get(ECHO).header("Vary")).contains("Origin");
    }

    private Answer fromOrigin(String origin) throws IOException {
        return client.exchange(
                "GET /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin + "\r\n\r\n");
    }

    @Test
    void theHostNamesTheSite() throws Exception {
        server.addSite("fts", Map.of("hosts", "pay.example.org"));
        String own = client.call("CE", VISA);
        String ftsToken = atHost("fts.example.com", "action=CE&data=" + VISA).data();
        assertThat(ftsToken).matches("944[0-9]{9}1111").isNotEqualTo(own);
        assertThat(atHost("FTS.example.com:6080", "action=CE&data=" + VISA).data())
                .isEqualTo(ftsToken);
        assertThat(atHost("pay.example.org.", "action=CE&data=" + VISA).data()).isEqualTo(ftsToken);
        assertThat(atHost("127.0.0.1", "action=CE&data=" + VISA).data()).isEqualTo(own);
        assertThat(atHost("[::1]:6080", "action=CE&data=" + VISA).data()).isEqualTo(own);
        server.setSite("dev", Map.of("default", "off"));
        Answer unknown = atHost("nobody.example.com", ECHO);
        assertThat(unknown.status()).isEqualTo(200);
        assertThat(unknown.data()).isEqualTo("0055::Missing or unknown site name");
    }

    private Answer atHost(String host, String query) throws IOException {
        return client.exchange("GET /cardsecure/cs?" + query + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }

    @Test
    void aRequestWithoutAHostIs400() throws Exception {
        assertThat(client.exchange("GET /cardsecure/cs?" + ECHO + " HTTP/1.1\r\n\r\n")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void requestsThatAreSentAheadAreAnsweredInOrder() throws Exception {
        StringBuilder requests = new StringBuilder();
        List<String> cards = new ArrayList<>(TestCards.CARDS);
        cards.addAll(TestCards.CARDS);
        for (String card : cards) {
            requests.append("GET /cardsecure/cs?action=CE&data=")
                    .append(card)
                    .append(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
        }
        client.send(requests.toString());
        Set<String> tokens = new HashSet<>();
        for (String card : cards) {
            String token = client.read().data();
            assertThat(token).startsWith("9" + card.substring(0, 2)).endsWith(card.substring(card.length() - 4));
            tokens.add(token);
        }
        assertThat(tokens).hasSameSizeAs(TestCards.CARDS);
    }

    @Test
    void aConnectionIsClosedWhenTheClientAsksForIt() throws Exception {
        client.send("GET /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ").endsWith(OK);
    }

    @Test
    void aClientThatWaitsForLeaveToSendItsBodyGetsIt() throws Exception {
        Answer leave = client.exchange("POST /cardsecure/cs HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                + ECHO.length() + "\r\nContent-Type: " + FORM + "\r\nExpect: 100-continue\r\n\r\n");
        assertThat(leave.status()).isEqualTo(100);
        assertThat(client.exchange(ECHO).body()).isEqualTo(OK);
        assertThat(client.get(ECHO).body()).isEqualTo(OK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "%4",
                "%zz",
                "%-1",
                "4444%",
                "%C3",
                "%FF",
                "%C0%80",
                "%ED%A0%80",
                "%F4%90%80%80",
                "\u00ff",
                "\u00c3",
                "\u0080",
                "%0",
                "caf\u00e9"
            })
    void whatIsNoFormOrNoUtf8IsIllegalCharactersWhereverItStands(String bad) throws Exception {
        for (String query :
                List.of("action=CE&data=" + bad, bad + "&" + ECHO, ECHO + "&x=" + bad, bad + "=1&" + ECHO)) {
            Answer answer = client.get(query);
            assertThat(answer.status()).as(query).isEqualTo(200);
            assertThat(answer.body()).as(query).isEqualTo(ILLEGAL);
        }
        assertThat(client.post("", FORM, ECHO + "&y=" + bad).body()).isEqualTo(ILLEGAL);
    }

    @Test
    void manyWhoSendOneNewCardAtOnceGetOneToken() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        Set<String> tokens = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answers.add(threads.submit(() -> {
                    try (Client own = server.client()) {
                        start.await();
                        return own.call("CE", VISA);
                    }
                }));
            }
            start.countDown();
            for (Future<String> answer : answers) {
                tokens.add(answer.get());
            }
        }
        assertThat(tokens).singleElement().asString().matches("944[0-9]{9}1111");
    }

    @Test
    void aClosedServerTakesNoConnection() throws Exception {
        int port = server.port();
        server.close();
        assertThatThrownBy(() -> {
                    try (Client late = Client.to(port)) {
                        late.get(ECHO);
                    }
                })
                .isInstanceOf(IOException.class);
    }
}
