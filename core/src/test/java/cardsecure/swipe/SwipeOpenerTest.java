package cardsecure.swipe;

import static cardsecure.swipe.TestSwipes.HEX;
import static cardsecure.swipe.TestSwipes.OPENER;
import static cardsecure.swipe.TestSwipes.TDES_KEY;
import static cardsecure.swipe.TestSwipes.anyOf;
import static cardsecure.swipe.TestSwipes.block;
import static cardsecure.swipe.TestSwipes.encrypt;
import static cardsecure.swipe.TestSwipes.source;
import static cardsecure.swipe.TestSwipes.tracks;
import static cardsecure.swipe.TestSwipes.withLrc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.dukpt.BaseKey;
import cardsecure.dukpt.BaseKeyAlgorithm;
import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.swipe.EncryptedSwipe.EncryptedTag;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Each of the checks after a decryption, broken alone: it is the one that refuses.
class SwipeOpenerTest {
    private static final String TRACK_1 = withLrc("%B" + TestCards.VISA + "^DOE/JANE^2911201000000?");
    private static final String TRACK_2 = withLrc(";" + TestCards.VISA + "=29112010000?");

    private static void requireRefused(EncryptedSwipe swipe, SwipeStep step) {
        Refusal refusal = Refusals.of(() -> OPENER.open(swipe, anyOf(TDES_KEY)));
        assertThat(refusal.reason()).startsWith("swipe, " + step.label() + ": ");
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
    }

    private static EncryptedSwipe.Tracks masked(String mask) {
        return tracks(block(2, TRACK_2, TRACK_2.length(), Optional.of(TestCards.secret(mask)), Optional.empty()));
    }

    private static EncryptedSwipe.Tracks hashed(byte[] hash) {
        return tracks(block(2, TRACK_2, TRACK_2.length(), Optional.empty(), Optional.of(SecretBytes.owning(hash))));
    }

    @Test
    void tracksOnWhichAllAgreesOpen() {
        CardRead read = OPENER.open(tracks(block(1, TRACK_1), block(2, TRACK_2)), anyOf(TDES_KEY));

        assertThat(TestCards.text(read.pan().normalised())).isEqualTo(TestCards.VISA);
        assertThat(read.expiry().yymm()).isEqualTo("2911");
        assertThat(read.track1()).isPresent();
        assertThat(read.track2()).isPresent();
    }

    @Test
    void aKeyOfAnotherKindIsRefused() {
        SwipeKey other = new SwipeKey(TDES_KEY, Optional.of(KeyVariant.AES_128_DATA));
        Refusal refusal = Refusals.of(() -> OPENER.open(tracks(block(2, TRACK_2)), _ -> Optional.of(other)));
        assertThat(refusal.reason()).startsWith("swipe, key: ");
        requireRefusedWithout(tracks(block(2, TRACK_2)));
    }

    private static void requireRefusedWithout(EncryptedSwipe swipe) {
        Refusal refusal = Refusals.of(() -> OPENER.open(swipe, _ -> Optional.empty()));
        assertThat(refusal.reason()).isEqualTo("swipe, key set: FFFF987654 is not known");
    }

    @Test
    void aWrongKeyIsRefused() {
        SwipeKeys wrong = _ -> Optional.of(new SwipeKey(
                new BaseKey(BaseKeyAlgorithm.TDES, SecretBytes.owning(HEX.parseHex("0123456789ABCDEF".repeat(2)))),
                Optional.empty()));
        Refusal refusal = Refusals.of(() -> OPENER.open(tracks(block(2, TRACK_2)), wrong));
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
    }

    @Test
    void paddingMustBeZeros() {
        requireRefused(
                tracks(block(2, TRACK_2 + "x", TRACK_2.length(), Optional.empty(), Optional.empty())),
                SwipeStep.PADDING);
        requireRefused(tracks(block(2, TRACK_2, 200, Optional.empty(), Optional.empty())), SwipeStep.PADDING);
    }

    @Test
    void aTrackMustBeBetweenItsSentinels() {
        requireRefused(tracks(block(1, TRACK_2)), SwipeStep.SENTINEL);
        requireRefused(tracks(block(2, TRACK_1)), SwipeStep.SENTINEL);
        requireRefused(tracks(block(2, TRACK_2.replace("?", "0"))), SwipeStep.SENTINEL);
        requireRefused(tracks(block(2, "?")), SwipeStep.SENTINEL);
        requireRefused(tracks(block(2, TRACK_2.substring(0, TRACK_2.length() - 1))), SwipeStep.SENTINEL);
    }

