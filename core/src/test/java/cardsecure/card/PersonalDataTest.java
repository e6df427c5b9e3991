package cardsecure.card;

import static cardsecure.TestCards.secret;
import static cardsecure.TestCards.text;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class PersonalDataTest {
    private static final String GRIN = Character.toString(0x1F600);

    @Test
    void printableTextIsKeptAsItCame() {
        for (String each :
                List.of(TestCards.PERSON, " ", "Zo\u00eb M\u00fcller, \u5317\u4eac", GRIN, "\u00a0", "\u200d")) {
            PersonalData data = PersonalData.parse(secret(each));
            assertThat(text(data.normalised())).isEqualTo(each);
            assertThat(data.domain()).isEqualTo(Domain.PERSONAL);
            assertThat(data.visibleDigits()).isEqualTo(new VisibleDigits.None());
        }
    }

    @Test
    void charactersAreCountedNotBytes() {
        PersonalData.parse(secret("x".repeat(1024)));
        PersonalData.parse(secret("\u5317".repeat(1024)));
        PersonalData.parse(secret(GRIN.repeat(1024)));
        assertThat(refused("x".repeat(1025))).isEqualTo(ErrorCode.DATA_TOO_LONG);
        assertThat(refused(GRIN.repeat(1024) + "x")).isEqualTo(ErrorCode.DATA_TOO_LONG);
    }

    @Test
    void controlsAndNonCharactersAreIllegal() {
        for (int c : new int[] {0, 7, 9, 10, 13, 31, 0x7F, 0x80, 0x85, 0x9F, 0x2028, 0x2029, 0xFFFE, 0xFFFF, 0xFDD0}) {
            assertThat(refused("a" + Character.toString(c))).as("U+%04X", c).isEqualTo(ErrorCode.ILLEGAL_CHARACTERS);
        }
        assertThat(refused(Character.toString(0x1FFFE))).isEqualTo(ErrorCode.ILLEGAL_CHARACTERS);
    }

    /// The production `Char` of XML 1.0 has neither: a SOAP answer can say all that was taken.
    @Test
    void whatXmlCannotSayIsIllegal() {
        for (int c = 0; c <= 0xFFFF; c++) {
            boolean sayable = c == 9 || c == 10 || c == 13 || (c >= 0x20 && c < 0xFFFE);
            if (!sayable) {
                assertThat(refused(Character.toString(c))).as("U+%04X", c).isEqualTo(ErrorCode.ILLEGAL_CHARACTERS);
            }
        }
    }

    @Test
    void illegalCharactersAnswerBeforeTheLength() {
        assertThat(refused("x".repeat(1025) + "\n")).isEqualTo(ErrorCode.ILLEGAL_CHARACTERS);
    }

    @Test
    void itPrintsItsLengthOnly() {
        assertThat(PersonalData.parse(secret(TestCards.PERSON))).hasToString("PersonalData[33 bytes]");
    }

    private static ErrorCode refused(String text) {
        return Refusals.codeOf(() -> PersonalData.parse(secret(text)));
    }
}
