package cardsecure.http;

import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.audit.AuditEvent;
import cardsecure.config.LimitsConfig;
import cardsecure.server.Client;
import cardsecure.server.Client.Answer;
import cardsecure.server.TestServer;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Clients that ask for too much, send nonsense, are slow or go away. After each the server still serves others, and
/// no fault of its own stands in the log.
@Timeout(60)
class HttpLimitsTest {
    private static final String ECHO = "action=HI&data=12345678";
    private static final String OK = "action=HI&data=CardSecure+Server+OK";
    private static final String TYPE = "Content-Type: application/x-www-form-urlencoded\r\n";
    private static final String POST = "POST /cardsecure/cs HTTP/1.1\r\nHost: localhost\r\n" + TYPE;
    private static final int KIB = 1024;

    @TempDir
    Path temporary;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final CountDownLatch heldUp = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);
        LimitsConfig usual = LimitsConfig.defaults();
        server = TestServer.on(
                temporary.resolve("data"),
                new LimitsConfig(
                        4 * KIB, 4 * KIB, 8 * KIB, 9_999, 500, 1, 500, 100, Duration.ofSeconds(5), usual.stopTimeout()),
                this::holdUp);
    }

    @AfterEach
    void servesOthersAndHasNoFaults() throws Exception {
        try {
            await();
        } finally {
            server.close();
            ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).detachAppender(log);
        }
        assertThat(log.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
    }

    /// One request at a time is worked on, so the last one may still be on its way out.
    private void await() throws IOException {
        Answer answer;
        do {
            try (Client other = server.client()) {
                answer = other.get(ECHO);
            }
        } while (answer.status() == 503);
        assertThat(answer.body()).isEqualTo(OK);
    }

    @Test
    void aRequestTargetOverTheLimitIs414() throws Exception {
        try (Client client = server.client()) {
            client.send("GET /cardsecure/cs?" + ECHO + "&x=" + "y".repeat(5 * KIB) + " HTTP/1.1\r\nHost: h\r\n\r\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 414 ");
        }
        try (Client client = server.client()) {
            assertThat(client.get(ECHO + "&x=" + "y".repeat(3 * KIB)).body()).isEqualTo(OK);
        }
    }

    @Test
    void headersOverTheLimitAreRefused() throws Exception {
        try (Client client = server.client()) {
            client.send("GET /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "y".repeat(5 * KIB)
                    + "\r\n\r\n");
            assertThat(client.readToEnd()).containsPattern("^HTTP/1.1 4(00|31) ");
        }
        try (Client client = server.client()) {
            client.send("GET /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\n" + "X-Many: y\r\n".repeat(500)
                    + "\r\n");
            assertThat(client.readToEnd()).containsPattern("^HTTP/1.1 4(00|31) ");
        }
    }

    @Test
    void aBodyThatSaysItIsOverTheLimitIsRefusedBeforeItIsSent() throws Exception {
        for (String length : List.of("8193", "100000000", "2147483648", "9223372036854775807")) {
            try (Client client = server.client()) {
                client.send(POST + "Content-Length: " + length + "\r\n\r\n");
                assertThat(client.readToEnd()).as(length).startsWith("HTTP/1.1 413 ");
            }
        }
        try (Client client = server.client()) {
            client.send(POST + "Content-Length: 100000\r\nExpect: 100-continue\r\n\r\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 413 ");
        }
        try (Client client = server.client()) {
            String body = ECHO + "&x=" + "y".repeat(8 * KIB - ECHO.length() - 3);
            assertThat(client.exchange(POST + "Content-Length: " + body.length() + "\r\n\r\n" + body)
                            .body())
                    .isEqualTo(OK);
        }
    }

    @Test
    void nonsenseForALengthIs400() throws Exception {
        for (String length : List.of("-1", "ten", "9223372036854775808", "1, 2", "+5")) {
            try (Client client = server.client()) {
                client.send(POST + "Content-Length: " + length + "\r\n\r\n");
                assertThat(client.readToEnd()).as(length).startsWith("HTTP/1.1 400 ");
            }
        }
    }

    @Test
    void chunksWithoutEndAreAnsweredAndCutOff() throws Exception {
        try (Client client = server.client()) {
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\n");
            String chunk = "400\r\n" + "y".repeat(KIB) + "\r\n";
            int sent = 0;
            try {
                while (sent < 100_000) {
                    client.send(chunk);
                    sent++;
                }
            } catch (IOException cut) {
                assertThat(sent).isLessThan(50_000);
            }
            assertThat(sent).isLessThan(100_000);
        }
        try (Client client = server.client()) {
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\n" + ("400\r\n" + "y".repeat(KIB) + "\r\n").repeat(8)
                    + "1\r\ny\r\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 413 ");
        }
        try (Client client = server.client()) {
            String half = "action=HI";
            String rest = "&data=12345678";
            String chunks = Integer.toHexString(half.length()) + "\r\n" + half + "\r\n"
                    + Integer.toHexString(rest.length()) + "\r\n" + rest + "\r\n0\r\n\r\n";
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
            assertThat(client.readToEnd()).contains("Connection: close\r\n").endsWith("\r\n" + OK);
        }
    }

    /// Bytes where a proxy would see the end of a chunk are not looked at: what follows must not be a request.
    @Test
    void nothingBehindABodyInChunksIsTakenForARequest() throws Exception {
        String get = "GET /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for (String end : List.of("\r\n", "XX")) {
            try (Client client = server.client()) {
                client.send(POST + "Transfer-Encoding: chunked\r\n\r\n17\r\n" + ECHO + end + "0\r\n\r\n" + get);
                String answer = client.readToEnd();
                assertThat(answer).startsWith("HTTP/1.1 200 ");
                assertThat(answer.indexOf("HTTP/1.1", 1)).isEqualTo(-1);
            }
        }
    }

    @Test
    void aRequestCutOffAtAnyByteIsNobodysFault() throws Exception {
        String get = "GET /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String post = POST + "Content-Length: " + ECHO.length() + "\r\n\r\n" + ECHO;
        String chunked = POST + "Transfer-Encoding: chunked\r\n\r\n17\r\n" + ECHO + "\r\n0\r\n\r\n";
        for (String whole : List.of(get, post, chunked)) {
            for (int length = 0; length < whole.length(); length++) {
                try (Client client = server.client()) {
                    client.send(whole.substring(0, length));
                }
                try (Client client = server.client()) {
                    client.send(whole.substring(0, length));
                    client.endSending();
                    assertThat(client.readToEnd())
                            .as("after " + length + " bytes")
                            .doesNotContain("200 OK");
                }
            }
        }
    }

    @Test
    void aSlowClientIsAnswered() throws Exception {
        String request = POST + "Content-Length: " + ECHO.length() + "\r\n\r\n" + ECHO;
        try (Client client = server.client()) {
            for (int i = 0; i < request.length(); i++) {
                client.send(request.substring(i, i + 1));
            }
            assertThat(client.read().body()).isEqualTo(OK);
        }
    }

    @Test
    void garbageIsAnsweredOrCutOff() throws Exception {
        byte[] garbage = new byte[1 << 20];
        new Random(1).nextBytes(garbage);
        String bytes = new String(garbage, StandardCharsets.ISO_8859_1);
        for (String start :
                List.of("", "GET ", "GET /cardsecure/cs?", "GET /cardsecure/cs HTTP/1.1\r\n", POST + "\r\n")) {
            try (Client client = server.client()) {
                client.send(start + bytes);
                assertThat(client.readToEnd()).as(start).doesNotContain("500 ");
            } catch (IOException cut) {
                assertThat(cut).isNotInstanceOf(java.net.SocketTimeoutException.class);
            }
        }
    }

    @Test
    void whoComesWhenTooMuchIsWorkedOnIsToldSoAtOnce() throws Exception {
        try (Client first = server.client()) {
            String token = first.call("CE", VISA);
            // Its purge is being recorded, so this one is worked on, and it is all that may be.
            first.send("GET /cardsecure/cs?action=CP&data=" + token + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            heldUp.await();
            try (Client other = server.client()) {
                Answer refused = other.get(ECHO);
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("Retry-After")).contains("1");
                assertThat(refused.header("Access-Control-Allow-Origin")).contains("*");
                assertThat(refused.body()).isEqualTo("503 Service Unavailable");
            }
        } finally {
            goOn.countDown();
        }
    }

    @Test
    void aBodyWhoseChunksAreNoneIs400AndTheEnd() throws Exception {
        try (Client client = server.client()) {
            client.send(POST + "Transfer-Encoding: chunked\r\n\r\nzz\r\nGET /cardsecure/cs?" + ECHO
                    + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 400 ").doesNotContain("200 OK");
        }
    }

    @Test
    void whoSendsHalfABodyKeepsNobodyOutAndIsCutOff() throws Exception {
        try (Client silent = server.client()) {
            silent.send(POST + "Content-Length: " + ECHO.length() + "\r\n\r\naction");
            try (Client other = server.client()) {
                assertThat(other.get(ECHO).body()).isEqualTo(OK);
            }
            assertThat(silent.readToEnd()).doesNotContain("200 OK");
        }
    }

    /// RFC 9112, section 9.6: who closes says so, or the client's pool sends its next request into nothing.
    @Test
    void whoseBodyIsNotReadIsToldThatTheConnectionEnds() throws Exception {
        String body = "Content-Length: " + ECHO.length() + "\r\n\r\n" + ECHO;
        String host = " HTTP/1.1\r\nHost: localhost\r\n" + TYPE;
        for (String request : List.of(
                "POST /x" + host + body,
                "PUT /cardsecure/cs" + host + body,
                "OPTIONS /cardsecure/cs" + host + body,
                "GET /cardsecure/cs?" + ECHO + host + body,
                "GET /cardsecure/cs?action=XX" + host + body,
                "POST /health/live" + host + body,
                "PUT /sap/bc/soap/rfc" + host + body,
                "GET /sap/bc/soap/wsdl11" + host + body,
                POST + "Content-Length: 8193\r\n\r\n")) {
            try (Client client = server.client()) {
                client.send(request);
                String answer = client.readToEnd();
                assertThat(answer).as(request).startsWith("HTTP/1.1 ").contains("\r\nConnection: close\r\n");
                assertThat(answer.indexOf("HTTP/1.1", 1)).as(request).isEqualTo(-1);
            }
        }
    }

    @Test
    void whoseBodyIsReadOrEmptyKeepsTheConnection() throws Exception {
        try (Client client = server.client()) {
            for (String request : List.of(
                    POST + "Content-Length: " + ECHO.length() + "\r\n\r\n" + ECHO,
                    POST + "Content-Length: 0\r\n\r\n",
                    "PUT /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
                    "POST /sap/bc/soap/rfc HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n<x>")) {
                assertThat(client.exchange(request).header("Connection"))
                        .as(request)
                        .isEmpty();
            }
            assertThat(client.get(ECHO).body()).isEqualTo(OK);
        }
    }

    @Test
    void aHeadThatIsCutOffGetsNoAnswerAndNoLineInTheLog() throws Exception {
        String head = "GET /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\n";
        for (int length = 1; length <= head.length(); length++) {
            try (Client client = server.client()) {
                client.send(head.substring(0, length));
                client.endSending();
                assertThat(client.readToEnd()).as("after " + length + " bytes").isEmpty();
            }
        }
        assertThat(linesOfTheWebServer()).isEmpty();
        assertThat(server.audit()).isEmpty();
    }

    @Test
    void whatIsNoRequestIs400AndOneLineInTheLog() throws Exception {
        String get = " /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        List<String> bad = List.of(
                "G\u0001T" + get,
                "G(T" + get,
                "\u00e9" + get,
                // A body that its length denies, and what is behind it.
                POST + "Content-Length: 0\r\n\r\n" + ECHO + "GET" + get,
                "GET" + get + ECHO + "GET" + get);
        for (String request : bad) {
            try (Client client = server.client()) {
                client.send(request);
                assertThat(client.readToEnd())
                        .as(request)
                        .contains("HTTP/1.1 400 Bad Request\r\n")
                        .endsWith("400 Bad Request");
            }
        }
        assertThat(linesOfTheWebServer()).isEmpty();
        assertThat(server.audit())
                .filteredOn(event -> event instanceof AuditEvent.Refused refused
                        && refused.code().equals("400"))
                .hasSameSizeAs(bad);
    }

    private List<String> linesOfTheWebServer() {
        return log.list.stream()
                .filter(event -> event.getLoggerName().startsWith("io.helidon.webserver"))
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    private void holdUp(AuditEvent event) {
        if (event instanceof AuditEvent.Purged) {
            heldUp.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
