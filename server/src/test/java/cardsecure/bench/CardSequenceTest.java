package cardsecure.bench;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.card.Pan;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CardSequenceTest {
    @Test
    void givesPansAndNoneTwiceAlsoAcrossTheEnd() {
        CardSequence cards = new CardSequence(CardSequence.SIZE - 500);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            byte[] digits = CardSequence.digits(cards.next());
            Pan pan = Pan.parse(SecretBytes.copyOf(digits));
            assertThat(pan.binView()).isEqualTo(new String(CardSequence.binView(), StandardCharsets.US_ASCII));
            assertThat(seen.add(new String(digits, StandardCharsets.US_ASCII))).isTrue();
        }
    }
}
