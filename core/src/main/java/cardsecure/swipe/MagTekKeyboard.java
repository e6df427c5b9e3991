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
/// MagnePrint status and data, serial number, session id, KSN, an encryption counter, two CRCs and the format, each
/// after a separator. Readers can be set to leave out MagnePrint's fields with their separators (iDynamo, property
/// 15h), and leave out the counter unless they are set to send it.
///
/// The first CRC goes over all before it and is checked. The second is encrypted, which nothing is gained by.
final class MagTekKeyboard implements FormatReader {
    private static final int FIELDS_MIN = 11;
    private static final int FIELDS_MAX = 14;
    private static final int STATUS = 1;
    private static final int TRACK_1 = 2;
    private static final int MAGNE_PRINT = 5;
    private static final int MAGNE_PRINT_FIELDS = 2;
    /// From the place where MagnePrint's fields are or are not.
    private static final int KSN_AFTER = 2;
    /// From the end: this CRC, the other, the format.
    private static final int CRC_BEFORE_END = 3;
    private static final int CRC_DIGITS = 4;
    private static final int CRC_POLYNOMIAL = 0x1021;
    private static final int CRC_START = 0xFFFF;
    /// The mask of a track that the reader could not decode, after the sentinel.
    private static final String ERROR = "E?";
    private static final int CIPHERTEXT_MAX = 112;

    private final char separator;

    MagTekKeyboard(char separator) {
        this.separator = separator;
    }

    @Override
    public Optional<EncryptedSwipe> read(byte[] bytes) {
        List<byte[]> fields = split(bytes);
        boolean like = fields.size() >= FIELDS_MIN && fields.size() <= FIELDS_MAX;
        if (!like || Readings.fromHex(fields.get(STATUS)).isEmpty()) {
            return Optional.empty();
        }
        int ksnAt = ksnAt(fields);
        Ksn ksn = Unreadable.at(
                SwipeStep.KSN,
                () -> Ksn.parse(Readings.fromHex(fields.get(ksnAt)).orElseThrow()));
        requireCrc(bytes, fields);
        List<byte[]> masks = masks(fields.getFirst());
        List<TrackBlock> blocks = new ArrayList<>();
        addBlock(blocks, 1, hex(fields.get(TRACK_1)), mask(masks, '%'));
        addBlock(blocks, 2, hex(fields.get(TRACK_1 + 1)), mask(masks, ';'));
        hex(fields.get(TRACK_1 + 2)).ifPresent(MagTekKeyboard::requireNotClear);
        require(!blocks.isEmpty(), SwipeStep.STRUCTURE, "neither track 1 nor 2 was read");
        return Optional.of(new EncryptedSwipe.Tracks(
                source(SwipeFormat.MAGTEK_KEYBOARD, ksn, Serials.of(SecretBytes.copyOf(fields.get(ksnAt - 2)))),
                EntryMode.SWIPED,
                blocks,
                false,
                true,
                thirdTrack(masks),
                hex(fields.get(ksnAt - 1))));
    }

    private static void addBlock(
            List<TrackBlock> blocks, int number, Optional<SecretBytes> ciphertext, Optional<SecretBytes> mask) {
        boolean unread = mask.filter(MagTekKeyboard::isError).isPresent();
        require(
                ciphertext.isPresent() || mask.isEmpty() || unread,
                SwipeStep.UNENCRYPTED,
                "the line has a track that is not encrypted");
        ciphertext.ifPresent(bytes -> blocks.add(block(number, bytes, mask)));
    }

    /// Also of a track 3, which is not decrypted.
    static void requireNotClear(SecretBytes ciphertext) {
        require(!ClearTracks.areIn(ciphertext.reveal()), SwipeStep.UNENCRYPTED, "a ciphertext is a track in clear");
    }

