package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.secret.SecretBytes;
import cardsecure.swipe.EncryptedSwipe.EncryptedTag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Finds the encrypted ones of the tags that name the card: 57 (track 2), 5A (the PAN), 56 (track 1) and 9F6B
/// (track 2 of MasterCard's stripe mode). Readers mark them in the length, or send each twice, masked first, or
/// send the masked value in a tag of its own.
final class CardTags {
    private static final List<String> TAGS = List.of("57", "5A", "56", "9F6B");
    private static final Map<String, String> MASKS = Map.of("57", "DFEF5D", "5A", "DFEF5B");
    private static final int CIPHERTEXT_MAX = 128;
    /// Bytes of a ciphertext of which too many look as a PAN of 16 digits does.
    private static final int PAN_LENGTH = 8;

    private CardTags() {}

    /// Those that there are.
    ///
    /// @param told whether the data say that such tags are encrypted
    /// @throws Unreadable for one that is empty, in clear, or there too often
    static List<EncryptedTag> of(Tlv tlv, SwipeCipher cipher, boolean told) {
        List<EncryptedTag> found = new ArrayList<>();
        for (String tag : TAGS) {
            of(tlv, tag, cipher, told).ifPresent(found::add);
        }
        return found;
    }

    private static Optional<EncryptedTag> of(Tlv tlv, String tag, SwipeCipher cipher, boolean told) {
        List<SecretBytes> masked = values(tlv, tag, Tlv.Mark.MASKED);
        List<SecretBytes> encrypted = values(tlv, tag, Tlv.Mark.ENCRYPTED);
        List<SecretBytes> unmarked = values(tlv, tag, Tlv.Mark.NONE);
        boolean marked = !encrypted.isEmpty();
        if (!marked && !unmarked.isEmpty()) {
            encrypted = List.of(unmarked.getLast());
            unmarked = unmarked.subList(0, unmarked.size() - 1);
        }
        if (masked.isEmpty()) {
            masked = unmarked;
            unmarked = List.of();
        }
        boolean clear = encrypted.size() <= 1 && masked.size() <= 1 && unmarked.isEmpty();
        require(clear, SwipeStep.EMV_TAG, "a tag that names the card is there too often");
        if (encrypted.isEmpty()) {
            return Optional.empty();
        }
        SecretBytes ciphertext = encrypted.getFirst();
        requireNotClear(ciphertext, told || marked);
        requireBlocks(ciphertext, cipher);
        Optional<SecretBytes> mask = masked.stream().findFirst();
        if (mask.isEmpty() && MASKS.containsKey(tag)) {
            mask = tlv.value(MASKS.get(tag));
        }
        mask.ifPresent(
                value -> require(value.length() > 0, SwipeStep.EMV_EMPTY, "a masked tag that names the card is empty"));
        return Optional.of(new EncryptedTag(tag, ciphertext, mask));
    }

    /// Makes sure that nothing but what is taken has a track in clear: ID TECH's FFEE01 with DF30 to DF32, 9F1F,
    /// 9F20, or any tag, also one of those that name the card, where another one does.
    ///
    /// @param taken the values themselves, not others like them, that are decrypted, or judged as masks
    static void requireNoTrackBeside(Tlv tlv, Collection<SecretBytes> taken) {
        Set<SecretBytes> exempt = Collections.newSetFromMap(new IdentityHashMap<>());
        exempt.addAll(taken);
        boolean clear = tlv.items().stream()
                .map(Tlv.Item::value)
                .filter(value -> !exempt.contains(value))
                .anyMatch(value -> ClearTracks.hasTrack(value.reveal()));
        if (clear) {
            throw Unreadable.clear("a tag beside the encrypted ones has a track in clear");
        }
    }

    /// What is decrypted of encrypted tags, and their masks.
    static List<SecretBytes> taken(List<EncryptedTag> tags) {
        return tags.stream()
                .flatMap(tag -> Stream.concat(Stream.of(tag.ciphertext()), tag.mask().stream()))
                .toList();
    }

    private static List<SecretBytes> values(Tlv tlv, String tag, Tlv.Mark mark) {
        return tlv.all(tag).stream()
                .filter(item -> item.mark() == mark)
                .map(Tlv.Item::value)
                .toList();
    }

    /// Makes sure that a value is not a card's in clear. Eight bytes that are said to be encrypted are taken for
    /// that: every 17,000th ciphertext looks like a PAN.
    static void requireNotClear(SecretBytes value, boolean told) {
        require(value.length() > 0, SwipeStep.EMV_EMPTY, "a tag that names the card is empty");
        boolean looked = !told || value.length() != PAN_LENGTH;
        boolean open = looked && (ClearTracks.isTagValue(value.reveal()) || ClearTracks.areIn(value.reveal()));
        require(!open, SwipeStep.UNENCRYPTED, "a tag that names the card is in clear");
    }

    /// Makes sure that a value is as long as a ciphertext can be.
    static void requireBlocks(SecretBytes value, SwipeCipher cipher) {
        require(
                value.length() % cipher.blockLength() == 0 && value.length() <= CIPHERTEXT_MAX,
                SwipeStep.EMV_TAG,
                "an encrypted tag has whole blocks, up to " + CIPHERTEXT_MAX + " bytes");
    }
}
