package cardsecure.protocol;

import static cardsecure.protocol.FrameSamples.joined;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Seeded;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyProtocolHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String IPV4 = SIGNATURE + "2111" + "000c" + "c0000201" + "0a000001" + "d431" + "05a3";
    private static final String IPV6 = SIGNATURE + "2121" + "0024" + "20010db8000000000000000000000001"
            + "20010db8000000000000000000000002" + "d431" + "05a3";

    @Test
    void theSourceIsTheClient() {
        assertThat(parsed(IPV4)).isEqualTo(new ProxyProtocolHeader.Proxied(InetAddress.ofLiteral("192.0.2.1")));
        assertThat(parsed(IPV6)).isEqualTo(new ProxyProtocolHeader.Proxied(InetAddress.ofLiteral("2001:db8::1")));
    }

    @Test
    void extensionsAreSkipped() {
        String extended = SIGNATURE + "2111" + "0013" + IPV4.substring(32) + "04000401020304";
        assertThat(parsed(extended)).isEqualTo(parsed(IPV4));
    }

    @Test
    void aHealthCheckAndOtherKindsOfConnectionsAreTheProxysOwn() {
        assertThat(parsed(SIGNATURE + "20000000")).isEqualTo(new ProxyProtocolHeader.Local());
        assertThat(parsed(SIGNATURE + "2011000c" + IPV4.substring(32))).isEqualTo(new ProxyProtocolHeader.Local());
        assertThat(parsed(SIGNATURE + "21000000")).isEqualTo(new ProxyProtocolHeader.Local());
        assertThat(parsed(SIGNATURE + "2131" + "00d8" + "00".repeat(216))).isEqualTo(new ProxyProtocolHeader.Local());
    }

    @Test
    void noByteMoreThanTheHeaderIsAskedFor() {
        for (String header : new String[] {IPV4, IPV6, SIGNATURE + "20000000"}) {
            byte[] whole = HexFormat.of().parseHex(header);
            for (int length = 0; length < whole.length; length++) {
                ProxyProtocolHeader parsed = ProxyProtocolHeader.parse(Arrays.copyOf(whole, length));
                assertThat(parsed).isEqualTo(new ProxyProtocolHeader.Incomplete(length < 16 ? 16 : whole.length));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "46",
                "0d0a0d0a000d0a515549540b",
                SIGNATURE + "11110000",
                SIGNATURE + "22110000",
                SIGNATURE + "2111ffff",
                SIGNATURE + "21110ff1",
                SIGNATURE + "2111000b" + "0000000000000000000000",
                SIGNATURE + "21210000"
            })
    void whatIsNoHeaderIsMalformed(String header) {
        assertThat(parsed(header)).isInstanceOf(ProxyProtocolHeader.Malformed.class);
    }

    @Test
    void theLongestHeaderIsTaken() {
        byte[] whole = joined(HexFormat.of().parseHex(SIGNATURE + "20000ff0"), new byte[4080]);
        assertThat(ProxyProtocolHeader.parse(whole)).isEqualTo(new ProxyProtocolHeader.Local());
    }

    @Test
    void anythingMayCome() {
        Seeded.forAll(2000, random -> {
            byte[] bytes = HexFormat.of().parseHex(random.nextBoolean() ? IPV4 : IPV6);
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            ProxyProtocolHeader parsed =
                    ProxyProtocolHeader.parse(Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
            if (parsed instanceof ProxyProtocolHeader.Incomplete(int length)) {
                assertThat(length).isBetween(16, ProxyProtocolHeader.LENGTH_MAX);
            }
        });
    }

    private static ProxyProtocolHeader parsed(String hex) {
        return ProxyProtocolHeader.parse(HexFormat.of().parseHex(hex));
    }
}
