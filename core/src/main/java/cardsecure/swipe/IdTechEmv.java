package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import cardsecure.dukpt.Scheme;
import cardsecure.secret.SecretBytes;
import cardsecure.swipe.EncryptedSwipe.EncryptedTag;
import cardsecure.swipe.EncryptedSwipe.TrackBlock;
import cardsecure.swipe.EncryptedSwipe.TrackPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Chip data of ID TECH's readers (80000503-001, "TLV Tag Reference Guide"), in the three shapes that they
/// have: value alone, marked, and doubled after a byte C0.
final class IdTechEmv {
    private static final String KSN = "DFEE12";
    private static final String KSN_OTHER = "FFEE12";
    private static final String ENCRYPTION = "DFEE26";
    private static final String FRAME = "DFEE23";
    private static final String TRACK_LENGTHS = "DFEF4C";
    private static final String TRACK = "DFEF4D";
    private static final String STATUS = "DFEE25";
    private static final String ENTRY_MODE = "9F39";
    /// What only kernels of contactless cards send.
    private static final Set<String> CONTACTLESS = Set.of("FF8105", "FF8106", "DF8116", "DF8129");

    private static final Set<String> KNOWN = Set.of(KSN, KSN_OTHER, ENCRYPTION, FRAME, STATUS);
    private static final byte DOUBLED = (byte) 0xC0;

    private IdTechEmv() {}

    static Optional<EncryptedSwipe> read(byte[] bytes) {
        boolean doubled = bytes.length > 0 && bytes[0] == DOUBLED;
        Optional<Tlv> parsed = Tlv.parse(bytes, doubled ? 1 : 0, KNOWN);
        if (parsed.isEmpty() || KNOWN.stream().noneMatch(parsed.get()::has)) {
            return Optional.empty();
        }
        Tlv tlv = parsed.get();
        Optional<SecretBytes> frame = tlv.value(FRAME).filter(value -> value.length() > 0);
        if (frame.isPresent()) {
            CardTags.requireNoTrackBeside(tlv, List.of(frame.get()));
            Optional<EncryptedSwipe> swipe = IdTechFrame.read(frame.get().reveal());
            require(swipe.isPresent(), SwipeStep.EMV_TAG, "the tag of a swipe has no frame");
            return swipe;
        }
        return Optional.of(tags(tlv, doubled));
    }

    private static EncryptedSwipe tags(Tlv tlv, boolean doubled) {
        Ksn ksn = tlv.value(KSN)
                .or(() -> tlv.value(KSN_OTHER))
                .map(value -> Unreadable.at(SwipeStep.KSN, () -> Ksn.parse(value.reveal())))
                .orElseThrow(() -> new Unreadable(SwipeStep.KSN, "the chip data have no KSN"));
        SwipeCipher cipher = cipher(tlv, ksn);
        List<EncryptedTag> tags = CardTags.of(tlv, cipher, tlv.has(ENCRYPTION));
        Optional<TrackBlock> track = track(tlv, cipher, tags.isEmpty());
        require(!tags.isEmpty() || track.isPresent(), SwipeStep.EMV_EMPTY, "no tag names the card: 57, 5A, 56 or 9F6B");
        List<SecretBytes> taken = new ArrayList<>(CardTags.taken(tags));
        track.ifPresent(block -> taken.add(block.ciphertext()));
        CardTags.requireNoTrackBeside(tlv, taken);
        boolean marked = tlv.items().stream().anyMatch(item -> item.mark() == Tlv.Mark.ENCRYPTED);
        SwipeFormat unmarked = doubled ? SwipeFormat.IDTECH_EMV_DOUBLED : SwipeFormat.IDTECH_EMV;
        Optional<KeyVariant> variant =
                ksn.scheme() == Scheme.TDES ? Optional.of(KeyVariant.DATA_ONE_WAY) : Optional.empty();
        Source source = new Source(
                marked ? SwipeFormat.IDTECH_EMV_MARKED : unmarked,
                ksn,
                tlv.value("9F1E").flatMap(Serials::of),
                cipher,
                variant);
        return new EncryptedSwipe.Tags(source, entryMode(tlv), tags, track, EmvTags.of(tlv.items()));
    }

    /// Bits 2 and 1 of the first byte, as bits are counted from 0. A KSN of AES DUKPT settles it.
    private static SwipeCipher cipher(Tlv tlv, Ksn ksn) {
        int info = tlv.value(ENCRYPTION)
                .filter(value -> value.length() > 0)
                .map(value -> Byte.toUnsignedInt(value.reveal()[0]))
                .orElse(0);
        return switch (info >> 1 & 3) {
            case 0 -> ksn.scheme() == Scheme.AES ? SwipeCipher.AES : SwipeCipher.TDES;
            case 1 -> SwipeCipher.AES;
            default -> throw new Unreadable(SwipeStep.UNSUPPORTED, "an encryption that is neither TDES nor AES");
        };
    }

    /// Of a tag that comes again, the first counts: this is asked of decrypted tags too, and refuses nothing.
    static EntryMode entryMode(Tlv tlv) {
        int told = tlv.all(ENTRY_MODE).stream()
                .map(Tlv.Item::value)
                .filter(value -> value.length() > 0)
                .findFirst()
                .map(value -> Byte.toUnsignedInt(value.reveal()[0]))
                .orElse(0);
        return switch (told) {
            case 0x07, 0x91 -> EntryMode.CONTACTLESS;
            case 0x02, 0x80, 0x90 -> EntryMode.SWIPED;
            default -> CONTACTLESS.stream().anyMatch(tlv::has) ? EntryMode.CONTACTLESS : EntryMode.CHIP;
        };
    }

    /// A track beside the tags. How several would share a ciphertext is not published, so one is taken; where tags
    /// name the card, others are left where they are.
    ///
    /// @param needed whether nothing else names the card
    private static Optional<TrackBlock> track(Tlv tlv, SwipeCipher cipher, boolean needed) {
        Optional<SecretBytes> ciphertext = tlv.value(TRACK).filter(value -> value.length() > 0);
        Optional<SecretBytes> lengths = tlv.value(TRACK_LENGTHS);
        if (ciphertext.isEmpty() || lengths.isEmpty()) {
            return Optional.empty();
        }
        CardTags.requireNotClear(ciphertext.get(), false);
        try {
            return Optional.of(track(ciphertext.get(), lengths.get().reveal(), cipher));
        } catch (Unreadable e) {
            if (needed) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /// @param each the lengths of tracks 1, 2 and others
    private static TrackBlock track(SecretBytes ciphertext, byte[] each, SwipeCipher cipher) {
        CardTags.requireBlocks(ciphertext, cipher);
        require(each.length >= 3, SwipeStep.EMV_TAG, "the tag of the tracks' lengths is too short");
        int number = 0;
        for (int i = 0; i < each.length; i++) {
            if (each[i] != 0) {
                require(number == 0 && i < 2, SwipeStep.EMV_TAG, "a ciphertext of several tracks, or of track 3");
                number = i + 1;
            }
        }
        require(number > 0, SwipeStep.EMV_TAG, "a track has no length");
        int length = Byte.toUnsignedInt(each[number - 1]);
        require(
                cipher.padded(length) == ciphertext.length(),
                SwipeStep.EMV_TAG,
                "a track is not as long as its tag says");
        TrackPart part = new TrackPart(number, OptionalInt.of(length), Optional.empty(), Optional.empty());
        return new TrackBlock(ciphertext, List.of(part));
    }
}
