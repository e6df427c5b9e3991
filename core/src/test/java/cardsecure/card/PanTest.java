package cardsecure.card;

import static cardsecure.TestCards.secret;
import static cardsecure.TestCards.text;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.Seeded;
import cardsecure.TestCards;
import cardsecure.error.ErrorCode;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PanTest {
    @Test
    void everyPublicTestCardIsRead() {
        assertThat(TestCards.CARDS).allSatisfy(card -> {
            Pan pan = Pan.parse(secret(card));
            assertThat(text(pan.normalised())).isEqualTo(card);
            assertThat(pan.domain()).isEqualTo(Domain.CARD);
        });
    }

    @Test
    void twelveToNineteenDigitsAreAPan() {
        assertThat(refused(TestCards.cardOf("4", 11))).isEqualTo(ErrorCode.DATA_TOO_SHORT);
        for (int length = 12; length <= 19; length++) {
            String card = TestCards.cardOf("4", length);
            assertThat(text(Pan.parse(secret(card)).normalised())).isEqualTo(card);
        }
        assertThat(refused(TestCards.cardOf("4", 20))).isEqualTo(ErrorCode.DATA_TOO_LONG);
    }

    @Test
    void theAnswersOfTheRealServiceAreKept() {
        assertThat(refused("frisbee")).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("4".repeat(32))).isEqualTo(ErrorCode.DATA_TOO_LONG);
        assertThat(refused("4")).isEqualTo(ErrorCode.DATA_TOO_SHORT);
        assertThat(refused("4444333322221112")).isEqualTo(ErrorCode.LUHN_FAILED);
    }

    @Test
    void theFirstBrokenRuleAnswers() {
        // Each breaks all the rules after its own, too.
        assertThat(refused("x")).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("x".repeat(20))).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("91")).isEqualTo(ErrorCode.DATA_TOO_SHORT);
        assertThat(refused("9".repeat(19) + "0")).isEqualTo(ErrorCode.DATA_TOO_LONG);
        assertThat(refused("9441149619831112")).isEqualTo(ErrorCode.LUHN_FAILED);
        assertThat(refused("9441149619831111")).isEqualTo(ErrorCode.TOKEN_FORMAT_BAD);
    }

    @Test
    void nothingButAsciiDigitsIsADigit() {
        assertThat(refused("4444 3333 2222 1111")).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("4444-3333-2222-1111")).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused(TestCards.VISA + "\n")).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("\u0664".repeat(16))).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("\uFF14".repeat(16))).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
        assertThat(refused("+" + TestCards.VISA.substring(1))).isEqualTo(ErrorCode.NOT_DECIMAL_DIGITS);
    }

    @Test
    void noReasonRepeatsTheNumber() {
        String wrong = "4444333322221112";

        assertThat(Refusals.of(() -> Pan.parse(secret(wrong))).reason()).doesNotContainPattern("[0-9]{4}");
    }

    @Test
    void itPrintsItselfMasked() {
        assertThat(Pan.parse(secret(TestCards.VISA_ONES))).hasToString("411111******1111");
        assertThat(Pan.parse(secret(TestCards.MAESTRO_12))).hasToString("********0009");
        assertThat(Pan.parse(secret(TestCards.MAESTRO_19))).hasToString("679999*********0019");
    }

    @Test
    void theBinViewShowsSixDigitsAndIsACardNumberOfTheSameLength() {
        assertThat(Pan.parse(secret(TestCards.VISA)).binView()).isEqualTo("4444330000000007");
        assertThat(Pan.parse(secret(TestCards.VISA_ONES)).binView()).isEqualTo("4111110000000005");
        assertThat(TestCards.CARDS)
                .allSatisfy(card -> assertThat(Pan.parse(secret(card)).binView())
                        .hasSameSizeAs(card)
                        .startsWith(card.substring(0, 6))
                        .containsPattern("^[0-9]{6}0+[0-9]$")
                        .matches(view -> Luhn.isValid(view.getBytes(StandardCharsets.US_ASCII))));
    }

    @Test
    void theFirstTwoAndTheLastFourAreVisible() {
        assertThat(Pan.parse(secret(TestCards.AMEX)).visibleDigits()).isEqualTo(new VisibleDigits.Ends("37", "0005"));
    }

    @Test
    void equalNumbersAreEqual() {
        assertThat(Pan.parse(secret(TestCards.VISA)))
                .isEqualTo(Pan.parse(secret(TestCards.VISA)))
                .hasSameHashCodeAs(Pan.parse(secret(TestCards.VISA)))
                .isNotEqualTo(Pan.parse(secret(TestCards.VISA_ONES)));
    }

    @Test
    void everyTextIsAPanOrIsRefusedByNumber() {
        Seeded.forAll(2000, random -> {
            byte[] bytes = new byte[random.nextInt(24)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(20) == 0 ? random.nextInt(256) : '0' + random.nextInt(10));
            }
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            if (text.matches("[0-8][0-9]{11,18}") && Luhn.isValid(bytes)) {
                Pan.parse(SecretBytes.copyOf(bytes));
            } else {
                Refusals.codeOf(() -> Pan.parse(SecretBytes.copyOf(bytes)));
            }
        });
    }

    private static ErrorCode refused(String text) {
        return Refusals.codeOf(() -> Pan.parse(secret(text)));
    }
}
