package cardsecure.card;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrackDataTest {
    private static final String ONE = "%B" + TestCards.AMEX + "^DOE/JANE Q^2911201000000?";
    private static final String TWO = ";" + TestCards.AMEX + "=29112010000?";

    @Test
    void panAndExpiryAreFoundOnEitherTrack() {
        for (String text : List.of(ONE, TWO)) {
            TrackData track = TrackData.parse(secret(text));
            assertThat(TestCards.text(track.pan().normalised())).isEqualTo(TestCards.AMEX);
            assertThat(track.expiry()).contains(new Expiry(2029, 11));
            assertThat(TestCards.text(track.text())).isEqualTo(text);
        }
        assertThat(TrackData.parse(secret(ONE)).kind()).isEqualTo(TrackData.Kind.ONE);
        assertThat(TrackData.parse(secret(TWO)).kind()).isEqualTo(TrackData.Kind.TWO);
    }

    @Test
    void panAndExpiryHaveTheirOwnRules() {
        String wrong = TestCards.AMEX.substring(0, 14) + "4";
        TrackData track = TrackData.parse(secret(";" + wrong + "=29132010000?"));
        assertThat(Refusals.codeOf(track::pan)).isEqualTo(ErrorCode.LUHN_FAILED);
        assertThat(track.expiry()).isEmpty();
    }

    @Test
    void whatIsCutOffAnywhereIsRefused() {
        for (String text : List.of(ONE, TWO)) {
            for (int length = 0; length < text.length(); length++) {
                String cut = text.substring(0, length);
                assertThat(Refusals.codeOf(() -> TrackData.parse(secret(cut))))
                        .as(cut)
                        .isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
            }
        }
    }

    @Test
    void whatIsNoBankCardsTrackIsRefused() {
        for (String text : List.of(
                "+" + TestCards.AMEX + "=2911?",
                ONE.replace("%B", "%A"),
                ONE.replace("DOE", "doe"),
                ONE.replace("DOE", "D?E"),
                ONE.replace("DOE", "D%E"),
                ONE.replace("DOE", "D".repeat(60)),
                TWO.replace("0000", "0".repeat(30)),
                TWO.replace("=", "^"),
                ";" + TestCards.MAESTRO_19 + "0=2911201?",
                ";41111111111=2911201?",
                ";" + TestCards.AMEX + "=291?")) {
            assertThat(Refusals.codeOf(() -> TrackData.parse(secret(text))))
                    .as(text)
                    .isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
        }
    }

    @Test
    void itPrintsNothingOfTheCard() {
        TrackData track = TrackData.parse(secret(TWO));
        assertThat(track).hasToString("TrackData[TWO, " + TWO.length() + " characters]");
        assertThat(track).isEqualTo(TrackData.parse(secret(TWO))).hasSameHashCodeAs(TrackData.parse(secret(TWO)));
        assertThat(track).isNotEqualTo(TrackData.parse(secret(ONE)));
        track.destroy();
        assertThat(track.text().reveal()).containsOnly(0);
    }
}