    @Test
    void theLrcCharacterOfATrackMustBeRight() {
        for (String track : List.of(TRACK_1, TRACK_2)) {
            int last = track.length() - 1;
            String wrong = track.substring(0, last) + (char) (track.charAt(last) ^ 1);
            requireRefused(tracks(block(track.equals(TRACK_1) ? 1 : 2, wrong)), SwipeStep.TRACK_LRC);
        }
    }

    @Test
    void aHashMustBeOfTheTrack() {
        SecretBytes clear = TestCards.secret(TRACK_2);
        for (int length : new int[] {20, 32}) {
            byte[] hash = HashChecks.of(length, clear);
            SwipeOpener opener = TestSwipes.opener();
            assertThat(opener.open(hashed(hash.clone()), anyOf(TDES_KEY)).track2())
                    .isPresent();
            byte[] wrong = hash.clone();
            wrong[length - 1] ^= 1;
            assertThat(Refusals.of(() -> opener.open(hashed(wrong), anyOf(TDES_KEY)))
                            .reason())
                    .isEqualTo("swipe, hash: the hash is of something else");
            assertThat(opener.open(hashed(new byte[length]), anyOf(TDES_KEY)).track2())
                    .isPresent();
            // Whoever guesses is not told when he is right.
            assertThat(Refusals.of(() -> opener.open(hashed(hash), anyOf(TDES_KEY)))
                            .reason())
                    .isEqualTo("swipe, hash: this KSN came with a wrong hash before");
        }
    }

    @Test
    void theVerificationValueOfACardKeyedInCannotBeGuessedByItsHash() {
        String text = TestCards.VISA + "=2911=";
        SwipeOpener opener = TestSwipes.opener();
        for (int guess = 0; guess < 1000; guess++) {
            SecretBytes hash = SecretBytes.owning(
                    HashChecks.of(20, TestCards.secret(text + String.format(Locale.ROOT, "%03d", guess))));
            var keyed = new EncryptedSwipe.Keyed(
                    TestSwipes.source(SwipeFormat.IDTECH_MANUAL),
                    TestSwipes.encrypt(TestCards.secret(text + "739")),
                    text.length() + 3,
                    Optional.of(hash));
            assertThat(Refusals.codeOf(() -> opener.open(keyed, anyOf(TDES_KEY))))
                    .isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
        }
    }

    @Test
    void theEldestKsnWithAWrongHashIsForgotten() {
        HashChecks checks = new HashChecks(2);
        SecretBytes clear = TestCards.secret(TRACK_2);
        SecretBytes right = SecretBytes.owning(HashChecks.of(20, clear));
        SecretBytes wrong = SecretBytes.owning(HashChecks.of(20, TestCards.secret(TRACK_1)));
        List<Ksn> ksns = Stream.of("FFFF9876543210E00001", "FFFF9876543210E00002", "FFFF9876543210E00003")
                .map(Ksn::parseHex)
                .toList();
        for (Ksn ksn : ksns) {
            assertThatThrownBy(() -> checks.require(ksn, wrong, clear)).isInstanceOf(Unreadable.class);
        }
        checks.require(ksns.getFirst(), right, clear);
        assertThatThrownBy(() -> checks.require(ksns.getLast(), right, clear)).isInstanceOf(Unreadable.class);
    }

    @Test
    void theFieldsOfATrackMustBeThoseOfABankCard() {
        for (String track : List.of(
                "%A" + TestCards.VISA + "^DOE^2911201?",
                "%B" + TestCards.VISA + "DOE2911201?",
                "%B41111^DOE^2911201?",
                "%B" + TestCards.VISA + "^doe^2911201?",
                "%B" + TestCards.VISA + "^DOE^29?",
                "%B" + TestCards.VISA + "^DOE?")) {
            requireRefused(tracks(block(1, withLrc(track))), SwipeStep.TRACK);
        }
        for (String track : List.of(
                ";" + TestCards.VISA + "?",
                ";" + TestCards.VISA + "=29?",
                ";" + TestCards.VISA + "=2911X?",
                ";41111=2911201?",
                ";" + TestCards.VISA + "0000=2911201?")) {
            requireRefused(tracks(block(2, withLrc(track))), SwipeStep.TRACK);
        }
    }

    @Test
    void thePanMustBeOne() {
        String wrong = TestCards.VISA.substring(0, 15) + "2";
        requireRefused(tracks(block(2, withLrc(";" + wrong + "=29112010000?"))), SwipeStep.PAN);
        requireRefused(
                tracks(block(2, withLrc(";" + TestCards.DOCUMENTED_TOKENS.getFirst() + "=29112010000?"))),
                SwipeStep.PAN);
        requireRefused(tracks(block(2, withLrc(";" + TestCards.cardOf("9", 16) + "=29112010000?"))), SwipeStep.PAN);
    }

