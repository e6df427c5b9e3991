package cardsecure.swipe;

import static cardsecure.swipe.TestSwipes.AES_KEY;
import static cardsecure.swipe.TestSwipes.AES_KSN;
import static cardsecure.swipe.TestSwipes.BOTH;
import static cardsecure.swipe.TestSwipes.EXPIRY;
import static cardsecure.swipe.TestSwipes.NAME;
import static cardsecure.swipe.TestSwipes.OPENER;
import static cardsecure.swipe.TestSwipes.READER;
import static cardsecure.swipe.TestSwipes.SERIAL;
import static cardsecure.swipe.TestSwipes.TDES_KEY;
import static cardsecure.swipe.TestSwipes.TDES_KSN;
import static cardsecure.swipe.TestSwipes.TDES_KSN_TEN_ONES;
import static cardsecure.swipe.TestSwipes.anyOf;
import static cardsecure.swipe.TestSwipes.plan;
import static cardsecure.swipe.TestSwipes.read;
import static cardsecure.swipe.TestSwipes.with;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.TestCards;
import cardsecure.card.TrackData;
import cardsecure.dukpt.KeyVariant;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What [SwipeMaker] makes, the reader reads: every format with every key, card and encoding that it can have.
class SwipeRoundTripTest {
    private static final List<String> NAMES = List.of("DOE/JANE Q", "FDMS TEST CARD   /VISA", "LEE/");
    private static final List<String> CARDS =
            List.of(TestCards.VISA, TestCards.AMEX, TestCards.MAESTRO_19, TestCards.VISA_13, TestCards.MAESTRO);
    private static final List<Set<TrackData.Kind>> TRACKS =
            List.of(BOTH, Set.of(TrackData.Kind.ONE), Set.of(TrackData.Kind.TWO));

    @ParameterizedTest
    @EnumSource
    void whatIsMadeIsRead(SwipeFormat format) {
        int made = 0;
        for (SwipePlan plan : plans(format)) {
            SecretBytes swipe = SwipeMaker.make(plan);
            for (SecretBytes sent : sent(swipe)) {
                requireSame(plan, read(sent, plan.baseKey()));
                made++;
            }
        }

        assertThat(made).isGreaterThan(100);
    }

    /// Every plan that the format can have; the maker says which.
    private static List<SwipePlan> plans(SwipeFormat format) {
        List<SwipePlan> all = new ArrayList<>();
        for (String card : CARDS) {
            for (String name : NAMES) {
                for (SwipeCipher cipher : SwipeCipher.values()) {
                    for (KeyVariant variant : List.of(KeyVariant.DATA_ONE_WAY, KeyVariant.PIN, KeyVariant.DATA_PLAIN)) {
                        all.add(plan(format, card, name, TDES_KEY, TDES_KSN, variant, cipher));
                    }
                }
                all.add(plan(format, card, name, AES_KEY, AES_KSN, KeyVariant.AES_128_DATA, SwipeCipher.AES));
            }
        }
        all.add(plan(
                format,
                TestCards.VISA,
                NAMES.getFirst(),
                TDES_KEY,
                TDES_KSN_TEN_ONES,
                KeyVariant.DATA_ONE_WAY,
                SwipeCipher.TDES));
        List<SwipePlan> possible = new ArrayList<>();
        for (SwipePlan plan : all) {
            for (Set<TrackData.Kind> tracks : TRACKS) {
                for (SwipePlan.Hashes hashes : SwipePlan.Hashes.values()) {
                    planned(plan, tracks, hashes)
                            .filter(SwipeRoundTripTest::isPossible)
                            .ifPresent(possible::add);
                }
            }
        }
        return possible;
    }

    private static Optional<SwipePlan> planned(SwipePlan plan, Set<TrackData.Kind> tracks, SwipePlan.Hashes hashes) {
        try {
            return Optional.of(with(plan, tracks, hashes));
        } catch (Refusal noReaderDoes) {
            return Optional.empty();
        }
    }

    private static boolean isPossible(SwipePlan plan) {
        try {
            SwipeMaker.make(plan).destroy();
            return true;
        } catch (Refusal refusal) {
            assertThat(refusal.code()).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
            return false;
        }
    }

