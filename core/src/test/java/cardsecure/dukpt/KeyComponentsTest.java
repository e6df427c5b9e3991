package cardsecure.dukpt;

import static cardsecure.dukpt.TestKsns.hex;
import static cardsecure.dukpt.TestKsns.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.secret.SecretBytes;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyComponentsTest {
    private static final String ONE = "00112233445566778899AABBCCDDEEFF";
    private static final String TWO = "0F0F0F0F0F0F0F0FF0F0F0F0F0F0F0F0";
    private static final String THREE = "FF00FF00FF00FF00FF00FF00FF00FF00";

    @Test
    void aKeyIsTheSumOfItsComponents() {
        assertThat(hex(KeyComponents.combine(List.of(secret(ONE), secret(TWO)))))
                .isEqualTo("0F1E2D3C4B5A697878695A4B3C2D1E0F");
        assertThat(hex(KeyComponents.combine(List.of(secret(THREE), secret(ONE), secret(TWO)))))
                .isEqualTo("F01ED23CB45A96788769A54BC32DE10F");
    }

    @Test
    void whatIsNoSetOfComponentsIsRefused() {
        assertRefused("2 or 3", List.of(secret(ONE)));
        assertRefused("2 or 3", List.of(secret(ONE), secret(TWO), secret(THREE), secret("AA".repeat(16))));
        assertRefused("as long as", List.of(secret(ONE), secret(TWO + TWO)));
        assertRefused("the same", List.of(secret(ONE), secret(TWO), secret(ONE)));
    }

    private static void assertRefused(String reason, List<SecretBytes> components) {
        assertThat(Refusals.of(() -> KeyComponents.combine(components)).reason())
                .contains(reason)
                .doesNotContain(ONE);
    }
}
