package cardsecure.card;

import static cardsecure.TestCards.secret;
import static cardsecure.TestCards.text;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.error.ErrorCode;
import org.junit.jupiter.api.Test;

class AccountNumberTest {
    @Test
    void fourToSeventeenDigitsAreAnAccountNumber() {
        assertThat(refused("123")).isEqualTo(ErrorCode.DATA_TOO_SHORT);
        assertThat(AccountNumber.parse(secret("1234")).visibleDigits()).isEqualTo(new VisibleDigits.Ends("12", "1234"));
        assertThat(AccountNumber.parse(secret("1".repeat(17))).domain()).isEqualTo(Domain.ACCOUNT);
        assertThat(refused("1".repeat(18))).isEqualTo(ErrorCode.DATA_TOO_LONG);
    }

    @Test
    void theFirstBrokenRuleAnswers() {
        assertThat(refused("x")).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("x".repeat(18))).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("12 34")).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
    }

    @Test
    void itIsKeptAsItCameAndPrintsNoDigit() {
        AccountNumber number = AccountNumber.parse(secret(TestCards.ACCOUNT));

        assertThat(text(number.normalised())).isEqualTo(TestCards.ACCOUNT);
        assertThat(number).hasToString("AccountNumber[13 digits]");
    }

    private static ErrorCode refused(String text) {
        return Refusals.codeOf(() -> AccountNumber.parse(secret(text)));
    }
}
