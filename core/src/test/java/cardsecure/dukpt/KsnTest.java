package cardsecure.dukpt;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.Seeded;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KsnTest {
    @ParameterizedTest
    @CsvSource({
        "CDCDCD070121090000AA, TDES, CDCDCD0701, CDCDCD07012109000000, 170",
        "ffff9876543210effa00, TDES, FFFF987654, FFFF9876543210E00000, 1047040",
        "123456789012345600000001, AES, 12345678, 1234567890123456, 1",
        "1234567890123456FFFF0000, AES, 12345678, 1234567890123456, -65536"
    })
    void aKsnSaysWhatItIsMadeOf(String hex, Scheme scheme, String keySet, String device, int counter) {
        Ksn ksn = Ksn.parseHex(hex);

        assertThat(ksn.scheme()).isEqualTo(scheme);
        assertThat(ksn.keySet().digits()).isEqualTo(keySet);
        assertThat(ksn.device()).isEqualTo(device);
        assertThat(ksn.counter()).isEqualTo(counter);
        assertThat(ksn.hex()).isEqualToIgnoringCase(hex);
        assertThat(Ksn.parse(ksn.bytes())).isEqualTo(ksn).hasSameHashCodeAs(ksn);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // A counter of 0.
                "FFFF9876543210E00000",
                "123456789012345600000000",
                // Eleven and seventeen one-bits.
                "FFFF9876543210E007FF",
                "12345678901234560001FFFF",
                "FFFFFFFFFFFFFFFFFFFF",
                "FFFF9876543210E0000",
                "FFFF9876543210E0000101",
                "FFFF9876543210E0000G",
                "",
                "1234567890123456000000000001"
            })
    void whatNoReaderSendsIsRefused(String hex) {
        assertThat(Refusals.codeOf(() -> Ksn.parseHex(hex))).isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
    }

    /// Of triple DES the counter's highest bit stands in a digit of the device's.
    @ParameterizedTest
    @CsvSource({
        "FFFF9876543210E00001, 8, FFFF9876543210E00008",
        "FFFF9876543210FFF800, 1, FFFF9876543210E00001",
        "FFFF9876543210E00001, 1048576, FFFF9876543210F00000",
        "FFFF9876543210E00001, 2095104, FFFF9876543210FFF800",
        "123456789012345600000001, 65535, 12345678901234560000FFFF",
        "123456789012345600000001, 4294901760, 1234567890123456FFFF0000"
    })
    void aDeviceCountsUpToTheWidthOfItsCounter(String hex, long counter, String other) {
        assertThat(Ksn.parseHex(hex).withCounter(counter)).isEqualTo(Ksn.parseHex(other));
    }

    @ParameterizedTest
    @CsvSource({
        "FFFF9876543210E00001, 0",
        "FFFF9876543210E00001, -1",
        "FFFF9876543210E00001, 2047",
        "FFFF9876543210E00001, 2097152",
        "123456789012345600000001, 131071",
        "123456789012345600000001, 4294967296",
        "123456789012345600000001, 4294967297"
    })
    void aCounterThatNoDeviceHasIsRefused(String hex, long counter) {
        assertThat(Refusals.codeOf(() -> Ksn.parseHex(hex).withCounter(counter)))
                .isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
    }

    @Test
    void whateverTheBytesAreTheyAreReadOrRefused() {
        Seeded.forAll(20_000, random -> {
            byte[] bytes = new byte[random.nextInt(15)];
            random.nextBytes(bytes);
            try {
                Ksn ksn = Ksn.parse(bytes);
                assertThat(ksn.bytes()).isEqualTo(bytes);
                assertThat(begins(ksn, ksn.keySet())).isTrue();
            } catch (Refusal refusal) {
                assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({
        "FFFF98, true",
        "ffff98765, true",
        "FFFF9876543210E0, true",
        "FFFF9876543210E, true",
        "FFFF99, false",
        "FFFF9876543210EF, false"
    })
    void aKeySetIsHowKsnsBegin(String digits, boolean matches) {
        assertThat(begins(Ksn.parseHex("FFFF9876543210EFF800"), new KeySetId(digits)))
                .isEqualTo(matches);
    }

    private static boolean begins(Ksn ksn, KeySetId keySet) {
        return KeySetId.longest(List.of(keySet), Function.identity(), ksn).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "FFFF9", "FFFF9876543210E00", "FFFF9G", "FFFF98 ", "１２３４５６"})
    void aKeySetHasSixToSixteenDigits(String digits) {
        assertThat(Refusals.codeOf(() -> new KeySetId(digits))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    @Test
    void theLongestKeySetCounts() {
        List<KeySetId> loaded =
                List.of(new KeySetId("FFFF98"), new KeySetId("FFFF987654321"), new KeySetId("FFFF9876"));

        assertThat(KeySetId.longest(loaded, Function.identity(), Ksn.parseHex("FFFF9876543210E00001")))
                .contains(new KeySetId("FFFF987654321"));
        assertThat(KeySetId.longest(loaded, Function.identity(), Ksn.parseHex("FFFF9876500000E00001")))
                .contains(new KeySetId("FFFF9876"));
        assertThat(KeySetId.longest(loaded, Function.identity(), Ksn.parseHex("CDCDCD070121090000AA")))
                .isEmpty();
    }

    @Test
    void aKeySetThatNoKsnCanHaveIsRefused() {
        new KeySetId("FFFF98").requireFor(Scheme.TDES);
        new KeySetId("FFFF9876543210E0").requireFor(Scheme.TDES);
        new KeySetId("FFFF9876543210F").requireFor(Scheme.AES);

        assertThat(Refusals.codeOf(() -> new KeySetId("FFFF9876543210E8").requireFor(Scheme.TDES)))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(Refusals.codeOf(() -> new KeySetId("FFFF9876543210F").requireFor(Scheme.TDES)))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(Refusals.codeOf(() -> new KeySetId("FFFF987").requireFor(Scheme.AES)))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }
}
