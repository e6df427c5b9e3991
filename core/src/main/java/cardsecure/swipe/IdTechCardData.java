package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import cardsecure.secret.SecretBytes;
import cardsecure.swipe.EncryptedSwipe.TrackBlock;
import cardsecure.swipe.EncryptedSwipe.TrackPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The card data of ID TECH's frames: the older format, the enhanced one, and that of SREDKey for what is keyed
/// in (80000502-001; SREDKey 2 Integration Manual, 9.3).
final class IdTechCardData {
    private static final int ENHANCED = 0x80;
    private static final int MANUAL = 0x85;
    private static final int MANUAL_ENHANCED = 0xC0;
    private static final int SHA1 = 20;
    private static final int SHA256 = 32;
    private static final int SERIAL = 10;
    private static final int OPTIONAL_MAX = 8;
    private static final int MANUAL_MAX = 180;
    private static final int MANUAL_FIELD_MAX = 20;

    private final Fields fields;
    private final boolean keyboard;

    private IdTechCardData(Fields fields, boolean keyboard) {
        this.fields = fields;
        this.keyboard = keyboard;
    }

    static EncryptedSwipe read(Fields fields, boolean keyboard) {
        int encodeType = fields.number();
        int status = fields.number();
        int[] lengths = {fields.number(), fields.number(), fields.number()};
        IdTechCardData data = new IdTechCardData(fields, keyboard);
        boolean noTracks = (status | lengths[0] | lengths[1] | lengths[2]) == 0;
        return switch (encodeType) {
            case 0x00, 0x01, 0x03 -> data.original(lengths);
            case ENHANCED, 0x81, 0x83, MANUAL_ENHANCED -> data.enhanced(encodeType, status, lengths);
            case MANUAL -> {
                require(noTracks, SwipeStep.UNSUPPORTED, "encode type 85 with tracks, which Japanese cards have");
                yield data.manual();
            }
            default -> throw new Unreadable(SwipeStep.UNSUPPORTED, "an encode type that is no bank card's");
        };
    }

    private EncryptedSwipe original(int[] lengths) {
        SecretBytes mask1 = fields.text(lengths[0]);
        SecretBytes mask2 = fields.text(lengths[1]);
        SecretBytes track3 = fields.text(lengths[2]);
        require(lengths[0] + lengths[1] > 0, SwipeStep.STRUCTURE, "neither track 1 nor 2 was read");
        require(!fields.isEmpty(), SwipeStep.UNENCRYPTED, "the frame has tracks and no ciphertext");
        SecretBytes ciphertext = fields.bytes(SwipeCipher.TDES.padded(lengths[0] + lengths[1]));
        List<TrackPart> parts = new ArrayList<>();
        if (lengths[0] > 0) {
            parts.add(part(1, lengths[0], Optional.of(mask1), Optional.of(fields.bytes(SHA1))));
        }
        if (lengths[1] > 0) {
            parts.add(part(2, lengths[1], Optional.of(mask2), Optional.of(fields.bytes(SHA1))));
        }
        Ksn ksn = ksn(Ksn.TDES_LENGTH);
        fields.requireEmpty();
        Source source = new Source(
                SwipeFormat.IDTECH_ORIGINAL,
                ksn,
                Optional.empty(),
                SwipeCipher.TDES,
                Optional.of(KeyVariant.DATA_ONE_WAY));
        return new EncryptedSwipe.Tracks(
                source,
                EntryMode.SWIPED,
                List.of(new TrackBlock(ciphertext, parts)),
                true,
                false,
                Optional.of(track3).filter(track -> track.length() > 0),
                Optional.empty());
    }

    private static TrackPart part(int number, int length, Optional<SecretBytes> mask, Optional<SecretBytes> hash) {
        return new TrackPart(number, OptionalInt.of(length), mask, hash);
    }

    private EncryptedSwipe manual() {
        int status = fields.number();
        int length = fields.number();
        require(length > 0 && length <= MANUAL_MAX, SwipeStep.STRUCTURE, "what is keyed in has up to 180 characters");
        require((status & 0xF0) == 0, SwipeStep.STRUCTURE, "a status that says what is not known");
        SecretBytes ciphertext = fields.bytes(SwipeCipher.TDES.padded(length));
        if (bit(status, 3)) {
            fields.bytes(SwipeCipher.TDES.blockLength());
        }
        SecretBytes hash = fields.bytes(SHA1);
        // Expiry, street number and ZIP code in clear, each after its length; they do not make a token.
        for (int i = 2; i >= 0; i--) {
            if (bit(status, i)) {
                int fieldLength = fields.number();
                require(fieldLength <= MANUAL_FIELD_MAX, SwipeStep.STRUCTURE, "a field is longer than 20 characters");
                fields.text(fieldLength);
            }
        }
        Ksn ksn = ksn(Ksn.TDES_LENGTH);
        fields.requireEmpty();
        Source source = new Source(
                SwipeFormat.IDTECH_MANUAL,
                ksn,
                Optional.empty(),
                SwipeCipher.TDES,
                Optional.of(KeyVariant.DATA_ONE_WAY));
        return new EncryptedSwipe.Keyed(source, ciphertext, length, Optional.of(hash));
    }

