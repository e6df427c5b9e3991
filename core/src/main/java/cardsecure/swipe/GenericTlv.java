package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import cardsecure.secret.SecretBytes;
import cardsecure.swipe.EncryptedSwipe.EncryptedTag;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// TLV of terminals that encrypt with DUKPT and no maker's format: a KSN and one ciphertext in tags of their
/// own (Fiserv), or a KSN and the ciphertext of tag 57 or 5A in its place (Shift4's format 05).
final class GenericTlv implements FormatReader {
    private static final int CIPHERTEXT_MAX = 512;

    private final SwipeSettings settings;
    private final Set<String> known;

    GenericTlv(SwipeSettings settings) {
        this.settings = settings;
        this.known = Set.of(settings.genericKsn());
    }

    @Override
    public Optional<EncryptedSwipe> read(byte[] bytes) {
        Optional<Tlv> parsed = Tlv.parse(bytes, 0, known);
        if (parsed.isEmpty() || !parsed.get().has(settings.genericKsn())) {
            return Optional.empty();
        }
        Tlv tlv = parsed.get();
        Ksn ksn = tlv.value(settings.genericKsn())
                .map(value -> Unreadable.at(SwipeStep.KSN, () -> Ksn.parse(value.reveal())))
                .orElseThrow(() -> new Unreadable(SwipeStep.KSN, "the chip data have no KSN"));
        Optional<SecretBytes> ciphertext = tlv.value(settings.genericCiphertext());
        return Optional.of(ciphertext.isPresent() ? bare(tlv, ksn, ciphertext.get()) : tags(tlv, ksn));
    }

    private EncryptedSwipe bare(Tlv tlv, Ksn ksn, SecretBytes ciphertext) {
        Source source = source(tlv, SwipeFormat.GENERIC_TLV, ksn);
        Optional<SecretBytes> mask = tlv.value(settings.genericMask());
        CardTags.requireNoTrackBeside(
                tlv, Stream.concat(Stream.of(ciphertext), mask.stream()).toList());
        requireCiphertext(ciphertext, source.cipher());
        return new EncryptedSwipe.Bare(source, ciphertext, mask);
    }

    private EncryptedSwipe tags(Tlv tlv, Ksn ksn) {
        Source source = source(tlv, SwipeFormat.GENERIC_TAGS, ksn);
        List<EncryptedTag> tags = CardTags.of(tlv, source.cipher(), false);
        require(!tags.isEmpty(), SwipeStep.EMV_EMPTY, "no tag names the card: 57, 5A, 56 or 9F6B");
        CardTags.requireNoTrackBeside(tlv, CardTags.taken(tags));
        return new EncryptedSwipe.Tags(
                source, IdTechEmv.entryMode(tlv), tags, Optional.empty(), EmvTags.of(tlv.items()));
    }

    private static Source source(Tlv tlv, SwipeFormat format, Ksn ksn) {
        return source(format, ksn, tlv.value("9F1E").flatMap(Serials::of));
    }

    /// TDES and its data key, or AES, as the KSN says.
    static Source source(SwipeFormat format, Ksn ksn, Optional<String> serial) {
        return switch (ksn.scheme()) {
            case TDES -> new Source(format, ksn, serial, SwipeCipher.TDES, Optional.of(KeyVariant.DATA_ONE_WAY));
            case AES -> new Source(format, ksn, serial, SwipeCipher.AES, Optional.empty());
        };
    }

    /// Makes sure that something can be a ciphertext.
    static void requireCiphertext(SecretBytes ciphertext, SwipeCipher cipher) {
        require(ciphertext.length() > 0, SwipeStep.EMV_EMPTY, "the ciphertext is empty");
        boolean clear = ClearTracks.areIn(ciphertext.reveal()) || ClearTracks.isTagValue(ciphertext.reveal());
        require(!clear, SwipeStep.UNENCRYPTED, "what should be a ciphertext is a track in clear");
        require(
                ciphertext.length() % cipher.blockLength() == 0 && ciphertext.length() <= CIPHERTEXT_MAX,
                SwipeStep.STRUCTURE,
                "a ciphertext has whole blocks, up to " + CIPHERTEXT_MAX + " bytes");
    }
}
