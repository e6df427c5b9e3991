package cardsecure.card;

import static cardsecure.TestCards.secret;
import static cardsecure.TestCards.text;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.error.ErrorCode;
import org.junit.jupiter.api.Test;

class BankAccountTest {
    @Test
    void theVendorsExampleIsReadAlthoughItsRoutingNumberIsNone() {
        BankAccount account = BankAccount.parse(secret(TestCards.BANK_ACCOUNT), false);

        assertThat(text(account.normalised())).isEqualTo(TestCards.BANK_ACCOUNT);
        assertThat(account.domain()).isEqualTo(Domain.CARD);
        assertThat(account.visibleDigits()).isEqualTo(new VisibleDigits.Ends("12", "1234"));
    }

    @Test
    void theCheckDigitOfTheRoutingNumberCountsWhereTheSiteWantsIt() {
        assertThat(refused(TestCards.BANK_ACCOUNT, true)).isEqualTo(ErrorCode.TOKEN_FORMAT_BAD);
        assertThat(BankAccount.parse(secret(TestCards.BANK_ACCOUNT_ABA), true).visibleDigits())
                .isEqualTo(new VisibleDigits.Ends("02", "0123"));
    }

    @Test
    void theSlashMakesTheDifference() {
        assertThat(BankAccount.looksLikeOne(secret("1/2"))).isTrue();
        assertThat(BankAccount.looksLikeOne(secret("/"))).isTrue();
        assertThat(BankAccount.looksLikeOne(secret(TestCards.VISA))).isFalse();
        assertThat(BankAccount.looksLikeOne(secret(""))).isFalse();
    }

    @Test
    void routingNumbersHaveNineDigits() {
        assertThat(refused("12345678/1234", false)).isEqualTo(ErrorCode.DATA_TOO_SHORT);
        assertThat(refused("1234567890/1234", false)).isEqualTo(ErrorCode.DATA_TOO_LONG);
        assertThat(refused("/1234", false)).isEqualTo(ErrorCode.DATA_TOO_SHORT);
    }

    @Test
    void accountNumbersHaveFourToSeventeenDigits() {
        assertThat(refused("123456789/123", false)).isEqualTo(ErrorCode.DATA_TOO_SHORT);
        BankAccount.parse(secret("123456789/1234"), false);
        BankAccount.parse(secret("123456789/" + "1".repeat(17)), false);
        assertThat(refused("123456789/" + "1".repeat(18), false)).isEqualTo(ErrorCode.DATA_TOO_LONG);
        assertThat(refused("123456789/", false)).isEqualTo(ErrorCode.DATA_TOO_SHORT);
    }

    @Test
    void theFirstBrokenRuleAnswers() {
        assertThat(refused("1/x", true)).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("x/1", true)).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("123456789/1/2", false)).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("1/" + "1".repeat(18), true)).isEqualTo(ErrorCode.DATA_TOO_SHORT);
        assertThat(refused("1".repeat(10) + "/1", true)).isEqualTo(ErrorCode.DATA_TOO_SHORT);
        assertThat(refused("123456789/" + "1".repeat(18), true)).isEqualTo(ErrorCode.DATA_TOO_LONG);
    }

    @Test
    void itPrintsNoDigitOfTheAccount() {
        assertThat(BankAccount.parse(secret(TestCards.BANK_ACCOUNT), false)).hasToString("BankAccount[26 bytes]");
    }

    private static ErrorCode refused(String text, boolean routingCheck) {
        return Refusals.codeOf(() -> BankAccount.parse(secret(text), routingCheck));
    }
}