    private EncryptedSwipe enhanced(int encodeType, int status, int[] lengths) {
        int shown = fields.number();
        int sent = fields.number();
        int options = options(status);
        require(!bit(shown, 3), SwipeStep.UNSUPPORTED, "the frame is encrypted with a fixed key");
        boolean aesDukpt = aesDukpt(options);
        SwipeCipher cipher = bit(shown, 4) || aesDukpt ? SwipeCipher.AES : SwipeCipher.TDES;
        List<Optional<SecretBytes>> masks = new ArrayList<>();
        List<Optional<SecretBytes>> ciphertexts = new ArrayList<>();
        List<Optional<SecretBytes>> hashes = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++) {
            masks.add(bit(shown, i) && lengths[i] > 0 ? Optional.of(fields.text(lengths[i])) : Optional.empty());
        }
        requireEncrypted(sent, lengths, masks);
        for (int i = 0; i < lengths.length; i++) {
            boolean present = bit(sent, i) && lengths[i] > 0;
            ciphertexts.add(present ? Optional.of(fields.bytes(cipher.padded(lengths[i]))) : Optional.empty());
        }
        // It is not decrypted, so nobody else would see.
        ciphertexts.get(2).ifPresent(IdTechCardData::requireNotClear);
        Optional<SecretBytes> session =
                bit(sent, 6) ? Optional.of(fields.bytes(cipher.blockLength())) : Optional.empty();
        int hashLength = bit(options, 0) ? SHA256 : SHA1;
        for (int i = 0; i < lengths.length; i++) {
            hashes.add(bit(sent, 3 + i) ? Optional.of(fields.bytes(hashLength)) : Optional.empty());
        }
        Optional<String> serial = bit(shown, 7) ? Serials.of(fields.bytes(SERIAL)) : Optional.empty();
        require(bit(sent, 7), SwipeStep.KSN, "the frame has no KSN");
        Ksn ksn = ksn(aesDukpt ? Ksn.AES_LENGTH : Ksn.TDES_LENGTH);
        if (bit(options, 5)) {
            // What the MAC goes over is not published.
            fields.bytes(fields.number());
            fields.bytes(aesDukpt ? Ksn.AES_LENGTH : Ksn.TDES_LENGTH);
        }
        fields.requireEmpty();
        Optional<KeyVariant> variant =
                aesDukpt ? Optional.empty() : Optional.of(bit(shown, 6) ? KeyVariant.PIN : KeyVariant.DATA_ONE_WAY);
        boolean manual = encodeType == MANUAL_ENHANCED;
        List<TrackBlock> blocks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            TrackPart part = part(i + 1, lengths[i], masks.get(i), hashes.get(i));
            ciphertexts.get(i).ifPresent(ciphertext -> blocks.add(new TrackBlock(ciphertext, List.of(part))));
        }
        return new EncryptedSwipe.Tracks(
                new Source(manual ? SwipeFormat.IDTECH_MANUAL_ENHANCED : format(), ksn, serial, cipher, variant),
                manual ? EntryMode.KEYED : EntryMode.SWIPED,
                blocks,
                true,
                false,
                ciphertexts.get(2).isPresent() ? Optional.empty() : masks.get(2),
                session);
    }

    private static void requireNotClear(SecretBytes track3) {
        boolean clear = ClearTracks.areIn(track3.reveal()) || ClearTracks.isPanInTrack3(track3.reveal());
        require(!clear, SwipeStep.UNENCRYPTED, "what should be the ciphertext of track 3 is in clear");
    }

    private SwipeFormat format() {
        return keyboard ? SwipeFormat.IDTECH_KEYBOARD : SwipeFormat.IDTECH_BINARY;
    }

    /// The first of the optional bytes; those after it have no meaning that is known.
    private int options(int status) {
        if (!bit(status, 6)) {
            return 0;
        }
        int length = fields.number();
        require(length > 0 && length <= OPTIONAL_MAX, SwipeStep.STRUCTURE, "there are 1 to 8 optional bytes");
        return Byte.toUnsignedInt(fields.bytes(length).reveal()[0]);
    }

    private static boolean aesDukpt(int options) {
        if (!bit(options, 1)) {
            return false;
        }
        return switch (options >> 2 & 7) {
            case 0b101 -> true;
            case 0b000, 0b100 -> throw new Unreadable(SwipeStep.UNSUPPORTED, "the frame is encrypted for TransArmor");
            default -> throw new Unreadable(SwipeStep.UNSUPPORTED, "an encryption type that is not known");
        };
    }

    /// What is not encrypted is shown in clear.
    private static void requireEncrypted(int sent, int[] lengths, List<Optional<SecretBytes>> masks) {
        boolean any = false;
        for (int i = 0; i < 2; i++) {
            boolean encrypted = bit(sent, i) && lengths[i] > 0;
            require(
                    encrypted || masks.get(i).isEmpty(),
                    SwipeStep.UNENCRYPTED,
                    "the frame has a track that is not encrypted");
            any |= encrypted;
        }
        require(any, SwipeStep.STRUCTURE, "neither track 1 nor 2 was read");
    }

    private Ksn ksn(int length) {
        SecretBytes bytes = fields.bytes(length);
        return Unreadable.at(SwipeStep.KSN, () -> Ksn.parse(bytes.reveal()));
    }

    private static boolean bit(int flags, int number) {
        return (flags >> number & 1) == 1;
    }
}
