package cardsecure.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "off",
                "127.0.0.1:6080",
                "0.0.0.0:0",
                "[::1]:6080",
                "[fe80::1%eth0]:443",
                "tokens.example.com:65535"
            })
    void writesWhatItRead(String text) {
        assertThat(Listen.parse(text)).hasToString(text);
    }

    @Test
    void takesAPortAloneForOneOfTheLoopbackAddress() {
        assertThat(Listen.parse("6080")).isEqualTo(new Listen.At("127.0.0.1", 6080));
        assertThat(Listen.parse("0")).isEqualTo(new Listen.At("127.0.0.1", 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "on",
                "OFF",
                ":",
                ":80",
                "localhost",
                "localhost:",
                "::1:80",
                "[::1]",
                "[::1]80",
                "[localhost]:80",
                "host:65536",
                "host:-1",
                "host:99999999999999999999",
                "host:+1",
                " 80",
                "a b:80",
                "a/b:80",
                "-a:80",
                "host:80:90",
                "[::1:80",
                "host:8０",
                "[]:80"
            })
    void refusesWhatIsNoListener(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Listen.parse(text))
                .withMessageMatching("a .+ is .+");
    }
}
