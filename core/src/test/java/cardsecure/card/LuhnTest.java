package cardsecure.card;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Seeded;
import cardsecure.TestCards;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LuhnTest {
    @Test
    void allPublicTestCardsAreValid() {
        assertThat(TestCards.CARDS).allMatch(card -> Luhn.isValid(ascii(card)));
    }

    @Test
    void allDocumentedTokensAreValid() {
        assertThat(TestCards.DOCUMENTED_TOKENS).allMatch(token -> Luhn.isValid(ascii(token)));
    }

    @Test
    void nothingIsNotValid() {
        assertThat(Luhn.isValid(new byte[0])).isFalse();
    }

    @Test
    void everyWrongDigitIsFound() {
        for (String card : TestCards.CARDS) {
            for (int place = 0; place < card.length(); place++) {
                for (char digit = '0'; digit <= '9'; digit++) {
                    byte[] changed = ascii(card);
                    changed[place] = (byte) digit;
                    assertThat(Luhn.isValid(changed)).isEqualTo(digit == card.charAt(place));
                }
            }
        }
    }

    @Test
    void exchangedNeighboursAreFoundButForNinesAndNoughts() {
        Seeded.forAll(500, random -> {
            byte[] number = valid(random);
            int place = random.nextInt(number.length - 1);
            byte left = number[place];
            byte right = number[place + 1];
            boolean unseen = left == right || Math.abs(left - right) == 9;
            number[place] = right;
            number[place + 1] = left;
            assertThat(Luhn.isValid(number)).isEqualTo(unseen);
        });
    }

    @Test
    void theCheckDigitMakesANumberValid() {
        Seeded.forAll(500, random -> assertThat(Luhn.isValid(valid(random))).isTrue());
    }

    @Test
    void theCompletingDigitMakesANumberValidAtAnyPlace() {
        Seeded.forAll(500, random -> {
            byte[] number = digits(random);
            int place = random.nextInt(number.length);
            byte[] before = number.clone();
            number[place] = Luhn.completing(number, place);
            assertThat(Luhn.isValid(number)).isTrue();
            before[place] = number[place];
            assertThat(number).isEqualTo(before);
        });
    }

    @Test
    void itAgreesWithTheSlowWayByHand() {
        Seeded.forAll(1000, random -> {
            byte[] number = digits(random);
            assertThat(Luhn.isValid(number)).isEqualTo(validByHand(new String(number, StandardCharsets.US_ASCII)));
        });
    }

    /// ISO/IEC 7812-1, annex B, step by step: double every second digit from the right, add up all decimal digits.
    private static boolean validByHand(String number) {
        StringBuilder all = new StringBuilder();
        String reversed = new StringBuilder(number).reverse().toString();
        for (int i = 0; i < reversed.length(); i++) {
            int digit = reversed.charAt(i) - '0';
            all.append(i % 2 == 1 ? 2 * digit : digit);
        }
        return all.chars().map(c -> c - '0').sum() % 10 == 0;
    }

    private static byte[] valid(RandomGenerator random) {
        byte[] number = digits(random);
        number[number.length - 1] = Luhn.checkDigit(number, number.length - 1);
        return number;
    }

    private static byte[] digits(RandomGenerator random) {
        byte[] number = new byte[2 + random.nextInt(20)];
        for (int i = 0; i < number.length; i++) {
            number[i] = (byte) ('0' + random.nextInt(10));
        }
        return number;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
