package cardsecure.swipe;

import static cardsecure.swipe.TestSwipes.HEX;
import static cardsecure.swipe.TestSwipes.OPENER;
import static cardsecure.swipe.TestSwipes.READER;
import static cardsecure.swipe.TestSwipes.TDES_KEY;
import static cardsecure.swipe.TestSwipes.anyOf;
import static cardsecure.swipe.TestSwipes.block;
import static cardsecure.swipe.TestSwipes.plan;
import static cardsecure.swipe.TestSwipes.withLrc;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A caller who changes what a swipe shows beside its ciphertexts learns nothing of the card from the answer.
class ShownDigitsTest {
    private static final String TRACK_2 = withLrc(";" + TestCards.VISA + "=29112010000?");

    /// The answer of the server to who holds an intercepted swipe: a reason of a refusal, or that it was read.
    private static String outcome(SecretBytes swipe) {
        try {
            OPENER.open(READER.read(swipe), anyOf(TDES_KEY));
            return "read";
        } catch (Refusal refusal) {
            return refusal.reason();
        }
    }

    private static SecretBytes changed(SecretBytes text, int at, int digit) {
        byte[] bytes = text.reveal().clone();
        if (at < bytes.length) {
            bytes[at] = (byte) ('0' + digit);
        }
        return SecretBytes.owning(bytes);
    }

    private static SecretBytes swipe(SwipeFormat format, int place, int digit) {
        SwipePlan plan = plan(format);
        ClearCard card = ClearCard.of(plan);
        SecretBytes mask1 = card.mask1().length() == 0 ? card.mask1() : changed(card.mask1(), 2 + place, digit);
        return SwipeMaker.make(
                plan,
                new ClearCard(
                        card.track1(),
                        card.track2(),
                        mask1,
                        changed(card.mask2(), 1 + place, digit),
                        card.hash1(),
                        card.hash2()));
    }

