package cardsecure.swipe;

import static cardsecure.swipe.TestSwipes.HEX;
import static cardsecure.swipe.TestSwipes.OPENER;
import static cardsecure.swipe.TestSwipes.READER;
import static cardsecure.swipe.TestSwipes.TDES_KEY;
import static cardsecure.swipe.TestSwipes.TDES_KSN;
import static cardsecure.swipe.TestSwipes.anyOf;
import static cardsecure.swipe.TestSwipes.plan;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.dukpt.KeyVariant;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// What a reader of data refuses before any key is used, and that each check refuses for its own reason.
class SwipeRefusalTest {
    private static void requireRefused(SecretBytes data, SwipeStep step) {
        Refusal refusal = Refusals.of(() -> OPENER.open(READER.read(data), anyOf(TDES_KEY)));
        assertThat(refusal.reason()).startsWith("swipe, " + step.label() + ": ");
        assertThat(refusal.code()).isEqualTo(step.code());
    }

    private static void requireRefused(String data, SwipeStep step) {
        requireRefused(TestCards.secret(data), step);
    }

    private static String keyboard() {
        return TestCards.text(SwipeMaker.make(plan(SwipeFormat.IDTECH_KEYBOARD)));
    }

    /// A frame whose card data are changed, and whose length, LRC and sum are those of the changed ones.
    private static String refitted(UnaryOperator<String> change) {
        String frame = keyboard();
        String content = change.apply(frame.substring(6, frame.length() - 6));
        return TestCards.text(
                new FrameWriter(true).text(TestCards.secret(content)).frame());
    }

    private static String hex(SwipeFormat format) {
        return HEX.formatHex(SwipeMaker.make(plan(format)).reveal());
    }

    @Test
    void whatIsNoSwipeIsRefused() {
        for (String data :
                new String[] {"", "x", "hello, world", "00", "02", "0203", "||||||||||||", "%", "AAAA====", "C0"}) {
            requireRefused(data, SwipeStep.FORMAT);
        }
        requireRefused("A".repeat(SwipeReader.LENGTH_MAX + 1), SwipeStep.LENGTH);
    }

    @Test
    void lengthLrcAndSumOfAFrameAreChecked() {
        String frame = keyboard();
        int end = frame.length();
        requireRefused("02FF" + frame.substring(4), SwipeStep.LENGTH);
        requireRefused(frame.substring(0, end - 6) + "00" + frame.substring(end - 4), SwipeStep.LRC);
        requireRefused(
                frame.substring(0, end - 4) + other(frame.substring(end - 4, end - 2)) + "03", SwipeStep.CHECKSUM);
    }

    private static String other(String digits) {
        return digits.equals("00") ? "01" : "00";
    }

    @Test
    void aFrameWhoseBlanksWereCollapsedIsRefused() {
        SwipePlan plan = TestSwipes.plan(
                SwipeFormat.IDTECH_KEYBOARD,
                TestCards.VISA,
                "FDMS TEST CARD   /VISA",
                TDES_KEY,
                TDES_KSN,
                KeyVariant.DATA_ONE_WAY,
                SwipeCipher.TDES);
        String frame = TestCards.text(SwipeMaker.make(plan));

        requireRefused(frame.replace("   ", " "), SwipeStep.LENGTH);
        requireRefused(frame.replace("TEST", "T ST"), SwipeStep.LRC);
    }

    @Test
    void fieldsThatDoNotFillTheFrameAreRefused() {
        requireRefused(refitted(content -> content + "00"), SwipeStep.STRUCTURE);
        requireRefused(refitted(content -> content.substring(0, content.length() - 2)), SwipeStep.STRUCTURE);
        // No tracks at all.
        requireRefused(refitted(content -> "801F000000" + "80" + "80" + "00".repeat(20)), SwipeStep.STRUCTURE);
    }

    @Test
    void whatOnlyItsMakerDecryptsIsRefusedAsSuch() {
        requireRefused(
                refitted(content -> content.substring(0, 10) + "8B" + content.substring(12)), SwipeStep.UNSUPPORTED);
        for (String transArmor : new String[] {"02", "12", "1E"}) {
            requireRefused(
                    refitted(content -> "805F" + content.substring(4, 14) + "01" + transArmor + content.substring(14)),
                    SwipeStep.UNSUPPORTED);
        }
        requireRefused(refitted(content -> "84" + content.substring(2)), SwipeStep.UNSUPPORTED);
        requireRefused(refitted(content -> "87" + content.substring(2)), SwipeStep.UNSUPPORTED);
        requireRefused("23.0" + TestCards.VISA, SwipeStep.UNSUPPORTED);
        requireRefused("33.02.ON-GUARD", SwipeStep.UNSUPPORTED);
    }

    @Test
    void aFrameWithoutAKsnIsRefused() {
        requireRefused(refitted(content -> content.substring(0, 12) + "1B" + content.substring(14)), SwipeStep.KSN);
        // A counter of 0.
        requireRefused(
                refitted(content -> content.substring(0, content.length() - 20) + "FFFF9876543210E00000"),
                SwipeStep.KSN);
        requireRefused(hex(SwipeFormat.IDTECH_EMV).replace("DFEE120A" + TDES_KSN.hex(), ""), SwipeStep.KSN);
        requireRefused(
                TestCards.text(SwipeMaker.make(plan(SwipeFormat.MAGTEK_KEYBOARD)))
                        .replace(TDES_KSN.hex(), ""),
                SwipeStep.KSN);
    }

