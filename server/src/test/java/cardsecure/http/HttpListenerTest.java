package cardsecure.http;

import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.config.Listen;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.ProxyHeader;
import cardsecure.config.ListenerConfig.WhenFull;
import cardsecure.config.TlsConfig;
import cardsecure.server.Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a listener is told to do: for whom it serves, how many, how long it waits, and whom it believes.
@Timeout(60)
class HttpListenerTest {
    private static final String ECHO = "action=HI&data=12345678";
    private static final String OK = "action=HI&data=CardSecure+Server+OK";
    private static final String GET = "GET /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\n";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path temporary;

    private Fronts fronts(ListenerConfig... listeners) throws Exception {
        return new Fronts(temporary.resolve("data"), TlsConfig.defaults(), listeners);
    }

    @Test
    void aListenersSiteGoesBeforeTheHostName() throws Exception {
        try (Fronts fronts = fronts(Fronts.open(Kind.HTTP), Fronts.guarded(Kind.HTTP, Optional.of("shop")))) {
            try (Client client = fronts.client(1)) {
                assertThat(client.call("HI", "12345678")).isEqualTo("0055::Missing or unknown site name");
            }
            fronts.addSite("shop", Map.of());
            try (Client byHost = fronts.client(0);
                    Client bySite = fronts.client(1)) {
                String token = bySite.call("CE", VISA);
                fronts.setSite("shop", Map.of("open", "tokenize,verify"));
                assertThat(bySite.call("CV", token)).isEqualTo("Token Found");
                assertThat(byHost.call("CV", token)).isEqualTo("Token Not Found");
            }
        }
    }