    @ParameterizedTest
    @EnumSource
    void aMiddleDigitInAMaskIsNotCompared(SwipeFormat format) {
        for (int place = 6; place < TestCards.VISA.length() - 4; place++) {
            int right = TestCards.VISA.charAt(place) - '0';
            String answer = outcome(swipe(format, place, right));
            for (int digit = 0; digit < 10; digit++) {
                assertThat(outcome(swipe(format, place, digit))).isEqualTo(answer);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theExpiryInAMaskIsNotCompared(SwipeFormat format) {
        int monthAt = TestCards.VISA.length() + "=29".length();
        for (int month = 1; month <= 9; month++) {
            SwipePlan plan = plan(format);
            ClearCard card = ClearCard.of(plan);
            SecretBytes mask2 = card.mask2();
            for (int i = 0; i < 4; i++) {
                mask2 = changed(mask2, 1 + monthAt - 2 + i, new int[] {2, 9, 0, month}[i]);
            }
            SecretBytes shown = mask2;
            ClearCard other =
                    new ClearCard(card.track1(), card.track2(), card.mask1(), shown, card.hash1(), card.hash2());
            assertThat(outcome(SwipeMaker.make(plan, other))).isEqualTo("read");
        }
    }

    /// Of a mask of MagTek's one digit may be any: it makes the mask pass Luhn's check.
    @Test
    void aMaskOfZerosMayHaveOneOtherDigit() {
        assertThat(outcome(swipe(SwipeFormat.MAGTEK_KEYBOARD, 11, 7))).isEqualTo("read");
        SwipePlan plan = plan(SwipeFormat.MAGTEK_HID);
        ClearCard card = ClearCard.of(plan);
        SecretBytes two = changed(changed(card.mask2(), 1 + 10, 3), 1 + 11, 7);
        ClearCard shown = new ClearCard(card.track1(), card.track2(), card.mask1(), two, card.hash1(), card.hash2());
        assertThat(outcome(SwipeMaker.make(plan, shown))).startsWith("swipe, unencrypted: ");
    }

    @Test
    void aMaskThatShowsTooMuchIsRefusedWithoutAKey() {
        EncryptedSwipe swipe = READER.read(swipe(SwipeFormat.IDTECH_KEYBOARD, 6, 3));
        try {
            OPENER.open(swipe, _ -> Optional.empty());
            throw new AssertionError("it was read");
        } catch (Refusal refusal) {
            assertThat(refusal.reason()).startsWith("swipe, unencrypted: ");
        }
        assertThat(((EncryptedSwipe.Tracks) swipe)
                        .blocks()
                        .getFirst()
                        .parts()
                        .getFirst()
                        .mask()
                        .orElseThrow()
                        .reveal())
                .containsOnly(0);
    }

    private static String outcomeWithTrack3(String track3) {
        EncryptedSwipe.Tracks whole = TestSwipes.tracks(block(2, TRACK_2));
        EncryptedSwipe.Tracks all = new EncryptedSwipe.Tracks(
                whole.source(),
                whole.entryMode(),
                whole.blocks(),
                true,
                false,
                Optional.of(TestCards.secret(track3)),
                Optional.empty());
        try {
            OPENER.open(all, anyOf(TDES_KEY));
            return "read";
        } catch (Refusal refusal) {
            return refusal.reason();
        }
    }

    @Test
    void aThirdTrackIsJudgedWithoutTheCard() {
        String right = TestCards.VISA;
        String other = TestCards.MASTERCARD;
        for (String before : List.of(";", ";01", "+", "")) {
            assertThat(outcomeWithTrack3(before + right + "=1?")).startsWith("swipe, unencrypted: ");
            assertThat(outcomeWithTrack3(before + other + "=1?")).startsWith("swipe, unencrypted: ");
        }
        for (String digits :
                List.of(right.substring(0, 15), "1" + right.substring(1), "3".repeat(40), "0".repeat(12))) {
            assertThat(outcomeWithTrack3(";" + digits + "=1?")).isEqualTo("read");
        }
        assertThat(outcomeWithTrack3("1".repeat(30) + right)).isEqualTo("read");
    }

    private static SecretBytes beside(SwipeFormat format, byte[] tags) {
        return SecretBytes.owning(Tlv.joined(SwipeMaker.make(plan(format)).reveal(), tags));
    }

    private static byte[] text(String tag, String value) {
        return Tlv.encode(tag, TestCards.secret(value).reveal());
    }

    /// It stands in a tag that nothing here reads; it is not encrypted all the same.
    @ParameterizedTest
    @EnumSource(names = {"IDTECH_EMV", "IDTECH_EMV_MARKED", "IDTECH_EMV_DOUBLED", "GENERIC_TAGS", "GENERIC_TLV"})
    void aTrackInClearBesideEncryptedTagsIsRefused(SwipeFormat format) {
        String visa = TestCards.VISA;
        List<byte[]> clear = List.of(
                Tlv.encode("FFEE01", text("DF31", ";" + visa + "=29112010000?")),
                Tlv.encode("FFEE01", text("DF30", "%B" + TestCards.MASTERCARD + "^DOE/J^2911201?")),
                Tlv.encode("FFEE01", text("DF32", TestCards.AMEX + "=2911")),
                Tlv.encode("FFEE01", text("DF33", ";01" + visa + "=29112010000?")),
                text("9F1F", "B" + visa + "^DOE/J^2911"),
                Tlv.encode("9F20", HEX.parseHex(visa + "D291120100000F")),
                Tlv.encode("DF8129", HEX.parseHex(TestCards.AMEX + "D291120100000")));
        for (byte[] tags : clear) {
            assertThat(outcome(beside(format, tags))).startsWith("swipe, unencrypted: ");
        }
        List<byte[]> other = List.of(
                text("9F16", visa.substring(0, 15)),
                Tlv.encode("9F20", HEX.parseHex("1010000046700000F0".substring(0, 18))),
                Tlv.encode("FFEE01", text("DF31", ";" + visa.substring(0, 6) + "******1111=2911?")),
                Tlv.encode("FFEE01", text("DF31", ";" + TestCards.MASKED_TO_PASS_LUHN + "=2911?")),
                text("5F20", "DOE/JANE Q"));
        for (byte[] tags : other) {
            assertThat(outcome(beside(format, tags))).isEqualTo("read");
        }
    }

    @Test
    void aTrackInClearInMagTeksContainerIsRefused() {
        SwipePlan plan = plan(SwipeFormat.MAGTEK_EMV);
        byte[] whole = SwipeMaker.make(plan).reveal();
        // Length (2), F9, length of two bytes, tags; padding and MAC behind them.
        int from = 2 + 1 + 2;
        int end = from + ((whole[3] & 0xFF) == 0x81 ? whole[4] & 0xFF : 0);
        assertThat(end).isGreaterThan(from);
        byte[] inside = Arrays.copyOfRange(whole, from, end);
        byte[] clear = Tlv.joined(inside, text("DFDF4D", ";" + TestCards.VISA + "=2911?"));
        assertThat(outcome(SecretBytes.owning(container(clear)))).startsWith("swipe, unencrypted: ");
        byte[] masked = Tlv.joined(inside, text("DFDF4D", ";" + TestCards.MASKED_TO_PASS_LUHN + "=0?"));
        assertThat(outcome(SecretBytes.owning(container(masked)))).isEqualTo("read");
    }

    private static byte[] container(byte[] inside) {
        byte[] container = Tlv.encode("F9", inside);
        int padding = (8 - (container.length + 2) % 8) % 8;
        byte[] length = {(byte) (container.length >> 8), (byte) container.length};
        return Tlv.joined(length, container, new byte[padding + 4]);
    }

    @Test
    void aThirdTrackInClearInMagTeksReportIsRefused() {
        byte[] report = SwipeMaker.make(plan(SwipeFormat.MAGTEK_HID)).reveal();
        assertThat(outcome(withThird(report, "+" + TestCards.VISA + "=000000000000?", MagTekReport.MASKED_LENGTHS)))
                .startsWith("swipe, unencrypted: ");
        assertThat(outcome(withThird(
                        report, ";01" + TestCards.MASTERCARD + "=000000000000?", MagTekReport.MASKED_LENGTHS)))
                .startsWith("swipe, unencrypted: ");
        assertThat(outcome(withThird(report, ";" + TestCards.VISA + "=000000000000?", MagTekReport.ENCRYPTED_LENGTHS)))
                .startsWith("swipe, unencrypted: ");
        String masked = "+" + TestCards.MASKED_TO_PASS_LUHN + "=000000000000?";
        assertThat(outcome(withThird(report, masked, MagTekReport.MASKED_LENGTHS)))
                .isEqualTo("read");
    }

    /// @param lengths where those of the three tracks stand
    private static SecretBytes withThird(byte[] report, String track, int lengths) {
        byte[] changed = report.clone();
        changed[lengths + 2] = (byte) track.length();
        int from = lengths == MagTekReport.MASKED_LENGTHS ? MagTekReport.MASKED : MagTekReport.ENCRYPTED;
        byte[] text = TestCards.secret(track).reveal();
        System.arraycopy(text, 0, changed, from + 2 * MagTekReport.TRACK, text.length);
        return SecretBytes.owning(changed);
    }

    /// Tag 5A, and what is shown of it.
    private static EncryptedSwipe.Tags pan(String clear, String mask) {
        return new EncryptedSwipe.Tags(
                TestSwipes.source(SwipeFormat.IDTECH_EMV_MARKED),
                EntryMode.CHIP,
                List.of(new EncryptedSwipe.EncryptedTag(
                        "5A",
                        TestSwipes.encrypt(SecretBytes.owning(HEX.parseHex(clear))),
                        Optional.of(mask)
                                .filter(each -> !each.isEmpty())
                                .map(each -> SecretBytes.owning(HEX.parseHex(each))))),
                Optional.empty(),
                EmvTags.of(Tlv.parse(HEX.parseHex("5F2403301231"), 0, Set.of())
                        .orElseThrow()
                        .items()));
    }

    private static String outcome(EncryptedSwipe swipe) {
        try {
            OPENER.open(swipe, anyOf(TDES_KEY));
            return "read";
        } catch (Refusal refusal) {
            return refusal.reason();
        }
    }

    @Test
    void aPanAloneNeedsAMaskThatShowsItsEnds() {
        String visa = TestCards.VISA;
        assertThat(outcome(pan(visa, "4444" + "C".repeat(8) + "1111"))).isEqualTo("read");
        assertThat(outcome(pan("5A08" + visa + "00".repeat(6), "C".repeat(16)))).isEqualTo("read");
        for (String mask : List.of(
                "",
                "C".repeat(16),
                "4444" + "C".repeat(12),
                "C".repeat(12) + "1111",
                "444C" + "C".repeat(8) + "1111")) {
            assertThat(outcome(pan(visa, mask))).startsWith("swipe, mask: ");
        }
    }
}
