package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import cardsecure.secret.SecretBytes;
import cardsecure.swipe.EncryptedSwipe.TrackBlock;
import cardsecure.swipe.EncryptedSwipe.TrackPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The line that MagTek's readers type (MagneSafe V5, 99875475): masked tracks, then status, three ciphertexts,
/// MagnePrint status and data, serial number, session id, KSN, two CRCs and the format, each after a separator.
///
/// The CRCs are not checked: the manual does not say which CRC goes over what.
final class MagTekKeyboard implements FormatReader {
    private static final int FIELDS = 13;
    private static final int STATUS = 1;
    private static final int TRACK_1 = 2;
    private static final int SERIAL = 7;
    private static final int SESSION = 8;
    private static final int KSN = 9;
    private static final int CIPHERTEXT_MAX = 112;

    private final char separator;

    MagTekKeyboard(char separator) {
        this.separator = separator;
    }

    @Override
    public Optional<EncryptedSwipe> read(byte[] bytes) {
        List<byte[]> fields = split(bytes);
        if (fields.size() != FIELDS || Readings.fromHex(fields.get(STATUS)).isEmpty()) {
            return Optional.empty();
        }
        Ksn ksn = ksn(fields.get(KSN));
        List<byte[]> masks = masks(fields.getFirst());
        List<TrackBlock> blocks = new ArrayList<>();
        addBlock(blocks, 1, hex(fields.get(TRACK_1)), mask(masks, '%'));
        addBlock(blocks, 2, hex(fields.get(TRACK_1 + 1)), mask(masks, ';'));
        require(!blocks.isEmpty(), SwipeStep.STRUCTURE, "neither track 1 nor 2 was read");
        return Optional.of(new EncryptedSwipe.Tracks(
                source(SwipeFormat.MAGTEK_KEYBOARD, ksn, Serials.of(SecretBytes.copyOf(fields.get(SERIAL)))),
                EntryMode.SWIPED,
                blocks,
                false,
                true,
                Optional.empty(),
                hex(fields.get(SESSION))));
    }

    private static void addBlock(
            List<TrackBlock> blocks, int number, Optional<SecretBytes> ciphertext, Optional<SecretBytes> mask) {
        require(
                ciphertext.isPresent() || mask.isEmpty(),
                SwipeStep.UNENCRYPTED,
                "the line has a track that is not encrypted");
        ciphertext.ifPresent(bytes -> blocks.add(block(number, bytes, mask)));
    }

    /// A track that ends with its sentinel, not with an LRC character.
    static TrackBlock block(int number, SecretBytes ciphertext, Optional<SecretBytes> mask) {
        int length = ciphertext.length();
        require(!ClearTracks.areIn(ciphertext.reveal()), SwipeStep.UNENCRYPTED, "a ciphertext is a track in clear");
        require(
                length > 0 && length <= CIPHERTEXT_MAX && length % SwipeCipher.TDES.blockLength() == 0,
                SwipeStep.STRUCTURE,
                "a ciphertext has up to 14 blocks of 8 bytes");
        return new TrackBlock(ciphertext, List.of(new TrackPart(number, OptionalInt.empty(), mask, Optional.empty())));
    }

    static Source source(SwipeFormat format, Ksn ksn, Optional<String> serial) {
        return new Source(format, ksn, serial, SwipeCipher.TDES, Optional.of(KeyVariant.PIN));
    }

    private static Ksn ksn(byte[] digits) {
        byte[] bytes = Readings.fromHex(digits)
                .filter(each -> each.length == Ksn.TDES_LENGTH)
                .orElseThrow(() -> new Unreadable(SwipeStep.KSN, "a KSN has 20 hexadecimal digits"));
        return Unreadable.at(SwipeStep.KSN, () -> Ksn.parse(bytes));
    }

    /// A field's bytes; nothing, if it is empty.
    private static Optional<SecretBytes> hex(byte[] field) {
        if (field.length == 0) {
            return Optional.empty();
        }
        return Optional.of(SecretBytes.owning(Readings.fromHex(field)
                .orElseThrow(() -> new Unreadable(SwipeStep.STRUCTURE, "a field is not hexadecimal"))));
    }

    private List<byte[]> split(byte[] bytes) {
        List<byte[]> fields = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= bytes.length && fields.size() <= FIELDS; i++) {
            if (i == bytes.length || bytes[i] == separator) {
                fields.add(Arrays.copyOfRange(bytes, from, i));
                from = i + 1;
            }
        }
        return fields;
    }

    /// The tracks, each of which ends with a question mark.
    private static List<byte[]> masks(byte[] text) {
        List<byte[]> masks = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '?') {
                masks.add(Arrays.copyOfRange(text, from, i + 1));
                from = i + 1;
            }
        }
        require(from == text.length && masks.size() <= 3, SwipeStep.STRUCTURE, "the masked tracks do not end as such");
        return masks;
    }

    private static Optional<SecretBytes> mask(List<byte[]> masks, char sentinel) {
        return masks.stream().filter(mask -> mask[0] == sentinel).findFirst().map(SecretBytes::copyOf);
    }
}
