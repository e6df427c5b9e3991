package cardsecure.vault;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.card.Domain;
import cardsecure.site.Right;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ActionTest {
    @Test
    void theFirstLetterPicksTheDomain() {
        for (Action action : Action.values()) {
            if (action != Action.EC && action != Action.DE && action != Action.TD) {
                action.domain().ifPresent(domain -> assertThat(action.name()).startsWith("" + domain.letter()));
            }
        }
        assertThat(Arrays.stream(Action.values())
                        .filter(action -> action.domain().isEmpty()))
                .containsExactly(Action.KG, Action.HI);
    }

    @Test
    void whatCallersKeepThemselvesAreCardsWhateverTheFirstLetter() {
        assertThat(Action.EC.domain()).hasValue(Domain.CARD);
        assertThat(Action.DE.domain()).hasValue(Domain.CARD);
        assertThat(Action.TD.domain()).hasValue(Domain.CARD);
    }

    @Test
    void theSecondLetterPicksWhatIsDone() {
        for (Action action : Action.values()) {
            char second = action.name().charAt(1);
            assertThat(second)
                    .isEqualTo(
                            switch (action.kind()) {
                                case TOKENIZE -> 'E';
                                case TOKENIZE_ENCRYPTED -> 'R';
                                case TOKENIZE_SWIPE -> 'Z';
                                case VERIFY -> 'V';
                                case PURGE -> 'P';
                                case BIN_VIEW -> 'T';
                                case DETOKENIZE, TAKE -> 'D';
                                case ENCRYPT -> 'C';
                                case DECRYPT -> 'E';
                                case PUBLIC_KEY -> 'G';
                                case ECHO -> 'I';
                            });
        }
    }

    @Test
    void clearDataTakeTheRightToDecrypt() {
        assertThat(Action.Kind.DETOKENIZE.right()).hasValue(Right.DECRYPT);
        assertThat(Action.Kind.DECRYPT.right()).hasValue(Right.DECRYPT);
        assertThat(Action.Kind.TAKE.right()).hasValue(Right.DECRYPT);
        assertThat(Action.Kind.ENCRYPT.right()).hasValue(Right.ENCRYPT);
        assertThat(Action.Kind.ECHO.right()).isEmpty();
        assertThat(Action.Kind.PUBLIC_KEY.right()).isEmpty();
    }

    @Test
    void codesAreFoundAsTheyAreWritten() {
        assertThat(Action.values())
                .allSatisfy(action -> assertThat(Action.of(action.name())).hasValue(action));
        assertThat(Action.of("ce")).isEmpty();
        assertThat(Action.of("ER")).isEmpty();
    }
}