    /// A track that ends with its sentinel, not with an LRC character.
    static TrackBlock block(int number, SecretBytes ciphertext, Optional<SecretBytes> mask) {
        int length = ciphertext.length();
        requireNotClear(ciphertext);
        require(
                length > 0 && length <= CIPHERTEXT_MAX && length % SwipeCipher.TDES.blockLength() == 0,
                SwipeStep.STRUCTURE,
                "a ciphertext has up to 14 blocks of 8 bytes");
        return new TrackBlock(ciphertext, List.of(new TrackPart(number, OptionalInt.empty(), mask, Optional.empty())));
    }

    static Source source(SwipeFormat format, Ksn ksn, Optional<String> serial) {
        return new Source(format, ksn, serial, SwipeCipher.TDES, Optional.of(KeyVariant.PIN));
    }

    private static boolean isError(SecretBytes mask) {
        byte[] text = mask.reveal();
        return text.length == 1 + ERROR.length() && text[1] == ERROR.charAt(0) && text[2] == ERROR.charAt(1);
    }

    /// Where the KSN is: with or without MagnePrint's two fields before it, the counter after it.
    private static int ksnAt(List<byte[]> fields) {
        for (int at : new int[] {MAGNE_PRINT + MAGNE_PRINT_FIELDS + KSN_AFTER, MAGNE_PRINT + KSN_AFTER}) {
            int after = fields.size() - 1 - at;
            boolean fits = after == CRC_BEFORE_END || after == CRC_BEFORE_END + 1;
            if (fits
                    && fields.get(at).length == 2 * Ksn.TDES_LENGTH
                    && Readings.fromHex(fields.get(at)).isPresent()) {
                return at;
            }
        }
        throw new Unreadable(SwipeStep.KSN, "no field has a KSN of 20 hexadecimal digits where one has to be");
    }

    /// Four digits that are not all zeros are the CRC of what comes before them.
    private static void requireCrc(byte[] bytes, List<byte[]> fields) {
        int from = fields.size() - CRC_BEFORE_END;
        int after = 0;
        for (byte[] field : fields.subList(from, fields.size())) {
            after += field.length + 1;
        }
        byte[] field = fields.get(from);
        Optional<byte[]> told = Readings.fromHex(field).filter(_ -> field.length == CRC_DIGITS);
        boolean zero = told.filter(crc -> (crc[0] | crc[1]) == 0).isPresent();
        if (told.isPresent() && !zero) {
            boolean same = Arrays.equals(told.get(), crc(bytes, bytes.length + 1 - after));
            require(same, SwipeStep.CHECKSUM, "the line's CRC is wrong");
        }
    }

    /// The CRC of the first bytes of a line (CCITT, polynomial 1021h, from FFFFh on), the low byte first (99875475,
    /// page 25).
    static byte[] crc(byte[] line, int length) {
        int crc = CRC_START;
        for (int i = 0; i < length; i++) {
            crc ^= Byte.toUnsignedInt(line[i]) << Byte.SIZE;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                boolean high = (crc & 0x8000) != 0;
                crc = crc << 1 & 0xFFFF;
                crc ^= high ? CRC_POLYNOMIAL : 0;
            }
        }
        return new byte[] {(byte) crc, (byte) (crc >> Byte.SIZE)};
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
        for (int i = 0; i <= bytes.length && fields.size() <= FIELDS_MAX; i++) {
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

    /// What is neither the first track 1 nor the first track 2: `+` begins a track 3, or `;` again.
    private static Optional<SecretBytes> thirdTrack(List<byte[]> masks) {
        List<byte[]> others = new ArrayList<>(masks);
        for (char sentinel : new char[] {'%', ';'}) {
            others.stream().filter(mask -> mask[0] == sentinel).findFirst().ifPresent(others::remove);
        }
        return Optional.of(SecretBytes.owning(Tlv.joined(others.toArray(byte[][]::new))))
                .filter(third -> third.length() > 0);
    }

    private static Optional<SecretBytes> mask(List<byte[]> masks, char sentinel) {
        return masks.stream().filter(mask -> mask[0] == sentinel).findFirst().map(SecretBytes::copyOf);
    }
}
