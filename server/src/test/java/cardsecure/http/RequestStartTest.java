package cardsecure.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Empty lines and methods, in whatever pieces they come.
class RequestStartTest {
    private final RequestStart start = new RequestStart();

    private int look(String bytes) {
        return start.look(bytes.getBytes(StandardCharsets.ISO_8859_1), bytes.length());
    }

    @Test
    void aFewEmptyLinesAreLeftOutAndNoMore() {
        assertThat(look("\r\nGET / HTTP/1.1\r\n\r\n")).isEqualTo(2);
        start.expect();
        assertThat(look("\r")).isEqualTo(1);
        assertThat(look("\n\n")).isEqualTo(2);
        assertThat(look("GE")).isZero();
        assertThat(look("\r\nT")).isZero();
        start.expect();
        assertThat(look("\r\n".repeat(100))).isEqualTo(8);
        assertThat(look("\r\n")).isZero();
    }

    @Test
    void whatIsBehindTheMethodIsNotLookedAt() {
        assertThat(look("GET ")).isZero();
        assertThat(look("\r\n/a HTTP/1.1\r\n\r\n")).isZero();
        assertThat(start.inCapitals()).isTrue();
    }

    @Test
    void aMethodIsInCapitalsIfAllItsLettersAre() {
        for (String line : List.of("GET /a", "POST /a", "OPTIONS /a", "G-T /a", "OPTIONSandmore /a", " /a")) {
            start.expect();
            look(line);
            assertThat(start.inCapitals()).as(line).isTrue();
        }
        for (String line : List.of("get /a", "Get /a", "geT", "\r\noptionS /a")) {
            start.expect();
            line.chars().forEach(c -> look(Character.toString(c)));
            assertThat(start.inCapitals()).as(line).isFalse();
        }
        start.expect();
        assertThat(start.inCapitals()).isTrue();
    }

    @Test
    void theEndOfAConnectionIsNothingToLookAt() {
        assertThat(start.look(new byte[8], -1)).isZero();
        assertThat(look("\r\nGET /")).isEqualTo(2);
    }
}
