package cardsecure.rsa;

import static cardsecure.TestCards.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.Seeded;
import cardsecure.error.ErrorCode;
import cardsecure.secret.SecretBytes;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class CiphertextTest {
    @Test
    void readsBothAlphabetsWithPaddingOrWithoutAndBlanksForPlus() {
        Seeded.forAll(500, random -> {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            String standard = Base64.getEncoder().encodeToString(bytes);
            String url = Base64.getUrlEncoder().encodeToString(bytes);
            for (String text : List.of(
                    standard,
                    url,
                    standard.replace("=", ""),
                    url.replace("=", ""),
                    standard.replace('+', ' '),
                    standard.replace('/', '_'))) {
                assertThat(Ciphertext.decode(secret(text))).isEqualTo(SecretBytes.copyOf(bytes));
            }
        });
    }

    @Test
    void refusesWhatIsNoBase64() {
        for (String text : List.of(
                "A", "AAAAA", "=", "AA=", "A===", "AAAA=", "AA==AA==", "A*AA", "AA%3D", "AA\nAA", "é", "AAA\u0000")) {
            assertThat(Refusals.codeOf(() -> Ciphertext.decode(secret(text))))
                    .as(text)
                    .isEqualTo(ErrorCode.BASE64_DECODE_FAILURE);
        }
    }

    @Test
    void leavesTheTextAsItIs() {
        SecretBytes text = secret("AA-_ AAA");
        Ciphertext.decode(text);

        assertThat(text).isEqualTo(secret("AA-_ AAA"));
    }
}
