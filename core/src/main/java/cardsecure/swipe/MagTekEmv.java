package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.dukpt.Ksn;
import cardsecure.secret.SecretBytes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Chip data of MagTek's readers (DynaPro Mini 99875629, 3.3.2.2): perhaps a length of two bytes, then
/// `F9{DFDF54, DFDF55, DFDF25 serial number, FA{70{…, F8{DFDF59 ciphertext, DFDF56 KSN, DFDF57, DFDF58
/// padding}}}}`, zeros to a whole block, and 4 bytes of a CBC-MAC.
///
/// The MAC is not checked: manuals disagree on what it goes over, and on whether it is X9.19 or triple DES
/// throughout. What is decrypted proves itself.
final class MagTekEmv {
    private static final byte OUTER = (byte) 0xF9;
    private static final String CIPHERTEXT = "DFDF59";
    private static final String KSN = "DFDF56";
    private static final String PADDING = "DFDF58";
    private static final String SERIAL = "DFDF25";
    private static final Set<String> KNOWN = Set.of("F9", CIPHERTEXT, KSN);
    private static final int MAC = 4;
    private static final int CIPHERTEXT_MAX = 4096;
    private static final int LENGTH_FIELD = 2;

    private MagTekEmv() {}

    static Optional<EncryptedSwipe> read(byte[] bytes) {
        boolean counted = bytes.length > LENGTH_FIELD && bytes[0] != OUTER && bytes[LENGTH_FIELD] == OUTER;
        int from = counted ? LENGTH_FIELD : 0;
        if (bytes.length < from + 2 || bytes[from] != OUTER) {
            return Optional.empty();
        }
        int end = end(bytes, from);
        if (counted) {
            int told = Byte.toUnsignedInt(bytes[0]) << Byte.SIZE | Byte.toUnsignedInt(bytes[1]);
            require(told == end - from, SwipeStep.LENGTH, "the message is not as long as it says");
        }
        int padding = bytes.length - MAC - end;
        require(
                padding >= 0 && padding < SwipeCipher.TDES.blockLength(),
                SwipeStep.LENGTH,
                "after the container come up to 7 zeros and a MAC of 4 bytes");
        for (int i = end; i < end + padding; i++) {
            require(bytes[i] == 0, SwipeStep.STRUCTURE, "the MAC's padding has something other than zeros");
        }
        SecretBytes container = SecretBytes.copyOf(bytes, from, end - from);
        Optional<Tlv> tlv = Tlv.parse(container.reveal(), 0, KNOWN);
        require(tlv.isPresent(), SwipeStep.EMV_TAG, "the container's tags are none");
        return tlv.map(MagTekEmv::container);
    }

    /// Where the container ends.
    private static int end(byte[] bytes, int from) {
        int first = Byte.toUnsignedInt(bytes[from + 1]);
        int lengthBytes = Math.max(0, first - 0x80);
        require(first != 0x80 && lengthBytes <= 2, SwipeStep.EMV_TAG, "the container's length is none");
        int valueAt = from + 2 + lengthBytes;
        require(valueAt <= bytes.length, SwipeStep.EMV_TAG, "the container's length goes beyond the end");
        int length = lengthBytes == 0 ? first : 0;
        for (int i = from + 2; i < valueAt; i++) {
            length = length << Byte.SIZE | Byte.toUnsignedInt(bytes[i]);
        }
        require(length <= bytes.length - valueAt, SwipeStep.EMV_TAG, "the container goes beyond the end");
        return valueAt + length;
    }

    private static EncryptedSwipe container(Tlv tlv) {
        SecretBytes ciphertext = tlv.value(CIPHERTEXT)
                .orElseThrow(() -> new Unreadable(SwipeStep.EMV_EMPTY, "the container has no ciphertext"));
        require(ciphertext.length() > 0, SwipeStep.EMV_EMPTY, "the ciphertext is empty");
        Ksn ksn = tlv.value(KSN)
                .filter(value -> value.length() == Ksn.TDES_LENGTH)
                .map(value -> Unreadable.at(SwipeStep.KSN, () -> Ksn.parse(value.reveal())))
                .orElseThrow(() -> new Unreadable(SwipeStep.KSN, "the container has no KSN of 10 bytes"));
        int block = SwipeCipher.TDES.blockLength();
        require(
                ciphertext.length() % block == 0 && ciphertext.length() <= CIPHERTEXT_MAX,
                SwipeStep.EMV_TAG,
                "the ciphertext has whole blocks, up to " + CIPHERTEXT_MAX + " bytes");
        int padding = tlv.value(PADDING)
                .filter(value -> value.length() == 1)
                .map(value -> Byte.toUnsignedInt(value.reveal()[0]))
                .orElseThrow(() -> new Unreadable(SwipeStep.EMV_TAG, "the container has no count of its padding"));
        require(padding < block, SwipeStep.EMV_TAG, "there is a whole block of padding");
        require(
                CardTags.of(tlv, SwipeCipher.TDES, false).isEmpty(),
                SwipeStep.EMV_TAG,
                "a card's tag outside the ciphertext");
        CardTags.requireNoTrackBeside(tlv, List.of(ciphertext));
        Source source = MagTekKeyboard.source(
                SwipeFormat.MAGTEK_EMV, ksn, tlv.value(SERIAL).flatMap(Serials::of));
        return new EncryptedSwipe.Container(source, ciphertext, ciphertext.length() - padding, EmvTags.of(tlv.items()));
    }
}
