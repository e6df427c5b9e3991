package cardsecure.dukpt;

import static cardsecure.dukpt.TestKsns.baseKey;
import static cardsecure.dukpt.TestKsns.secret;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BaseKeyTest {
    /// openemv/tr31, test/tr31_decrypt_test.c: the keys of TR-31:2018, A.7.3, with their check values.
    @ParameterizedTest
    @CsvSource({
        "EDB380DD340BC2620247D445F5B8D678, F4B08D",
        "E8BC63E5479455E26577F715D587FE68, 9A4212",
        "0123456789ABCDEFFEDCBA9876543210, 08D7B4"
    })
    void aCheckValueOfTripleDesIsAsPublished(String key, String checkValue) {
        assertThat(baseKey(BaseKeyAlgorithm.TDES, key).checkValue()).hasToString(checkValue);
    }

    /// NIST's example values for SP 800-38B do not have a block of zeros; these are of openemv/tr31, TR-31:2018, A.7.4.
    @Test
    void aCheckValueOfAesIsTheBeginningOfACmac() {
        assertThat(baseKey(BaseKeyAlgorithm.AES_128, "3F419E1CB7079442AA37474C2EFBF8B8")
                        .checkValue()
                        .hex())
                .startsWith("08793E")
                .hasSize(10);
    }

    @ParameterizedTest
    @CsvSource({
        "TDES, 0123456789ABCDEF0123456789ABCDEF, true",
        "TDES, 0123456789ABCDEF0022446688AACCEE, true",
        "TDES, 0123456789ABCDEFFEDCBA9876543210, false",
        "AES_128, 01010101010101010101010101010101, true",
        "AES_128, 0123456789ABCDEF0123456789ABCDEF, false"
    })
    void aKeyThatIsWorthLessThanItsLengthIsKnown(BaseKeyAlgorithm algorithm, String key, boolean degenerate) {
        assertThat(baseKey(algorithm, key).isDegenerate()).isEqualTo(degenerate);
    }

    @Test
    void aKeyOfAnotherLengthIsRefused() {
        assertThat(Refusals.codeOf(
                        () -> new BaseKey(BaseKeyAlgorithm.AES_256, secret("00112233445566778899AABBCCDDEEFF"))))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    @Test
    void nothingPrintsAKey() {
        assertThat(TestKsns.TDES.toString()).doesNotContainIgnoringCase("0123").contains("SecretBytes[16 bytes]");
    }
}
