package cardsecure.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 127.0.0.1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
        "::ffff:10.0.0.1, 10.0.0.1, true"
    })
    void containsTheAddressesOfItsPrefix(String range, String address, boolean expected) {
        assertThat(AddressRange.parse(range).contains(InetAddress.ofLiteral(address)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "10.0.0.0/33",
                "::/129",
                "10.0.0.1/8",
                "2001:db8::1/64",
                "10.0.0/8",
                "010",
                "256.0.0.1",
                "1.2.3.4/",
                "1.2.3.4/-1",
                "::1%lo",
                ":::",
                "10.0.0.0/8 ",
                "fe80::/10/2"
            })
    void refusesWhatIsNoRange(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.parse(text));
    }

    @Test
    void isWrittenAsItIsRead() {
        for (String text : new String[] {"10.0.0.0/8", "192.0.2.1", "2001:db8:0:0:0:0:0:0/32", "0:0:0:0:0:0:0:1"}) {
            assertThat(AddressRange.parse(text)).hasToString(text).isEqualTo(AddressRange.parse(text));
        }
        assertThat(AddressRange.parse("::1")).hasToString("0:0:0:0:0:0:0:1");
    }
}
