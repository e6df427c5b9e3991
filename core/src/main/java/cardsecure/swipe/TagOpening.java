package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.card.TrackData;
import cardsecure.secret.SecretBytes;
import cardsecure.swipe.EncryptedSwipe.EncryptedTag;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// Checks tags after their decryption. The clear text is the value, or tag, length and value; then zeros.
final class TagOpening {
    private static final HexFormat HEX = HexFormat.of();
    private static final int PAN_MAX = 19;

    private final YearMonth now;

    TagOpening(YearMonth now) {
        this.now = now;
    }

    /// The card of an encrypted tag.
    ///
    /// @param clear its ciphertext decrypted
    Card open(EncryptedTag tag, SecretBytes clear) {
        Optional<SecretBytes> wrapped = unwrapped(tag, clear);
        boolean exact = wrapped.isPresent() || tag.mask().isPresent();
        SecretBytes value = wrapped.orElseGet(() -> alone(tag, clear));
        require(
                !tag.tag().equals("5A") || exact,
                SwipeStep.MASK,
                "a PAN alone, with neither a mask nor its tag, proves nothing");
        Card card;
        try {
            card = card(tag.tag(), value, exact);
        } finally {
            value.destroy();
        }
        tag.mask().ifPresent(mask -> mask(tag.tag(), mask).requireAgrees(card.pan(), card.expiry()));
        return card;
    }

    private static PanMask mask(String tag, SecretBytes mask) {
        if (!tag.equals("56")) {
            return PanMask.ofTag(mask);
        }
        byte[] track = Tlv.joined(new byte[] {'%'}, mask.reveal());
        return PanMask.ofTrack(SecretBytes.owning(track), 1, false);
    }

    /// The value inside tag and length, if these are there. A PAN may begin as they do; then its mask has another
    /// length.
    private static Optional<SecretBytes> unwrapped(EncryptedTag tag, SecretBytes clear) {
        byte[] bytes = clear.reveal();
        byte[] head = HEX.parseHex(tag.tag());
        int valueAt = head.length + 1;
        if (bytes.length < valueAt || !Arrays.equals(bytes, 0, head.length, head, 0, head.length)) {
            return Optional.empty();
        }
        int length = bytes[head.length];
        boolean asMasked = tag.mask().map(mask -> mask.length() == length).orElse(true);
        if (length <= 0 || length > bytes.length - valueAt || !asMasked) {
            return Optional.empty();
        }
        Unreadable.requireZeros(clear, valueAt + length);
        return Optional.of(SecretBytes.copyOf(bytes, valueAt, length));
    }

    /// The value without tag and length: as long as its mask, or up to what may be padding.
    private static SecretBytes alone(EncryptedTag tag, SecretBytes clear) {
        int length = tag.mask().map(SecretBytes::length).orElse(clear.length());
        require(length <= clear.length(), SwipeStep.PADDING, "a masked tag is longer than the encrypted one");
        Unreadable.requireZeros(clear, length);
        return SecretBytes.copyOf(clear.reveal(), 0, length);
    }

    /// The card of a tag's value.
    ///
    /// @param exact whether the value may not have padding of zeros at its end
    Card card(String tag, SecretBytes value, boolean exact) {
        return switch (tag) {
            case "5A" -> ofPan(new Nibbles(value.reveal()));
            case "56" -> ofTrack1(value);
            default -> ofTrack2(new Nibbles(value.reveal()), exact);
        };
    }

    private static Card ofPan(Nibbles nibbles) {
        int end = nibbles.digitsFrom(0);
        for (int i = end; i < nibbles.length(); i++) {
            require(nibbles.at(i) == 0xF, SwipeStep.TRACK, "a PAN ends with something other than F");
        }
        require(end <= PAN_MAX + 1, SwipeStep.TRACK, "a PAN is too long");
        return Card.of(SecretBytes.owning(nibbles.text(0, end)));
    }

    /// Track 1 as stripe mode has it: without sentinels.
    private Card ofTrack1(SecretBytes value) {
        byte[] bytes = value.reveal();
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        byte[] track = between('%', Arrays.copyOf(bytes, end));
        return Card.of(Unreadable.at(SwipeStep.TRACK, () -> TrackData.parse(SecretBytes.owning(track))), now);
    }

    /// Track 2 as chips have it: `D` for the separator, `F` to fill up the last byte. Where nobody says how
    /// long it is, and no `F` shows, its last zeros may be padding: then the card is good and the track is not
    /// given out.
    private Card ofTrack2(Nibbles nibbles, boolean exact) {
        int panEnd = nibbles.digitsFrom(0);
        require(
                panEnd < nibbles.length() && nibbles.at(panEnd) == 0xD,
                SwipeStep.TRACK,
                "track 2 of a chip has no separator");
        int end = nibbles.digitsFrom(panEnd + 1);
        boolean filled = end < nibbles.length() && nibbles.at(end) == 0xF;
        int after = filled ? end + 1 : end;
        for (int i = after; i < nibbles.length(); i++) {
            require(!exact && nibbles.at(i) == 0, SwipeStep.TRACK, "track 2 of a chip ends with something else");
        }
        boolean whole = exact || filled || nibbles.at(end - 1) != 0;
        while (!whole && nibbles.at(end - 1) == 0 && end > panEnd + 5) {
            end--;
        }
        byte[] text = between(';', nibbles.text(0, end));
        text[1 + panEnd] = '=';
        Card card = Card.of(Unreadable.at(SwipeStep.TRACK, () -> TrackData.parse(SecretBytes.owning(text))), now);
        return whole ? card : new Card(card.pan(), card.expiry(), Optional.empty());
    }

    /// A track's text with its sentinels.
    ///
    /// @param inside is overwritten
    private static byte[] between(char start, byte[] inside) {
        byte[] track = Tlv.joined(new byte[] {(byte) start}, inside, new byte[] {'?'});
        Arrays.fill(inside, (byte) 0);
        return track;
    }
}
