package cardsecure.card;

import static cardsecure.TestCards.secret;
import static cardsecure.TestCards.text;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.error.ErrorCode;
import org.junit.jupiter.api.Test;

class SocialSecurityNumberTest {
    @Test
    void bothWaysOfWritingAreOneNumber() {
        String digits = TestCards.SSN.replace("-", "");

        assertThat(text(SocialSecurityNumber.parse(secret(TestCards.SSN)).normalised()))
                .isEqualTo(digits);
        assertThat(text(SocialSecurityNumber.parse(secret(digits)).normalised()))
                .isEqualTo(digits);
        assertThat(SocialSecurityNumber.parse(secret(digits)).visibleDigits())
                .isEqualTo(new VisibleDigits.Ends("07", "1120"));
        assertThat(SocialSecurityNumber.parse(secret(digits)).domain()).isEqualTo(Domain.SOCIAL_SECURITY);
    }

    @Test
    void nineDigitsAreANumber() {
        assertThat(refused("12345678")).isEqualTo(ErrorCode.DATA_TOO_SHORT);
        assertThat(refused("1234567890")).isEqualTo(ErrorCode.DATA_TOO_LONG);
    }

    @Test
    void hyphensCountAtTheirPlacesOnly() {
        assertThat(refused("0780-5-1120")).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("078-051120")).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("078--5-1120")).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("078-05-112x")).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("078-05-11201")).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("078 05 1120")).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
    }

    @Test
    void itPrintsNoDigit() {
        assertThat(SocialSecurityNumber.parse(secret(TestCards.SSN_OTHER)).toString())
                .doesNotContainPattern("[0-9]");
    }

    private static ErrorCode refused(String text) {
        return Refusals.codeOf(() -> SocialSecurityNumber.parse(secret(text)));
    }
}
