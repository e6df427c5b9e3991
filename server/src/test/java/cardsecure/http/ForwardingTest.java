package cardsecure.http;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.http.Forwarding.Scheme;
import cardsecure.site.AddressRange;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whom proxies speak for. The peer is 10.0.0.1, and all of 10.0.0.0/8 is listed.
class ForwardingTest {
    private static final InetAddress PEER = InetAddress.ofLiteral("10.0.0.1");
    private static final List<AddressRange> PROXIES = List.of(AddressRange.parse("10.0.0.0/8"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        198.51.100.3                            | 198.51.100.3
        198.51.100.3:4711                       | 198.51.100.3
        2001:db8::7                             | 2001:db8:0:0:0:0:0:7
        [2001:db8::7]                           | 2001:db8:0:0:0:0:0:7
        [2001:db8::7]:4711                      | 2001:db8:0:0:0:0:0:7
        ::ffff:198.51.100.3                     | 198.51.100.3
        203.0.113.9, 198.51.100.3               | 198.51.100.3
        203.0.113.9, 198.51.100.3, 10.2.3.4     | 198.51.100.3
        10.9.9.9, 10.2.3.4                      | 10.9.9.9
        203.0.113.9, garbage                    | 10.0.0.1
        203.0.113.9, garbage, 10.2.3.4          | 10.2.3.4
        unknown                                 | 10.0.0.1
        localhost                               | 10.0.0.1
        1.2.3                                   | 10.0.0.1
        999.1.1.1                               | 10.0.0.1
        ,,                                      | 10.0.0.1
        """)
    void theLastHopThatIsNoListedProxyIsTheCaller(String header, String caller) {
        Forwarding told = Forwarding.xForwardedFor(PEER, List.of(header), List.of(), PROXIES);
        assertThat(told.address().getHostAddress()).isEqualTo(caller);
    }

    @Test
    void severalHeadersAreOneList() {
        Forwarding told =
                Forwarding.xForwardedFor(PEER, List.of("203.0.113.9", "198.51.100.3, 10.1.1.1"), List.of(), PROXIES);
        assertThat(told.address().getHostAddress()).isEqualTo("198.51.100.3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
        for=198.51.100.3                                        | 198.51.100.3         | UNTOLD
        For="198.51.100.3:4711"                                 | 198.51.100.3         | UNTOLD
        for="[2001:db8::7]:4711";proto=https                    | 2001:db8:0:0:0:0:0:7 | HTTPS
        proto=https; by=10.0.0.1 ;for=198.51.100.3              | 198.51.100.3         | HTTPS
        for=203.0.113.9, for=198.51.100.3;proto=http            | 198.51.100.3         | OTHER
        for=198.51.100.3;proto=https, for=10.1.1.1;proto=http   | 198.51.100.3         | OTHER
        for=203.0.113.9;proto=https, for=198.51.100.3           | 198.51.100.3         | UNTOLD
        for=203.0.113.9;proto=https, for=unknown                | 10.0.0.1             | UNTOLD
        for=198.51.100.3;proto=https, for=10.1.1.1              | 198.51.100.3         | HTTPS
        for=198.51.100.3;host="a,b;for=10.1.1.1"                | 198.51.100.3         | UNTOLD
        for=203.0.113.9, for=unknown                            | 10.0.0.1             | UNTOLD
        for=203.0.113.9, for=_hidden                            | 10.0.0.1             | UNTOLD
        for=203.0.113.9, proto=https                            | 10.0.0.1             | HTTPS
        for="198.51.100.3                                       | 10.0.0.1             | UNTOLD
        nonsense                                                | 10.0.0.1             | UNTOLD
        """)
    void forwardedIsReadAsRfc7239HasIt(String header, String caller, Scheme scheme) {
        Forwarding told = Forwarding.forwarded(PEER, List.of(header), PROXIES);
        assertThat(told.address().getHostAddress()).isEqualTo(caller);
        assertThat(told.scheme()).isEqualTo(scheme);
    }

    @Test
    void aProxyThatHidesItsClientDoesNotSpeakForItself() {
        assertThat(Forwarding.forwarded(PEER, List.of("for=_hidden"), PROXIES).told())
                .isTrue();
        assertThat(Forwarding.xForwardedFor(PEER, List.of("unknown"), List.of(), PROXIES)
                        .told())
                .isTrue();
        assertThat(Forwarding.forwarded(PEER, List.of(), PROXIES).told()).isFalse();
    }

    @Test
    void headersWithoutEndAreReadInPlainTime() {
        String header = "for=\"" + "\\\"".repeat(8000);
        assertThat(Forwarding.forwarded(PEER, List.of(header), PROXIES).address())
                .isEqualTo(PEER);
    }
}
