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
import cardsecure.secret.SecretBytes;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which values of chip data are ciphertexts, and which of them count.
class CardTagsTest {
    private static final String KSN = "DFEE120A" + TDES_KSN.hex();

    private static EncryptedSwipe.Tags read(String data) {
        return (EncryptedSwipe.Tags) READER.read(TestCards.secret(data));
    }

    private static void requireRefused(String data, SwipeStep step) {
        assertThat(Refusals.of(() -> READER.read(TestCards.secret(data))).reason())
                .startsWith("swipe, " + step.label() + ": ");
    }

    @Test
    void aCiphertextThatLooksLikeACardNumberIsOneAllTheSame() {
        assertThat(read(KSN + "5AC108" + TestCards.VISA).tags()).hasSize(1);
        assertThat(read("DFEE26022000" + KSN + "5A08" + TestCards.VISA).tags()).hasSize(1);
        assertThat(read(KSN + "5710" + TestCards.VISA + "DABCDEF012345678").tags())
                .hasSize(1);
        assertThat(read(KSN + "5710" + TestCards.VISA + "D29132010000000F").tags())
                .hasSize(1);
        assertThat(read(KSN + "5710" + TestCards.VISA + "FA39132010000000").tags())
                .hasSize(1);
    }

    @Test
    void aCardInClearIsRefusedAsSuch() {
        requireRefused(KSN + "5A08" + TestCards.VISA, SwipeStep.UNENCRYPTED);
        requireRefused("DFEE26022000" + KSN + "5710" + TestCards.VISA + "D29112010000000F", SwipeStep.UNENCRYPTED);
        requireRefused(KSN + "57C118" + TestCards.VISA + "D29112010000000F" + "00".repeat(8), SwipeStep.UNENCRYPTED);
    }

    /// In a tag that names the card, or is a mask, too, where another one is decrypted.
    @Test
    void aTrackInClearIsFoundInEveryTagThatIsNotTaken() {
        String clear = "11" + TestCards.VISA + "D3011201123456789F";
        String text = HEX.formatHex(
                TestCards.secret(";" + TestCards.VISA + "=30112011234567?").reveal());
        String withLength = HEX.formatHex(new byte[] {(byte) (text.length() / 2)}) + text;
        String generic = hex(SwipeFormat.GENERIC_TLV);
        String generic57 = hex(SwipeFormat.GENERIC_TAGS);
        String emv = hex(SwipeFormat.IDTECH_EMV);
        String frame = hex(SwipeFormat.IDTECH_BINARY);
        String framed = "DFEE2382" + HEX.toHexDigits((short) (frame.length() / 2)) + frame;
        assertThat(READER.read(TestCards.secret(framed))).isInstanceOf(EncryptedSwipe.Tracks.class);
        for (String beside : List.of("57" + clear, "57" + withLength, "DFEF5D" + clear, "56" + withLength)) {
            requireRefused(generic + beside, SwipeStep.UNENCRYPTED);
            requireRefused(framed + beside, SwipeStep.UNENCRYPTED);
        }
        requireRefused(generic57 + "DFAE57" + clear, SwipeStep.UNENCRYPTED);
        requireRefused(emv + "DFEF4D" + clear, SwipeStep.UNENCRYPTED);
        requireRefused(framed + "DFEF4D" + withLength, SwipeStep.UNENCRYPTED);
        String pan = "5AA108" + "4444CCCCCCCC1111" + "5AC108" + HEX.formatHex(encrypt(HEX.parseHex(TestCards.VISA)))
                + "5F2403291130";
        assertThat(read(KSN + pan).tags()).hasSize(1);
        requireRefused(KSN + pan + "57A1" + clear, SwipeStep.UNENCRYPTED);
        requireRefused(KSN + pan + "DFEF5D" + clear, SwipeStep.UNENCRYPTED);
    }

    private static String hex(SwipeFormat format) {
        return HEX.formatHex(SwipeMaker.make(plan(format)).reveal());
    }

    private static byte[] encrypt(byte[] clear) {
        return TestSwipes.encrypt(SecretBytes.owning(clear)).reveal();
    }

    @Test
    void tracksBesideTagsThatCannotBeTakenApartAreLeftAlone() {
        String chip =
                HEX.formatHex(SwipeMaker.make(plan(SwipeFormat.IDTECH_EMV)).reveal());
        String tracks = "DFEF4C06" + "4A2800000000" + "DFEF4D78" + "5E".repeat(120);

        EncryptedSwipe.Tags swipe = read(chip + tracks);

        assertThat(swipe.track()).isEmpty();
        assertThat(OPENER.open(swipe, anyOf(TDES_KEY)).pan()).isEqualTo(TestSwipes.pan(TestCards.VISA));
        requireRefused("DFEE26022000" + KSN + tracks, SwipeStep.EMV_TAG);
        String clear = HEX.formatHex(
                TestCards.secret(";" + TestCards.VISA + "=29112010000?  ").reveal());
        requireRefused(chip + "DFEF4C06" + "004A28000000" + "DFEF4D20" + clear, SwipeStep.UNENCRYPTED);
    }
}
