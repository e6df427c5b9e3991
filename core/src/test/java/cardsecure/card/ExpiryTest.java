package cardsecure.card;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExpiryTest {
    private static final YearMonth NOW = YearMonth.of(2026, 2);

    private static Optional<Expiry> of(String text, int at) {
        return Expiry.ofYymm(text.getBytes(StandardCharsets.US_ASCII), at);
    }

    @Test
    void yearAndMonthAreRead() {
        assertThat(of("x2911x", 1)).contains(new Expiry(2029, 11));
        assertThat(of("0001", 0)).contains(new Expiry(2000, 1));
        assertThat(new Expiry(2005, 3).yymm()).isEqualTo("0503");
        assertThat(new Expiry(2005, 3).mmyy()).isEqualTo("0305");
    }

    @Test
    void whatIsNoMonthIsNoExpiry() {
        for (String text : List.of("2900", "2913", "29", "", "29x1", "****", "291/")) {
            assertThat(of(text, 0)).as(text).isEmpty();
        }
        assertThat(of("2911", 1)).isEmpty();
        assertThat(of("2911", -1)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> new Expiry(2029, 13));
        assertThatIllegalArgumentException().isThrownBy(() -> new Expiry(1999, 12));
    }

    @Test
    void noCardIsIssuedForMoreThanTwentyYears() {
        assertThat(new Expiry(2046, 2).isPlausible(NOW)).isTrue();
        assertThat(new Expiry(2046, 3).isPlausible(NOW)).isFalse();
        assertThat(new Expiry(2000, 1).isPlausible(NOW)).isTrue();
        assertThat(new Expiry(2049, 12).isPlausible(NOW)).isTrue();
    }

    @Test
    void itIsNotPrinted() {
        assertThat(new Expiry(2029, 11)).hasToString("Expiry[****]");
    }
}