    @Test
    void anAddressThatAListenerDoesNotServeIs0047() throws Exception {
        try (Fronts fronts = fronts(
                        Fronts.guarded(Kind.HTTP, Optional.empty(), "192.0.2.0/24", "2001:db8::/32"),
                        Fronts.guarded(Kind.HTTP, Optional.empty(), "192.0.2.0/24", "127.0.0.1"));
                Client refused = fronts.client(0);
                Client served = fronts.client(1)) {
            Client.Answer answer = refused.get(ECHO);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.data()).isEqualTo("0047::Unauthorized host");
            assertThat(answer.header("X-Error-Id")).isPresent();
            assertThat(answer.header("Connection")).contains("close");
            assertThat(refused.readToEnd()).isEmpty();
            assertThat(fronts.refused()).containsExactly("0047 127.0.0.1");
            assertThat(served.get(ECHO).body()).isEqualTo(OK);
        }
    }

    @Test
    void aListenerInTheClearThatOthersMayReachIsWarnedOf() throws Exception {
        Listen.At everywhere = new Listen.At("0.0.0.0", 0);
        try (Fronts fronts = fronts(
                Fronts.open(Kind.HTTP),
                Fronts.open(Kind.HTTP).withAddress(everywhere),
                Fronts.open(Kind.SOCKET).withAddress(new Listen.At("::", 0)),
                Fronts.open(Kind.SOCKET),
                Fronts.open(Kind.HTTPS).withAddress(everywhere))) {
            assertThat(fronts.warnings())
                    .filteredOn(line -> line.contains("IN CLEAR"))
                    .containsExactly(
                            "IN CLEAR: http 0.0.0.0:" + fronts.port(1) + " has no TLS, and other machines may reach it:"
                                    + " whoever is on the way reads card numbers",
                            "IN CLEAR: socket [::]:" + fronts.port(2) + " has no TLS, and other machines may reach it:"
                                    + " whoever is on the way reads card numbers");
        }
    }

    @Test
    void aConnectionOverTheLimitWaitsForAPlace() throws Exception {
        try (Fronts fronts = fronts(Fronts.tight(Kind.HTTP, 1, WhenFull.WAIT, MINUTE));
                Client first = fronts.client(0);
                Client second = fronts.client(0)) {
            assertThat(first.get(ECHO).body()).isEqualTo(OK);
            second.send(GET + "\r\n");
            assertThat(first.get(ECHO).body()).isEqualTo(OK);
            first.endSending();
            assertThat(second.read().body()).isEqualTo(OK);
        }
    }

    @Test
    void aConnectionOverTheLimitIsClosedIfTheListenerIsToldSo() throws Exception {
        try (Fronts fronts = fronts(Fronts.tight(Kind.HTTP, 1, WhenFull.REFUSE, MINUTE));
                Client first = fronts.client(0)) {
            assertThat(first.get(ECHO).body()).isEqualTo(OK);
            try (Client second = fronts.client(0)) {
                assertThat(second.readToEnd()).isEmpty();
            }
            assertThat(first.get(ECHO).body()).isEqualTo(OK);
        }
    }

    @Test
    void whoSendsAHeadByteByByteIsCutOffThoughNeverSilent() throws Exception {
        try (Fronts fronts = fronts(Fronts.tight(Kind.HTTP, 10, WhenFull.WAIT, Duration.ofSeconds(2)));
                Socket slow = new Socket(InetAddress.getLoopbackAddress(), fronts.port(0))) {
            slow.setSoTimeout(50);
            int sent = 0;
            boolean open = true;
            while (open && sent < GET.length()) {
                try {
                    slow.getOutputStream().write(GET.charAt(sent));
                    sent++;
                    open = slow.getInputStream().read() >= 0;
                } catch (SocketTimeoutException _) {
                    open = true;
                } catch (IOException _) {
                    open = false;
                }
            }
            assertThat(sent).isBetween(1, GET.length() - 1);
        }
    }

    @Test
    void aSilentConnectionIsClosedBeforeAndBetweenRequests() throws Exception {
        try (Fronts fronts = fronts(Fronts.tight(Kind.HTTP, 10, WhenFull.WAIT, Duration.ofSeconds(1)));
                Client silent = fronts.client(0);
                Client once = fronts.client(0)) {
            assertThat(silent.readToEnd()).isEmpty();
            try (Client later = fronts.client(0)) {
                assertThat(later.get(ECHO).body()).isEqualTo(OK);
                assertThat(later.readToEnd()).isEmpty();
            }
            assertThat(once.readToEnd()).isEmpty();
        }
    }

    @Test
    void aClientThatReadsNoAnswersIsCutOff() throws Exception {
        try (Fronts fronts = fronts(Fronts.tight(Kind.HTTP, 10, WhenFull.WAIT, Duration.ofSeconds(1)));
                Client deaf = fronts.client(0)) {
            String requests = (GET + "\r\n").repeat(1000);
            boolean open = true;
            int batches = 0;
            while (open && batches < 1000) {
                try {
                    deaf.send(requests);
                    batches++;
                } catch (IOException _) {
                    open = false;
                }
            }
            assertThat(open).isFalse();
            try (Client other = fronts.client(0)) {
                assertThat(other.get(ECHO).body()).isEqualTo(OK);
            }
        }
    }

    @Test
    void aListedProxyTellsWhoCalls() throws Exception {
        try (Fronts fronts = fronts(
                        Fronts.proxied(Kind.HTTP, ProxyHeader.X_FORWARDED_FOR, "127.0.0.1"),
                        Fronts.proxied(Kind.HTTP, ProxyHeader.FORWARDED, "127.0.0.0/8", "192.0.2.7"),
                        Fronts.proxied(Kind.HTTP, ProxyHeader.X_FORWARDED_FOR, "192.0.2.7"));
                Client x = fronts.client(0);
                Client forwarded = fronts.client(1);
                Client unlisted = fronts.client(2)) {
            String bad = "GET /cardsecure/cs?action=XX HTTP/1.1\r\nHost: localhost\r\n";
            x.exchange(bad + "X-Forwarded-For: 203.0.113.9, 198.51.100.3\r\n\r\n");
            forwarded.exchange(bad + "Forwarded: for=203.0.113.9;proto=https, for=192.0.2.7\r\n\r\n");
            unlisted.exchange(bad + "X-Forwarded-For: 198.51.100.3\r\n\r\n");
            assertThat(fronts.refused()).containsExactly("0007 198.51.100.3", "0007 203.0.113.9", "0007 127.0.0.1");
        }
    }

    @Test
    void clearDataDoNotGoThroughAProxyThatDoesNotSayThatItSpeaksTls() throws Exception {
        try (Fronts fronts = fronts(Fronts.proxied(Kind.HTTP, ProxyHeader.X_FORWARDED_FOR, "127.0.0.1"));
                Client client = fronts.client(0)) {
            fronts.setSite("dev", Map.of("open", "tokenize,decrypt"));
            String token = client.call("CE", VISA);
            String request = "GET /cardsecure/cs?action=CD&data=" + token + " HTTP/1.1\r\nHost: localhost\r\n";
            String forClient = request + "X-Forwarded-For: 198.51.100.3\r\n";
            assertThat(client.exchange(request + "\r\n").data()).isEqualTo(VISA);
            assertThat(client.exchange(forClient + "\r\n").data()).isEqualTo("0071::Unauthorized decrypt");
            assertThat(client.exchange(forClient + "X-Forwarded-Proto: http\r\n\r\n")
                            .data())
                    .isEqualTo("0071::Unauthorized decrypt");
            assertThat(client.exchange(forClient + "X-Forwarded-Proto: https, http\r\n\r\n")
                            .data())
                    .isEqualTo("0071::Unauthorized decrypt");
            assertThat(client.exchange(forClient + "X-Forwarded-Proto: https\r\n\r\n")
                            .data())
                    .isEqualTo(VISA);
        }
    }

    /// The header by which a proxy says that 198.51.100.3 calls.
    static String proxied() {
        return "\r\n\r\n\0\r\nQUIT\n!\u0011\0\f" + "\u00c63d\u0003" + "\u007f\0\0\u0001" + "\u00124\0P";
    }

    @Test
    void aListedProxyTellsWhoCallsBeforeAllElse() throws Exception {
        String bad = "GET /cardsecure/cs?action=XX HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (Fronts fronts = fronts(
                Fronts.proxied(Kind.HTTP, ProxyHeader.PROXY_PROTOCOL, "127.0.0.1"),
                Fronts.proxied(Kind.HTTP, ProxyHeader.PROXY_PROTOCOL, "192.0.2.7"))) {
            try (Client client = fronts.client(0)) {
                client.exchange(proxied() + bad);
                client.exchange(bad);
            }
            try (Client inPieces = fronts.client(0)) {
                for (char c : proxied().toCharArray()) {
                    inPieces.send(String.valueOf(c));
                }
                inPieces.exchange(bad);
            }
            try (Client withoutHeader = fronts.client(0)) {
                withoutHeader.send(bad);
                assertThat(withoutHeader.readToEnd()).isEmpty();
            }
            try (Client unlisted = fronts.client(1)) {
                unlisted.exchange(bad);
            }
            assertThat(fronts.refused())
                    .containsExactly("0007 198.51.100.3", "0007 198.51.100.3", "0007 198.51.100.3", "0007 127.0.0.1");
        }
    }
}
