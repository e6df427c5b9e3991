package cardsecure.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {
    @ParameterizedTest
    @ValueSource(strings = {"1/s", "100/s:300", "6/m", "6/m:1", "1000000/s:1"})
    void isWrittenAsItIsRead(String text) {
        assertThat(Rate.parse(text)).hasToString(text);
    }

    @Test
    void theBurstIsTheCountUnlessItIsGiven() {
        assertThat(Rate.parse("7/s")).isEqualTo(Rate.parse("7/s:7")).isEqualTo(new Rate(7, Rate.Per.SECOND, 7));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "7", "7/", "/s", "7/h", "7/S", "-7/s", "7.5/s", "0/s", "7/s:0", "7/s:", "7/s 9", "1000001/s"
            })
    void refusesWhatIsNoRate(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Rate.parse(text));
    }
}
