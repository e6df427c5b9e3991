package cardsecure.swipe;

import static cardsecure.swipe.TestSwipes.OPENER;
import static cardsecure.swipe.TestSwipes.READER;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.dukpt.Ksn;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What readers call themselves goes to logs, and card numbers in its place do not.
class SwipeLogTest {
    private static Optional<String> serial(String text) {
        return Serials.of(TestCards.secret(text));
    }

    private static Source of(String serial) {
        return new Source(
                SwipeFormat.MAGTEK_HID, TestSwipes.TDES_KSN, serial(serial), SwipeCipher.TDES, Optional.empty());
    }

    /// It may be the reader's all the same, so the list of a site is compared with it as it is.
    @Test
    void ofASerialNumberThatHasACardNumberTheLogHasTheLastFourCharacters() {
        for (String text : List.of(
                TestCards.VISA,
                "B" + TestCards.AMEX,
                TestCards.AMEX + "7",
                "0" + TestCards.VISA_13,
                TestCards.MAESTRO_12 + "=301")) {
            Source source = of(text);
            String shown = "*".repeat(text.length() - 4) + text.substring(text.length() - 4);
            assertThat(source.serialForLog()).contains(shown);
            assertThat(source.serialNumber()).contains(text);
            assertThat(source.toString()).doesNotContain(text.substring(0, 12));
        }
        for (String text : List.of("520T820234", "B012345678901234", "000000000000", "CS000042")) {
            assertThat(of(text).serialForLog()).contains(text);
            assertThat(of(text)).asString().contains(text);
        }
        // No reader's is as long.
        for (String text : List.of(TestCards.VISA + "=3011", TestCards.VISA.substring(0, 6) + "CS0000000042")) {
            assertThat(serial(text)).isEmpty();
        }
    }

    /// A reader that is set wrong, or somebody who changes what is not encrypted.
    @Test
    void theCardsOwnNumberIsNoSerialNumber() {
        CardRead read = OPENER.open(
                READER.read(SwipeMaker.make(TestSwipes.plan(SwipeFormat.MAGTEK_HID))),
                TestSwipes.anyOf(TestSwipes.TDES_KEY));
        assertThat(read.serialNumber()).contains(TestSwipes.SERIAL);
        for (String serial : List.of(TestCards.VISA, TestCards.MASTERCARD)) {
            CardRead other = new CardRead(
                    read.pan(),
                    read.expiry(),
                    read.track1(),
                    read.track2(),
                    read.emvTags(),
                    read.entryMode(),
                    of(serial));
            assertThat(other.serialNumber().isPresent()).isEqualTo(serial.equals(TestCards.MASTERCARD));
        }
    }

    @Test
    void aCardNumberInPlaceOfAKsnIsNotLogged() {
        EncryptedSwipe swipe = READER.read(TestCards.secret(TestCards.VISA + "0001|" + "5E".repeat(24)));

        String reason =
                Refusals.of(() -> OPENER.open(swipe, _ -> Optional.empty())).reason();

        assertThat(reason).isEqualTo("swipe, key set: 444433**** is not known");
        assertThat(source("62994901190000000001").keySetForLog()).startsWith("629949");
        assertThat(source("FFFF9876543210E00008").keySetForLog()).isEqualTo("FFFF987654");
        assertThat(source("01234567890123400001").keySetForLog()).isEqualTo("0123456789");
    }

    private static Source source(String ksn) {
        return new Source(SwipeFormat.RUA, Ksn.parseHex(ksn), Optional.empty(), SwipeCipher.TDES, Optional.empty());
    }
}
