package cardsecure.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningTimeTest {
    private static final Instant GUIDE = Instant.parse("2014-01-01T00:00:01Z");

    @ParameterizedTest
    @ValueSource(strings = {"2014-01-01T 00:00:01Z", "2014-01-01T00:00:01Z"})
    void theBlankAfterTheTMayBeThere(String text) {
        assertThat(SigningTime.parse(text)).contains(GUIDE);
    }

    @Test
    void aTimeIsWrittenAsTheGuideHasIt() {
        assertThat(SigningTime.format(GUIDE)).isEqualTo("2014-01-01T 00:00:01Z");
        assertThat(SigningTime.format(GUIDE.plusMillis(999))).isEqualTo("2014-01-01T 00:00:01Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2014-01-01 00:00:01Z",
                "2014-01-01T  00:00:01Z",
                "2014-01-01T+00:00:01Z",
                "2014-01-01T 00:00:01",
                "2014-01-01T 00:00:01z",
                "2014-01-01T 00:00:01+00:00",
                "2014-01-01T 00:00:01.000Z",
                " 2014-01-01T 00:00:01Z",
                "2014-01-01T 00:00:01Z ",
                "2014-01-01T 00:00:01Z\n",
                "2014-02-30T 00:00:01Z",
                "2014-13-01T 00:00:01Z",
                "2014-00-01T 00:00:01Z",
                "2014-01-01T 24:00:00Z",
                "2014-01-01T 00:60:00Z",
                "2016-12-31T 23:59:60Z",
                "14-01-01T 00:00:01Z",
                "+2014-01-01T 00:00:01Z",
                "\u0662\u0660\u0661\u0664-01-01T 00:00:01Z",
                "1388534401"
            })
    void nothingElseIsATime(String text) {
        assertThat(SigningTime.parse(text)).isEmpty();
    }
}
