package cardsecure.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class SubnetTest {
    @Test
    void eachIpv4AddressStandsForItself() {
        assertThat(of("192.0.2.1"))
                .isEqualTo(of("192.0.2.1"))
                .isNotEqualTo(of("192.0.2.2"))
                .isEqualTo(of("::ffff:192.0.2.1"));
    }

    @Test
    void aSixtyFourOfIpv6IsOne() {
        assertThat(of("2001:db8::1")).isEqualTo(of("2001:db8::ffff:1:2:3")).isNotEqualTo(of("2001:db8:0:1::1"));
    }

    @Test
    void theTwoKindsAreNeverTheSame() {
        assertThat(of("0.0.0.0")).isNotEqualTo(of("::"));
    }

    private static Subnet of(String address) {
        return Subnet.of(InetAddress.ofLiteral(address));
    }
}
