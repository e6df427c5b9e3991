package cardsecure.swipe;

import cardsecure.TestCards;
import cardsecure.card.Expiry;
import cardsecure.card.Pan;
import cardsecure.card.TrackData;
import cardsecure.dukpt.BaseKey;
import cardsecure.dukpt.BaseKeyAlgorithm;
import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import cardsecure.dukpt.WorkingKeys;
import cardsecure.secret.SecretBytes;
import cardsecure.swipe.EncryptedSwipe.TrackBlock;
import cardsecure.swipe.EncryptedSwipe.TrackPart;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Swipes of test cards under the published test keys of X9.24, and what tests need to read them.
final class TestSwipes {
    static final HexFormat HEX = HexFormat.of().withUpperCase();

    /// The base key of X9.24-1:2009, A.4.
    static final BaseKey TDES_KEY =
            new BaseKey(BaseKeyAlgorithm.TDES, SecretBytes.owning(HEX.parseHex("0123456789ABCDEFFEDCBA9876543210")));
    /// The base key of X9.24-3:2017, annex B.
    static final BaseKey AES_KEY =
            new BaseKey(BaseKeyAlgorithm.AES_128, SecretBytes.owning(HEX.parseHex("FEDCBA9876543210F1F1F1F1F1F1F1F1")));

    static final Ksn TDES_KSN = Ksn.parseHex("FFFF9876543210E00008");
    /// A counter with as many ones as there may be.
    static final Ksn TDES_KSN_TEN_ONES = Ksn.parseHex("FFFF9876543210E003FF");

    static final Ksn AES_KSN = Ksn.parseHex("123456789012345600000001");

    static final String NAME = "DOE/JANE Q";
    static final String SERIAL = "CS000042";
    static final Expiry EXPIRY = new Expiry(2029, 11);
    static final Set<TrackData.Kind> BOTH = Set.of(TrackData.Kind.ONE, TrackData.Kind.TWO);

    static final SwipeReader READER = new SwipeReader(SwipeSettings.usual());
    static final SwipeOpener OPENER = opener();

    private TestSwipes() {}

    /// One that no swipe came to before.
    static SwipeOpener opener() {
        return new SwipeOpener(InstantSource.fixed(Instant.parse("2026-02-03T04:05:06Z")));
    }

    static Pan pan(String digits) {
        return Pan.parse(TestCards.secret(digits));
    }

    /// A plan with the key, cipher and variant that a format's readers have of themselves.
    static SwipePlan plan(SwipeFormat format) {
        boolean magTek = format.name().startsWith("MAGTEK");
        KeyVariant variant = magTek ? KeyVariant.PIN : KeyVariant.DATA_ONE_WAY;
        return plan(format, TestCards.VISA, NAME, TDES_KEY, TDES_KSN, variant, SwipeCipher.TDES);
    }

    static SwipePlan plan(
            SwipeFormat format, String pan, String name, BaseKey key, Ksn ksn, KeyVariant variant, SwipeCipher cipher) {
        return new SwipePlan(
                format, pan(pan), name, EXPIRY, "201", key, ksn, variant, cipher, SwipePlan.Hashes.ZERO, BOTH, SERIAL);
    }

    static SwipePlan with(SwipePlan plan, Set<TrackData.Kind> tracks, SwipePlan.Hashes hashes) {
        return new SwipePlan(
                plan.format(),
                plan.pan(),
                plan.name(),
                plan.expiry(),
                plan.serviceCode(),
                plan.baseKey(),
                plan.ksn(),
                plan.variant(),
                plan.cipher(),
                hashes,
                tracks,
                plan.serialNumber());
    }

    /// Has a base key for every KSN of its scheme, and no opinion on the variant.
    static SwipeKeys anyOf(BaseKey key) {
        return _ -> Optional.of(new SwipeKey(key, Optional.empty()));
    }

    static CardRead read(SecretBytes data, BaseKey key) {
        return OPENER.open(READER.read(data), anyOf(key));
    }

    /// A text with its LRC character.
    static String withLrc(String track) {
        byte[] bytes = TestCards.secret(track).reveal();
        return track + (char) TrackOpening.lrcOf(bytes, 0, bytes.length);
    }

    static SecretBytes encrypt(SecretBytes clear) {
        return SwipeCipher.TDES.encrypt(WorkingKeys.derive(TDES_KEY, TDES_KSN, KeyVariant.DATA_ONE_WAY), clear);
    }

    static Source source(SwipeFormat format) {
        return new Source(format, TDES_KSN, Optional.empty(), SwipeCipher.TDES, Optional.of(KeyVariant.DATA_ONE_WAY));
    }

    /// A swipe of any clear texts for tracks 1 and 2.
    static EncryptedSwipe.Tracks tracks(TrackBlock... blocks) {
        return new EncryptedSwipe.Tracks(
                source(SwipeFormat.IDTECH_KEYBOARD),
                EntryMode.SWIPED,
                List.of(blocks),
                true,
                false,
                Optional.empty(),
                Optional.empty());
    }

    /// A block of one track, as long as it is.
    static TrackBlock block(int number, String clear) {
        return block(number, clear, clear.length(), Optional.empty(), Optional.empty());
    }

    static TrackBlock block(
            int number, String clear, int length, Optional<SecretBytes> mask, Optional<SecretBytes> hash) {
        TrackPart part = new TrackPart(number, OptionalInt.of(length), mask, hash);
        return new TrackBlock(encrypt(TestCards.secret(clear)), List.of(part));
    }
}