    @Test
    void theExpiryMustBeAMonthThatACardMayHave() {
        for (String expiry : List.of("2900", "2913", "4702", "9912")) {
            requireRefused(
                    tracks(block(2, withLrc(";" + TestCards.VISA + "=" + expiry + "2010000?"))), SwipeStep.EXPIRY);
        }
        for (String expiry : List.of("0809", "2601", "4602", "4912")) {
            String track = withLrc(";" + TestCards.VISA + "=" + expiry + "2010000?");
            assertThat(OPENER.open(tracks(block(2, track)), anyOf(TDES_KEY))
                            .expiry()
                            .yymm())
                    .isEqualTo(expiry);
        }
    }

    @Test
    void theMaskMustAgree() {
        String stars = "*".repeat(8);
        assertThat(OPENER.open(masked(";4444" + stars + "1111=2911***?*"), anyOf(TDES_KEY))
                        .track2())
                .isPresent();
        requireRefused(masked(";4444" + stars + "*1111=****?*"), SwipeStep.MASK);
        requireRefused(masked(";4445" + stars + "1111=****?*"), SwipeStep.MASK);
        requireRefused(masked(";4444" + stars + "1112=****?*"), SwipeStep.MASK);
        requireRefused(masked("?"), SwipeStep.MASK);
        requireRefused(masked(";" + TestCards.VISA + "=****?*"), SwipeStep.UNENCRYPTED);
    }

    @Test
    void bothTracksMustBeOfOneCard() {
        String other = withLrc(";" + TestCards.VISA_ONES + "=29112010000?");
        requireRefused(tracks(block(1, TRACK_1), block(2, other)), SwipeStep.AGREEMENT);
        String later = withLrc(";" + TestCards.VISA + "=29122010000?");
        requireRefused(tracks(block(1, TRACK_1), block(2, later)), SwipeStep.AGREEMENT);
    }

    @Test
    void aThirdTrackWithThePanInClearIsRefused() {
        EncryptedSwipe.Tracks whole = tracks(block(2, TRACK_2));
        EncryptedSwipe.Tracks open = new EncryptedSwipe.Tracks(
                whole.source(),
                whole.entryMode(),
                whole.blocks(),
                true,
                false,
                Optional.of(TestCards.secret(";01" + TestCards.VISA + "==1?")),
                Optional.empty());
        requireRefused(open, SwipeStep.UNENCRYPTED);
    }

    /// Some Maestro cards' numbers begin as a tag 57 does.
    @Test
    void aPanThatBeginsAsATagAndALengthIsReadByItsMask() {
        String pan = TestCards.cardOf("571200", 16);
        String mask = "5712" + "C".repeat(8) + pan.substring(12) + "DCCCCCCCCCCCCCCF";

        CardRead read = OPENER.open(tags(tag("57", pan + "D29112010000001F", mask)), anyOf(TDES_KEY));

        assertThat(TestCards.text(read.pan().normalised())).isEqualTo(pan);
    }

    /// With a value as long as the second byte says, and padding where the tag's would be.
    @Test
    void aPanThatBeginsAsItsTagAndItsLengthIsReadAllTheSame() {
        String pan = TestCards.cardOf("571300", 16);
        String value = pan + "D2911201" + "12345678901234";
        String mask = "571300CCCCCC" + pan.substring(12) + "D" + "C".repeat(21);

        CardRead read = OPENER.open(tags(tag("57", value + "00".repeat(5), mask)), anyOf(TDES_KEY));

        assertThat(TestCards.text(read.pan().normalised())).isEqualTo(pan);
        assertThat(read.track2()).isPresent();
    }

    private static EncryptedSwipe.Tags tags(EncryptedTag... tags) {
        return new EncryptedSwipe.Tags(
                source(SwipeFormat.IDTECH_EMV), EntryMode.CHIP, List.of(tags), Optional.empty(), EmvTags.none());
    }

    private static EncryptedTag tag(String tag, String clear, String mask) {
        Optional<SecretBytes> masked =
                mask.isEmpty() ? Optional.empty() : Optional.of(SecretBytes.owning(HEX.parseHex(mask)));
        return new EncryptedTag(tag, encrypt(SecretBytes.owning(HEX.parseHex(clear))), masked);
    }

