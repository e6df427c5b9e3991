package cardsecure.card;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cardsecure.TestCards;
import java.util.List;
import org.junit.jupiter.api.Test;

class BinRangeTest {
    @Test
    void bothEndsBelongToTheRange() {
        BinRange range = BinRange.parse("600649-600651");

        assertThat(contains(range, "600648")).isFalse();
        assertThat(contains(range, "600649")).isTrue();
        assertThat(contains(range, "600650")).isTrue();
        assertThat(contains(range, "600651")).isTrue();
        assertThat(contains(range, "600652")).isFalse();
    }

    @Test
    void oneBinIsARangeOfItself() {
        assertThat(BinRange.parse("600649")).isEqualTo(new BinRange("600649", "600649"));
        assertThat(contains(BinRange.parse("600649"), "600649")).isTrue();
        assertThat(contains(BinRange.parse("600649"), "600650")).isFalse();
    }

    @Test
    void twelveDigitsFitTheShortestPan() {
        BinRange range = BinRange.parse(TestCards.MAESTRO_12);

        assertThat(range.contains(Pan.parse(secret(TestCards.MAESTRO_12)))).isTrue();
    }

    @Test
    void itIsWrittenAsItIsRead() {
        for (String text : List.of("600649", "600649-600651", "60064900-60064999")) {
            assertThat(BinRange.parse(text)).hasToString(text);
        }
    }

    @Test
    void whatIsNoRangeIsRefused() {
        List<String> bad = List.of(
                "",
                "-",
                "60064",
                "6006490000000",
                "600649-",
                "-600649",
                "600651-600649",
                "600649-6006499",
                "60064x",
                "600649-600650-600651",
                "899999-900000",
                "944114",
                "\u0666".repeat(6));

        assertThat(bad).allSatisfy(text -> assertThatIllegalArgumentException().isThrownBy(() -> BinRange.parse(text)));
    }

    private static boolean contains(BinRange range, String bin) {
        return range.contains(Pan.parse(secret(TestCards.cardOf(bin, 16))));
    }
}
