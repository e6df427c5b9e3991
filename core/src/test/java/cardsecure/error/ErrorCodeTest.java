package cardsecure.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ErrorCodeTest {
    @Test
    void theWireFormIsFourDigitsTwoColonsAndTheText() {
        assertThat(ErrorCode.NOT_DECIMAL_DIGITS.wire()).isEqualTo("0008::Data not decimal digits");
        assertThat(ErrorCode.NO_ERROR.wire()).isEqualTo("0000::No error");
        assertThat(ErrorCode.LUHN_FAILED.wire()).isEqualTo("0054::Card number check (Luhn formula) failed");
        assertThat(ErrorCode.INVALID_SWIPE_DATA.digits()).isEqualTo("0078");
    }

    @Test
    void noTwoCodesShareANumberOrAText() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::number)).doesNotHaveDuplicates();
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::text)).doesNotHaveDuplicates();
    }

    @Test
    void noTextEndsLikeASentence() {
        assertThat(ErrorCode.values()).noneMatch(code -> code.text().endsWith("."));
        assertThat(ErrorCode.values()).noneMatch(code -> code.text().contains(" is "));
    }

    @Test
    void aRefusalCarriesItsCodeAndItsReason() {
        Refusal refusal = new Refusal(ErrorCode.DATA_EMPTY, "nothing there");

        assertThat(refusal.code()).isEqualTo(ErrorCode.DATA_EMPTY);
        assertThat(refusal.reason()).isEqualTo("nothing there");
        assertThat(refusal.getStackTrace()).isEmpty();
    }
}
