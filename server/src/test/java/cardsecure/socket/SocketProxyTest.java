package cardsecure.socket;

import static cardsecure.TestCards.VISA;
import static cardsecure.socket.SocketClient.framed;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.audit.AuditEvent;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.WhenFull;
import cardsecure.site.AddressRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A proxy in front of the listener, which tells whom it speaks for.
@Timeout(60)
class SocketProxyTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    /// From 192.0.2.1 to 10.0.0.1.
    private static final String FOR_A_CLIENT = chars(SIGNATURE + "2111000c" + "c0000201" + "0a000001" + "d43105a3");
    private static final String FOR_ITSELF = chars(SIGNATURE + "20000000");
    private static final AddressRange LOOPBACK = AddressRange.parse("127.0.0.0/8");
    private static final AddressRange ELSEWHERE = AddressRange.parse("198.51.100.0/24");

    private SocketFixture fixture;

    @BeforeEach
    void start() throws Exception {
        fixture = new SocketFixture();
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private SocketClient client(List<AddressRange> addresses, AddressRange proxies) throws IOException {
        ListenerConfig config =
                SocketFixture.config(Kind.SOCKET, 10, WhenFull.WAIT, Optional.empty(), addresses, List.of(proxies));
        return SocketClient.to(fixture.start(config).address().port());
    }

    private List<String> refusals() {
        return fixture.audit().stream()
                .filter(AuditEvent.Refused.class::isInstance)
                .map(AuditEvent.Refused.class::cast)
                .map(refused -> refused.code() + " " + refused.address())
                .toList();
    }

    @Test
    void theCallerIsWhomTheProxySpeaksFor() throws Exception {
        try (SocketClient client = client(List.of(), LOOPBACK)) {
            client.send(FOR_A_CLIENT + framed("CE", "frisbee"));
            assertThat(client.read().data()).isEqualTo("0008::Data not decimal digits");
        }
        assertThat(refusals()).containsExactly("0008 192.0.2.1");
    }

    @Test
    void theHeaderMayComeByteByByte() throws Exception {
        try (SocketClient client = client(List.of(), LOOPBACK)) {
            for (char each : (FOR_A_CLIENT + framed("HI", "12345678")).toCharArray()) {
                client.send(String.valueOf(each));
            }
            assertThat(client.read().data()).isEqualTo("CardSecure Server OK");
        }
    }

    @Test
    void clearDataDoNotLeaveForAClientThatIsElsewhere() throws Exception {
        try (SocketClient near = client(List.of(), LOOPBACK);
                SocketClient far = client(List.of(), LOOPBACK)) {
            near.send(FOR_ITSELF);
            String token = near.call("CE", VISA);
            assertThat(near.call("CD", token)).isEqualTo(VISA);
            far.send(FOR_A_CLIENT);
            assertThat(far.call("CD", token)).isEqualTo("0071::Unauthorized decrypt");
        }
    }

    @Test
    void theListenerAllowsClientsNotTheirProxy() throws Exception {
        try (SocketClient stranger = client(List.of(ELSEWHERE), LOOPBACK);
                SocketClient known = client(List.of(AddressRange.parse("192.0.2.0/24")), LOOPBACK)) {
            stranger.send(FOR_A_CLIENT + framed("HI", "12345678"));
            assertThat(stranger.read().data()).isEqualTo("0047::Unauthorized host");
            known.send(FOR_A_CLIENT + framed("HI", "12345678"));
            assertThat(known.read().data()).isEqualTo("CardSecure Server OK");
        }
        assertThat(refusals()).containsExactly("0047 192.0.2.1");
    }

    @Test
    void nobodyElseIsBelieved() throws Exception {
        try (SocketClient client = client(List.of(), ELSEWHERE);
                SocketClient liar = client(List.of(), ELSEWHERE)) {
            assertThat(client.call("HI", "12345678")).isEqualTo("CardSecure Server OK");
            liar.send(FOR_A_CLIENT + framed("HI", "12345678"));
            assertThat(liar.read().data()).isEqualTo("0039::Wrong message length");
        }
        assertThat(refusals()).containsExactly("0039 127.0.0.1");
    }

    @Test
    void aProxyThatSaysSomethingElseIsCutOff() throws Exception {
        for (String other : List.of(framed("HI", "12345678"), chars(SIGNATURE + "11110000"), chars(SIGNATURE + "21"))) {
            try (SocketClient client = client(List.of(), LOOPBACK)) {
                client.send(other);
                client.endSending();
                assertThat(readToEndOrReset(client)).isEmpty();
            }
        }
    }

    @Test
    void aProxyThatSaysNothingIsCutOff() throws Exception {
        Duration brief = Duration.ofSeconds(1);
        Duration lasting = SocketFixture.LONG;
        SocketTimes times = new SocketTimes(lasting, lasting, brief, lasting, lasting, Duration.ofMillis(5));
        ListenerConfig config =
                SocketFixture.config(Kind.SOCKET, 10, WhenFull.WAIT, Optional.empty(), List.of(), List.of(LOOPBACK));
        SocketFront front = fixture.start(config, times, Optional.empty());
        try (SocketClient client = SocketClient.to(front.address().port())) {
            client.send(chars(SIGNATURE));
            assertThat(client.readToEnd()).isEmpty();
        }
        Waiting.until(() -> front.counts().cutOff() == 1);
    }

    /// Bytes, each a char.
    private static String chars(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
    }

    /// What was not read when the connection was closed resets it.
    private static String readToEndOrReset(SocketClient client) {
        try {
            return client.readToEnd();
        } catch (IOException _) {
            return "";
        }
    }
}
