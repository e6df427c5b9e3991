package cardsecure.http;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.server.Client;
import cardsecure.server.Client.Answer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What HTTP lets clients do and few do: those that are old, those that talk as if to a proxy, those that ask for too
/// much and still want to read the answer.
@Timeout(60)
class HttpClientsTest extends OneServer {
    private static final String ECHO = "action=HI&data=12345678";
    private static final String OK = "action=HI&data=CardSecure+Server+OK";
    private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";
    private static final int MEGABYTE = 1 << 20;

    private String all(String request) throws Exception {
        try (Client client = server.client()) {
            client.send(request);
            return client.readToEnd();
        }
    }

    @Test
    void clientsOfHttp10AreServedAndTheConnectionIsClosed() throws Exception {
        for (String request : List.of(
                "GET /cardsecure/cs?" + ECHO + " HTTP/1.0\r\n\r\n",
                "GET /cardsecure/cs?" + ECHO + " HTTP/1.0\r\nHost: localhost\r\n\r\n",
                "GET /cardsecure/cs?" + ECHO + " HTTP/1.0\r\nConnection: keep-alive\r\nhost: h\r\n\r\n",
                "POST /cardsecure/cs HTTP/1.0\r\n" + FORM + "Content-Length: " + ECHO.length() + "\r\n\r\n" + ECHO)) {
            assertThat(all(request))
                    .as(request)
                    .startsWith("HTTP/1.1 200 ")
                    .contains("\r\nConnection: close\r\n", "\r\nContent-Length: " + OK.length() + "\r\n")
                    .endsWith("\r\n\r\n" + OK);
        }
        assertThat(all("GET / HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void anHttp10RequestMayComeInPieces() throws Exception {
        String request = "POST /cardsecure/cs HTTP/1.0\r\n" + FORM + "Content-Length: " + ECHO.length() + "\r\n\r\n";
        try (Client client = server.client()) {
            for (char c : (request + ECHO).toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(client.readToEnd()).endsWith(OK);
        }
    }

    @Test
    void chunksAreNoPartOfHttp10() throws Exception {
        assertThat(all("POST /cardsecure/cs HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 505 ");
        assertThat(all("GET /cardsecure/cs HTTP/2.0\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    }

    /// RFC 9110, section 10.1.1: they do not know the answer 100, and would take it for the whole one.
    @Test
    void clientsOfHttp10GetNoLeaveToSendTheirBody() throws Exception {
        for (String expect : List.of("Expect: 100-continue\r\n", "X: y\r\neXPECT:100-continue\r\n")) {
            String start = "POST /cardsecure/cs HTTP/1.0\r\n" + expect + FORM + "Content-Length: " + ECHO.length();
            try (Client client = server.client()) {
                client.send(start + "\r\n\r\n" + ECHO);
                assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n" + OK);
            }
        }
    }

    /// RFC 9112, section 2.2: old clients put a line's end behind a body, where it is no part of it.
    @Test
    void emptyLinesInFrontOfARequestAreSkipped() throws Exception {
        String get = "GET /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String post = "POST /cardsecure/cs HTTP/1.1\r\nHost: localhost\r\n" + FORM + "Content-Length: " + ECHO.length()
                + "\r\n\r\n" + ECHO;
        try (Client client = server.client()) {
            assertThat(client.exchange("\r\n" + get).body()).isEqualTo(OK);
            assertThat(client.exchange(post + "\r\n").body()).isEqualTo(OK);
            assertThat(client.exchange(get).body()).isEqualTo(OK);
            client.send(post + "\r\n" + post + "\r\n\r\n" + get + "\n");
            for (int i = 0; i < 3; i++) {
                assertThat(client.read().body()).isEqualTo(OK);
            }
            for (char c : ("\r\n" + post + "\r\n" + get).toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(client.read().body()).isEqualTo(OK);
            assertThat(client.read().body()).isEqualTo(OK);
        }
        assertThat(all("\r\n" + get.replace("HTTP/1.1", "HTTP/1.0"))).endsWith(OK);
        assertThat(all("\r\n".repeat(1000) + get)).startsWith("HTTP/1.1 400 ");
    }

    /// RFC 9110, section 9.1: methods are case-sensitive.
    @Test
    void aMethodInSmallLettersIsAnotherOne() throws Exception {
        String rest = " /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (Client client = server.client()) {
            for (String method : List.of("get", "Get", "geT", "post", "Post", "options", "optionS")) {
                Answer answer = client.exchange(method + rest);
                assertThat(answer.status()).as(method).isEqualTo(405);
                assertThat(answer.header("Allow")).contains("GET, POST, OPTIONS");
                assertThat(client.get(ECHO).body()).isEqualTo(OK);
            }
            // Ahead of their turn, so that both stand in the same bytes; and each byte alone.
            client.send("GET" + rest + "\r\nget" + rest + "GET" + rest);
            assertThat(List.of(
                            client.read().status(),
                            client.read().status(),
                            client.read().status()))
                    .containsExactly(200, 405, 200);
            for (char c : ("gET" + rest + "GET" + rest).toCharArray()) {
                client.send(String.valueOf(c));
            }
            assertThat(List.of(client.read().status(), client.read().status())).containsExactly(405, 200);
            assertThat(client.exchange("post /sap/bc/soap/rfc HTTP/1.1\r\nHost: localhost\r\n\r\n")
                            .status())
                    .isEqualTo(405);
        }
        assertThat(all("get /cardsecure/cs HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 405 ");
    }

    @Test
    void aTargetMayBeAWholeUriAndItsHostCounts() throws Exception {
        server.addSite("shop", Map.of("open", "tokenize,verify"));
        try (Client client = server.client()) {
            String shop = "GET http://shop.test/cardsecure/cs?action=CE&data=4444333322221111 HTTP/1.1\r\n";
            String token = client.exchange(shop + "Host: dev.test\r\n\r\n").data();
            assertThat(token).startsWith("9");
            assertThat(client.exchange("GET HTTPS://shop.test:6443/cardsecure/cs?action=CV&data=" + token
                                    + " HTTP/1.1\r\nHost: dev.test\r\n\r\n")
                            .data())
                    .isEqualTo("Token Found");
            assertThat(client.exchange("GET /cardsecure/cs?action=CV&data=" + token
                                    + " HTTP/1.1\r\nHost: dev.test\r\n\r\n")
                            .data())
                    .isEqualTo("Token Not Found");
            assertThat(client.exchange("GET http://shop.test/other HTTP/1.1\r\nHost: dev.test\r\n\r\n")
                            .status())
                    .isEqualTo(404);
            assertThat(client.exchange("GET http://shop.test HTTP/1.1\r\nHost: dev.test\r\n\r\n")
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void headIsNotAllowedAndIsToldSoWithoutABody() throws Exception {
        try (Client client = server.client()) {
            client.send("HEAD /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            String head = client.readHead();
            assertThat(head).startsWith("HTTP/1.1 405 ").contains("Allow: GET, POST, OPTIONS");
            assertThat(client.get(ECHO).body()).isEqualTo(OK);
        }
    }

    @Test
    void headersOverTheLimitAre431() throws Exception {
        String start = "GET /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\n";
        for (String headers : List.of("X-Long: " + "y".repeat(20_000) + "\r\n", "X-Many: y\r\n".repeat(2_000))) {
            assertThat(all(start + headers + "\r\n")).startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n");
        }
    }

    @Test
    void whoSendsTooMuchReadsOneAnswerAndThenTheEnd() throws Exception {
        String start = "POST /cardsecure/cs HTTP/1.1\r\nHost: localhost\r\n" + FORM;
        String next = "GET /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        String chunk = "10000\r\n" + "y".repeat(0x10000) + "\r\n";
        for (String body : List.of(
                "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk + "0\r\n\r\n" + next,
                "Transfer-Encoding: chunked\r\n\r\n" + chunk + "1\r\ny\r\n" + next,
                "Content-Length: 130000\r\n\r\n" + "y".repeat(130_000) + next)) {
            String answer = all(start + body);
            assertThat(answer).startsWith("HTTP/1.1 413 ").endsWith("413 Request Entity Too Large");
            assertThat(answer.indexOf("HTTP/1.1", 1)).isEqualTo(-1);
        }
        Answer after;
        try (Client client = server.client()) {
            after = client.get(ECHO);
        }
        assertThat(after.body()).isEqualTo(OK);
    }

    @Test
    void whoSendsFarTooMuchIsCutOff() throws Exception {
        try (Client client = server.client()) {
            client.send(
                    "POST /cardsecure/cs HTTP/1.1\r\nHost: localhost\r\n" + FORM + "Content-Length: 999999999\r\n\r\n");
            boolean open = true;
            int megabytes = 0;
            while (open && megabytes < 100) {
                try {
                    client.send("y".repeat(MEGABYTE));
                    megabytes++;
                } catch (IOException _) {
                    open = false;
                }
            }
            assertThat(megabytes).isLessThan(100);
        }
    }
}