    /// All ways in which clients send a swipe, and what a missing URL encoding makes of them.
    private static List<SecretBytes> sent(SecretBytes swipe) {
        List<SecretBytes> sent = new ArrayList<>();
        for (SwipeEncoding encoding : SwipeEncoding.values()) {
            sent.add(encoding.encode(swipe));
        }
        String base64 = TestCards.text(SwipeEncoding.BASE64.encode(swipe));
        sent.add(TestCards.secret(base64.replace('+', ' ')));
        sent.add(TestCards.secret(URLEncoder.encode(base64, StandardCharsets.US_ASCII)));
        sent.add(
                TestCards.secret(TestCards.text(SwipeEncoding.HEX.encode(swipe)).toLowerCase(Locale.ROOT)));
        String bytes = new String(swipe.reveal(), StandardCharsets.ISO_8859_1);
        sent.add(TestCards.secret(URLEncoder.encode(bytes, StandardCharsets.ISO_8859_1)));
        boolean text = true;
        for (byte each : swipe.reveal()) {
            text &= each >= ' ' && each <= '~';
        }
        if (text) {
            String raw = TestCards.text(swipe);
            sent.add(TestCards.secret(raw + "\r\n"));
            sent.add(TestCards.secret(raw.replace(' ', '+')));
            sent.add(TestCards.secret(raw.replace(" ", "%20")));
            sent.add(TestCards.secret(URLEncoder.encode(raw, StandardCharsets.US_ASCII)));
        }
        return sent;
    }

    private static void requireSame(SwipePlan plan, CardRead read) {
        assertThat(read.pan()).isEqualTo(plan.pan());
        assertThat(read.expiry()).isEqualTo(EXPIRY);
        assertThat(read.source().ksn()).isEqualTo(plan.ksn());
        assertThat(read.source().format()).isEqualTo(plan.format());
        ClearCard card = ClearCard.of(plan);
        boolean keyed = read.entryMode() == EntryMode.KEYED;
        boolean chip = read.entryMode() == EntryMode.CHIP;
        assertThat(text(read.track1()))
                .isEqualTo(chip || keyed ? "" : TestCards.text(ClearCard.withoutLrc(card.track1())));
        assertThat(text(read.track2())).isEqualTo(keyed ? "" : TestCards.text(ClearCard.withoutLrc(card.track2())));
        read.source().serialNumber().ifPresent(serial -> assertThat(serial).isEqualTo(SERIAL));
        assertThat(read.entryMode()).isEqualTo(entryMode(plan.format()));
        if (chip) {
            assertThat(read.emvTags().values()).containsKeys("82", "95", "9A", "9F26", "9F36", "5F24");
        }
    }

    private static String text(Optional<TrackData> track) {
        return track.map(each -> TestCards.text(each.text())).orElse("");
    }

    private static EntryMode entryMode(SwipeFormat format) {
        return switch (format) {
            case IDTECH_KEYBOARD,
                    IDTECH_BINARY,
                    IDTECH_ORIGINAL,
                    MAGTEK_KEYBOARD,
                    MAGTEK_HID,
                    GENERIC_TLV,
                    KSN_AND_HEX,
                    RUA -> EntryMode.SWIPED;
            case IDTECH_MANUAL, IDTECH_MANUAL_ENHANCED -> EntryMode.KEYED;
            case IDTECH_EMV, IDTECH_EMV_MARKED, IDTECH_EMV_DOUBLED, MAGTEK_EMV, GENERIC_TAGS -> EntryMode.CHIP;
        };
    }

    @Test
    void anOlderFrameMayBeTypedToo() {
        SwipePlan plan = with(plan(SwipeFormat.IDTECH_ORIGINAL), BOTH, SwipePlan.Hashes.SHA1);

        requireSame(plan, read(new SwipeMaker(plan).original(ClearCard.of(plan), true), TDES_KEY));
    }

    /// Firmware sends the same frame inside of a tag.
    @Test
    void aFrameInATagIsRead() {
        SwipePlan plan = plan(SwipeFormat.IDTECH_BINARY);
        byte[] frame = Tlv.encode("DFEE23", SwipeMaker.make(plan).reveal());
        byte[] head = TestSwipes.HEX.parseHex("DFEE25020011");

        requireSame(plan, read(SecretBytes.owning(Tlv.joined(head, frame)), TDES_KEY));
    }

