package cardsecure.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cardsecure.TestCards;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenFormatTest {
    private final TokenFormat numeric = new TokenFormat.Numeric();
    private final TokenFormat hyphenated = new TokenFormat.Hyphenated();
    private final TokenFormat alphanumeric = new TokenFormat.Alphanumeric();

    @Test
    void documentedTokensAreOfTheirFormats() {
        assertThat(TestCards.DOCUMENTED_TOKENS).allMatch(numeric::matches);
        assertThat(hyphenated.matches("44-hzj9xh9N-1111")).isTrue();
        assertThat(alphanumeric.matches("RE0smitS")).isTrue();
    }

    @Test
    void numericTokensAreLuhnValidNumbersOfSixteenDigitsFromNine() {
        assertThat(numeric.matches("9441149619831112")).isFalse();
        assertThat(numeric.matches(TestCards.VISA)).isFalse();
        assertThat(numeric.matches(TestCards.cardOf("9", 15))).isFalse();
        assertThat(numeric.matches(TestCards.cardOf("9", 17))).isFalse();
        assertThat(numeric.matches("9441149619831111\n")).isFalse();
        assertThat(numeric.matches("")).isFalse();
    }

    @Test
    void hyphenatedTokensHaveTheirHyphensInTheirPlaces() {
        assertThat(hyphenated.matches("44-hzj9xh9-1111")).isFalse();
        assertThat(hyphenated.matches("44hzj9xh9N-1111")).isFalse();
        assertThat(hyphenated.matches("4x-hzj9xh9N-1111")).isFalse();
        assertThat(hyphenated.matches("44-hzj9xh_N-1111")).isFalse();
        assertThat(hyphenated.matches("44-hzj9xh9N-1111 ")).isFalse();
    }

    @Test
    void alphanumericTokensHaveTheirLength() {
        assertThat(alphanumeric.matches("RE0smit")).isFalse();
        assertThat(alphanumeric.matches("RE0smitS1")).isFalse();
        assertThat(alphanumeric.matches("RE0smit\u00df")).isFalse();
        assertThat(new TokenFormat.Alphanumeric(64).matches("a".repeat(64))).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenFormat.Alphanumeric(7));
        assertThatIllegalArgumentException().isThrownBy(() -> new TokenFormat.Alphanumeric(65));
    }

    @Test
    void formatsAreWrittenAsTheyAreRead() {
        for (String text : List.of("numeric", "hyphenated", "alphanumeric", "alphanumeric:9", "alphanumeric:64")) {
            assertThat(TokenFormat.parse(text)).hasToString(text);
        }
        assertThat(TokenFormat.parse("alphanumeric:8")).isEqualTo(alphanumeric);
    }

    @Test
    void otherFormatsAreRefused() {
        List<String> bad = List.of(
                "",
                "Numeric",
                "numeric ",
                "alphanumeric:",
                "alphanumeric:7",
                "alphanumeric:65",
                "alphanumeric:-8",
                "alphanumeric:9999999999",
                "numeric:16");

        assertThat(bad)
                .allSatisfy(text -> assertThatIllegalArgumentException().isThrownBy(() -> TokenFormat.parse(text)));
    }

    @Test
    void aTokenHasLettersDigitsAndHyphensOnly() {
        assertThat(new Token("44-hzj9xh9N-1111")).hasToString("44-hzj9xh9N-1111");
        for (String bad : List.of("", "a b", "a\n", "\u00e4", "a/b", "a".repeat(65))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Token(bad))
                    .withMessage("not a token");
        }
    }
}