    @Test
    void cardDataInClearAreRefusedAsSuch() {
        String track1 = "%B" + TestCards.VISA + "^DOE/JANE^2911201000?";
        String track2 = ";" + TestCards.VISA + "=29112010000?";
        requireRefused(track1, SwipeStep.UNENCRYPTED);
        requireRefused(track2, SwipeStep.UNENCRYPTED);
        requireRefused(track1 + track2, SwipeStep.UNENCRYPTED);
        requireRefused(TestCards.VISA, SwipeStep.UNENCRYPTED);
        requireRefused(HEX.formatHex(TestCards.secret(track2).reveal()), SwipeStep.UNENCRYPTED);
        requireRefused(track1 + track2 + "|0600|||||||||||", SwipeStep.KSN);
        requireRefused(track1 + track2 + "|0600||||||||" + TDES_KSN.hex() + "|||", SwipeStep.UNENCRYPTED);
        requireRefused(TDES_KSN.hex() + "|" + track2, SwipeStep.UNENCRYPTED);
        // A reader whose encryption is off shows the tracks and sends no ciphertext.
        requireRefused(
                refitted(content -> content.substring(0, 12) + "80" + content.substring(14)), SwipeStep.UNENCRYPTED);
        String tag = "57" + "10" + TestCards.VISA + "D29112010000000F";
        requireRefused("DFEE26022000DFEE120A" + TDES_KSN.hex() + tag, SwipeStep.UNENCRYPTED);
        requireRefused("DFAE030A" + TDES_KSN.hex() + tag, SwipeStep.UNENCRYPTED);
    }

    @Test
    void aMaskThatHidesNothingIsRefused() {
        SwipePlan plan = plan(SwipeFormat.IDTECH_KEYBOARD);
        ClearCard card = ClearCard.of(plan);
        ClearCard open =
                new ClearCard(card.track1(), card.track2(), card.track1(), card.mask2(), card.hash1(), card.hash2());
        requireRefused(SwipeMaker.make(plan, open), SwipeStep.UNENCRYPTED);
        SwipePlan magTek = plan(SwipeFormat.MAGTEK_HID);
        requireRefused(SwipeMaker.make(magTek, open), SwipeStep.UNENCRYPTED);
    }

    @Test
    void tagsThatAreDamagedOrEmptyHaveTheirOwnCodes() {
        String head = "DFEE25020203DFEE26022000DFEE120A" + TDES_KSN.hex();
        requireRefused(head, SwipeStep.EMV_EMPTY);
        requireRefused(head + "5700", SwipeStep.EMV_EMPTY);
        requireRefused(head + "57C100", SwipeStep.EMV_EMPTY);
        requireRefused(head + "5707" + "11".repeat(7), SwipeStep.EMV_TAG);
        requireRefused(head + "5718" + "00".repeat(23), SwipeStep.EMV_TAG);
        requireRefused(head + "5780", SwipeStep.EMV_TAG);
        requireRefused(head + "5784FFFFFFFF", SwipeStep.EMV_TAG);
        requireRefused(head + ("5708" + "11".repeat(8)).repeat(3), SwipeStep.EMV_TAG);
        requireRefused(head + "FF".repeat(40), SwipeStep.EMV_TAG);
        requireRefused(head + "E1820010" + "E10E".repeat(8), SwipeStep.EMV_TAG);
        requireRefused(head + "8201".repeat(1) + "00" + "810100".repeat(600), SwipeStep.EMV_TAG);
        requireRefused("DFEE2601C4" + "DFEE120A" + TDES_KSN.hex() + "5708" + "11".repeat(8), SwipeStep.UNSUPPORTED);
    }

    @Test
    void aMagTekContainerIsCheckedAsAWhole() {
        String container = hex(SwipeFormat.MAGTEK_EMV);
        requireRefused("0000" + container.substring(4), SwipeStep.LENGTH);
        requireRefused(container + "00".repeat(8), SwipeStep.LENGTH);
        requireRefused(container.replace("DFDF560A" + TDES_KSN.hex(), "DFDF560A" + "00".repeat(10)), SwipeStep.KSN);
        requireRefused(container.replace("DFDF5801", "DFDF4801"), SwipeStep.EMV_TAG);
        requireRefused(container.replace("DFDF59", "DFDF49"), SwipeStep.EMV_EMPTY);
    }

    @Test
    void noReasonHasWhatWasSent() {
        for (SwipeFormat format : SwipeFormat.values()) {
            byte[] swipe = SwipeMaker.make(plan(format)).reveal();
            swipe[swipe.length / 2] ^= 0x55;
            try {
                OPENER.open(READER.read(SecretBytes.copyOf(swipe)), anyOf(TDES_KEY));
            } catch (Refusal refusal) {
                assertThat(refusal.reason()).doesNotContainPattern("[0-9*]{7}").doesNotContain(TestSwipes.SERIAL);
            }
        }
    }

    @Test
    void theMakerMakesNothingThatNoReaderSends() {
        SwipePlan aesLine = TestSwipes.plan(
                SwipeFormat.MAGTEK_KEYBOARD,
                TestCards.VISA,
                TestSwipes.NAME,
                TestSwipes.AES_KEY,
                TestSwipes.AES_KSN,
                KeyVariant.AES_128_DATA,
                SwipeCipher.AES);
        assertThat(Refusals.codeOf(() -> SwipeMaker.make(aesLine))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        SwipePlan badName = TestSwipes.plan(
                SwipeFormat.RUA,
                TestCards.VISA,
                "doe^?",
                TDES_KEY,
                TDES_KSN,
                KeyVariant.DATA_ONE_WAY,
                SwipeCipher.TDES);
        assertThat(Refusals.codeOf(() -> SwipeMaker.make(badName))).isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
    }
}