    @Test
    void theOperatorsVariantIsTheOnlyOneTried() {
        EncryptedSwipe swipe = READER.read(SwipeMaker.make(plan(SwipeFormat.IDTECH_KEYBOARD)));
        SwipeKey pin = new SwipeKey(TDES_KEY, Optional.of(KeyVariant.PIN));

        assertThat(OPENER.open(swipe, anyOf(TDES_KEY)).pan()).isEqualTo(TestSwipes.pan(TestCards.VISA));
        assertThat(Refusals.codeOf(() -> OPENER.open(swipe, _ -> Optional.of(pin))))
                .isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
    }

    /// Bit 6 of an ID TECH frame's eighth field says so. Nothing else changes what the operator said.
    @Test
    void aFrameThatSaysThatItHasThePinKeyOverridesTheUsualKey() {
        SwipeKeys usual = _ -> Optional.of(new SwipeKey(TDES_KEY, Optional.of(KeyVariant.DATA_ONE_WAY)));
        SwipeKeys plain = _ -> Optional.of(new SwipeKey(TDES_KEY, Optional.of(KeyVariant.DATA_PLAIN)));
        for (SwipeFormat format :
                List.of(SwipeFormat.IDTECH_KEYBOARD, SwipeFormat.IDTECH_BINARY, SwipeFormat.IDTECH_MANUAL_ENHANCED)) {
            EncryptedSwipe swipe = READER.read(SwipeMaker.make(
                    plan(format, TestCards.VISA, NAME, TDES_KEY, TDES_KSN, KeyVariant.PIN, SwipeCipher.TDES)));

            assertThat(OPENER.open(swipe, usual).pan()).isEqualTo(TestSwipes.pan(TestCards.VISA));
            assertThat(Refusals.codeOf(() -> OPENER.open(swipe, plain))).isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
        }
        EncryptedSwipe line = READER.read(SwipeMaker.make(plan(SwipeFormat.MAGTEK_KEYBOARD)));
        assertThat(Refusals.codeOf(() -> OPENER.open(line, usual))).isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
    }

    @Test
    void otherSeparatorsAndTagsAreRead() {
        SwipeReader reader = new SwipeReader(new SwipeSettings('~', "DFAE02", "DF8101", "DFAE57"));
        String line = TestCards.text(SwipeMaker.make(plan(SwipeFormat.MAGTEK_KEYBOARD)));
        String tlv = TestCards.text(SwipeEncoding.HEX.encode(SwipeMaker.make(plan(SwipeFormat.GENERIC_TLV))));

        assertThat(reader.read(TestCards.secret(MagTekLineTest.line('~', line.split("\\|", -1)))))
                .isInstanceOf(EncryptedSwipe.Tracks.class);
        assertThat(reader.read(TestCards.secret(tlv.replace("DFAE03", "DF8101"))))
                .isInstanceOf(EncryptedSwipe.Bare.class);
        assertThat(Refusals.codeOf(() -> reader.read(TestCards.secret(tlv)))).isEqualTo(ErrorCode.INVALID_SWIPE_DATA);
    }

    @Test
    void nothingPrintsWhatItHolds() {
        for (SwipeFormat format : SwipeFormat.values()) {
            SwipePlan plan = plan(format);
            EncryptedSwipe swipe = READER.read(SwipeMaker.make(plan));
            CardRead read = OPENER.open(swipe, anyOf(TDES_KEY));

            assertThat(swipe + "" + read + plan)
                    .as(format.name())
                    .doesNotContain(TestCards.VISA)
                    .doesNotContain(TestCards.VISA.substring(6, 12))
                    .doesNotContain(EXPIRY.yymm());
        }
    }

    @Test
    void tracksCanBeDestroyed() {
        CardRead read = read(SwipeMaker.make(plan(SwipeFormat.IDTECH_KEYBOARD)), TDES_KEY);
        read.destroyTracks();

        assertThat(read.track1().orElseThrow().text().reveal()).containsOnly(0);
        assertThat(read.track2().orElseThrow().text().reveal()).containsOnly(0);
        assertThat(read.pan()).isEqualTo(TestSwipes.pan(TestCards.VISA));
    }
}
