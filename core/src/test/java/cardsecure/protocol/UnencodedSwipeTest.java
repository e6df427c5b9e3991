package cardsecure.protocol;

import static cardsecure.TestCards.text;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.error.ErrorCode;
import cardsecure.vault.Call;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What a reader typed, and a client put into a request without encoding it.
class UnencodedSwipeTest {
    private static Call decode(String query) {
        return FormDecoder.decode(query.getBytes(StandardCharsets.ISO_8859_1), new byte[0])
                .call();
    }

    private static String data(String query) {
        return decode(query) instanceof Call.Decoded decoded
                ? text(decoded.data().orElseThrow())
                : "malformed";
    }

    @Test
    void dataOfASwipeThatAreNotEncodedComeAsTheyAre() {
        assertThat(data("action=CZ&data=02E8%*40**^DOE/JANE Q^?*;40=1?+")).isEqualTo("02E8%*40**^DOE/JANE Q^?*;40=1?+");
        assertThat(data("action=CZ&data=%B4005^A+B%20C?")).isEqualTo("%B4005^A+B%20C?");
        assertThat(data("data=%&action=CZ")).isEqualTo("%");
    }

    @Test
    void dataOfASwipeThatAreEncodedAreDecoded() {
        assertThat(data("action=CZ&data=%25*40%2B+x")).isEqualTo("%*40+ x");
    }

    @Test
    void aFrameInBinaryFormIsNoUtf8() {
        Call call = decode("action=CZ&data=%02%E8%01%FF+%03");

        assertThat(call)
                .isInstanceOfSatisfying(
                        Call.Decoded.class,
                        decoded -> assertThat(decoded.data().orElseThrow().reveal())
                                .containsExactly(0x02, 0xE8, 0x01, 0xFF, ' ', 0x03));
    }

    @Test
    void allElseMustBeEncoded() {
        for (String query : new String[] {
            "action=CE&data=%*40",
            "data=%*40",
            "action=CZ&data=%25*40&type=%x",
            "action=CE&data=4&data=%*",
            "action=CE&data=%*&data=4",
            "action=CZ&d%ta=%*40"
        }) {
            assertThat(decode(query))
                    .as(query)
                    .isInstanceOfSatisfying(
                            Call.Malformed.class,
                            malformed -> assertThat(malformed.code()).isEqualTo(ErrorCode.ILLEGAL_CHARACTERS));
        }
    }

    @Test
    void theFirstDataCountThatAreEncoded() {
        assertThat(data("action=CZ&data=%*1&data=good")).isEqualTo("good");
        assertThat(data("action=CZ&data=%*1&data=%*2")).isEqualTo("%*1");
    }
}