    @Test
    void chipDataMustAgreeToo() {
        String value = TestCards.VISA + "D29112010000001F";
        String mask = "4444" + "C".repeat(8) + "1111DCCCCCCCCCCCCCCF";
        assertThat(OPENER.open(tags(tag("57", value, mask.substring(0, value.length()))), anyOf(TDES_KEY))
                        .track2())
                .isPresent();
        requireRefused(tags(tag("57", TestCards.VISA + "E29112010000001F", "")), SwipeStep.TRACK);
        requireRefused(tags(tag("57", TestCards.VISA + "D29132010000001F", "")), SwipeStep.EXPIRY);
        requireRefused(tags(tag("57", value + "01", "")), SwipeStep.TRACK);
        requireRefused(tags(tag("57", value, mask.substring(0, value.length() - 2))), SwipeStep.PADDING);
        requireRefused(tags(tag("57", value, "4445" + mask.substring(4, value.length()))), SwipeStep.MASK);
        requireRefused(tags(tag("57", "5710" + value + "01", "")), SwipeStep.TRACK);
        requireRefused(tags(tag("5A", TestCards.VISA, "")), SwipeStep.MASK);
        requireRefused(tags(tag("5A", "5A08" + TestCards.VISA, "")), SwipeStep.EXPIRY);
        requireRefused(tags(tag("57", value, ""), tag("5A", "5A08" + TestCards.VISA_ONES, "")), SwipeStep.AGREEMENT);
        requireRefused(tags(tag("56", "42".repeat(20), "")), SwipeStep.TRACK);
    }

    @Test
    void whatSaysNothingOfItselfMustBeATrackOrATag() {
        for (String clear : List.of("hello, world", "A")) {
            requireRefused(bare(TestCards.secret(clear)), SwipeStep.SENTINEL);
        }
        requireRefused(bare(TestCards.secret(TRACK_1 + TRACK_2 + TRACK_2)), SwipeStep.TRACK);
        requireRefused(bare(TestCards.secret(TRACK_1 + "x" + TRACK_2)), SwipeStep.SENTINEL);
        requireRefused(bare(SecretBytes.owning(HEX.parseHex("5708" + TestCards.VISA))), SwipeStep.TRACK);
        requireRefused(bare(SecretBytes.owning(HEX.parseHex("5A08" + TestCards.VISA))), SwipeStep.EXPIRY);
        requireRefused(bare(SecretBytes.owning(HEX.parseHex("5AFF" + TestCards.VISA))), SwipeStep.TRACK);
        String twoTracks = TRACK_1.substring(0, TRACK_1.length() - 1) + TRACK_2.substring(0, TRACK_2.length() - 1);
        CardRead read = OPENER.open(bare(TestCards.secret(twoTracks)), anyOf(TDES_KEY));
        assertThat(read.track1()).isPresent();
        assertThat(read.track2()).isPresent();
    }

    private static EncryptedSwipe.Bare bare(SecretBytes clear) {
        return new EncryptedSwipe.Bare(source(SwipeFormat.KSN_AND_HEX), encrypt(clear), Optional.empty());
    }

    @Test
    void aContainerMustHoldOneTagWithACard() {
        requireRefused(container("F2020000", 4), SwipeStep.SENTINEL);
        requireRefused(container("FC00FC00", 4), SwipeStep.SENTINEL);
        requireRefused(container("FC82", 2), SwipeStep.TRACK);
        requireRefused(container("FC05F2039C010001", 7), SwipeStep.PADDING);
        requireRefused(container("FC05F2039C0100", 7), SwipeStep.TRACK);
        String card = "5710" + TestCards.VISA + "D29112010000001F";
        assertThat(OPENER.open(container("FC14F212" + card, 22), anyOf(TDES_KEY))
                        .track2())
                .isPresent();
        requireRefused(container("FC1EF21C" + card + "5A08" + TestCards.VISA_ONES, 32), SwipeStep.AGREEMENT);
    }

    private static EncryptedSwipe.Container container(String clear, int length) {
        return new EncryptedSwipe.Container(
                source(SwipeFormat.MAGTEK_EMV),
                encrypt(SecretBytes.owning(HEX.parseHex(clear))),
                length,
                EmvTags.none());
    }

    @Test
    void whatIsKeyedInMustHaveItsShape() {
        for (String text : List.of(
                TestCards.VISA + "=2911",
                TestCards.VISA + "2911=",
                TestCards.VISA + "=2911=12345",
                TestCards.VISA + "=2911=x")) {
            requireRefused(keyed(text), SwipeStep.TRACK);
        }
        requireRefused(keyed(TestCards.VISA + "=2913="), SwipeStep.EXPIRY);
        requireRefused(keyed(TestCards.VISA.substring(1) + "=2911="), SwipeStep.PAN);
        assertThat(OPENER.open(keyed(TestCards.VISA + "=2911=123"), anyOf(TDES_KEY))
                        .entryMode())
                .isEqualTo(EntryMode.KEYED);
    }

    private static EncryptedSwipe.Keyed keyed(String text) {
        return new EncryptedSwipe.Keyed(
                source(SwipeFormat.IDTECH_MANUAL), encrypt(TestCards.secret(text)), text.length(), Optional.empty());
    }
}
