package cardsecure.vault;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.card.Pan;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Records print what they hold: none of those that carry data may show them.
class ReplyAndCallTest {
    @Test
    void nothingThatCarriesDataPrintsThem() {
        List<Record> carriers = List.of(
                new Call.Decoded(Optional.of("CE"), Optional.of(secret(TestCards.VISA)), false),
                new Request.Tokenize(Action.CE, Pan.parse(secret(TestCards.VISA)), false),
                new Request.Encrypt(Action.EC, Pan.parse(secret(TestCards.VISA)), Optional.empty()),
                new Reply.Revealed(Action.CD, secret(TestCards.VISA)),
                new Reply.Decrypted(Action.DE, "E01", secret(TestCards.VISA)));

        assertThat(carriers)
                .allSatisfy(carrier ->
                        assertThat(carrier.toString()).doesNotContain(TestCards.VISA, TestCards.VISA.substring(6, 12)));
    }
}
