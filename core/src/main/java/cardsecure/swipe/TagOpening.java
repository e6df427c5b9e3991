package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.secret.SecretBytes;
import cardsecure.swipe.EncryptedSwipe.EncryptedTag;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// Checks tags after their decryption. The clear text is the value, or tag, length and value; then zeros.
///
/// How many of random blocks, which is what a caller without a key has, would pass for a card (PAN, Luhn and
/// a plausible expiry counted in), by the shape and at the length that is best for him:
///
/// - 57 or 9F6B alone, 16 bytes: 32 digits of four bits, one of them `D`: 1.3E-9; 24 bytes: 7E-14
/// - 57 with tag and length: below 1E-12; 56: below 1E-15, as each of its digits takes a byte
/// - 5A with tag and length, 8 bytes, a PAN of 12 digits: 5E-9
/// - 5A alone, 8 bytes: 5E-5, so it wants a mask that shows both ends (5E-13) or another tag beside it
final class TagOpening {
    private static final HexFormat HEX = HexFormat.of();
    private static final int PAN_MAX = 19;

    private final YearMonth now;
    private final boolean besideOthers;

    /// @param besideOthers whether the swipe has other parts that name the card, all of which have to agree
    TagOpening(YearMonth now, boolean besideOthers) {
        this.now = now;
        this.besideOthers = besideOthers;
    }

    /// The card of an encrypted tag.
    ///
    /// @param clear its ciphertext decrypted
    Card open(EncryptedTag tag, SecretBytes clear) {
        Optional<SecretBytes> wrapped = unwrapped(tag, clear);
        if (wrapped.isEmpty()) {
            return alone(tag, clear);
        }
        try {
            return masked(tag, wrapped.get(), true);
        } catch (Unreadable e) {
            // A PAN may begin as the tag and its length do: some of Maestro's.
            return aloneOr(tag, clear, e);
        }
    }

    private Card aloneOr(EncryptedTag tag, SecretBytes clear, Unreadable otherwise) {
        try {
            return alone(tag, clear);
        } catch (Unreadable _) {
            throw otherwise;
        }
    }

    /// The value inside tag and length, if these are there, as long as the mask, and zeros follow it.
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
        int end = valueAt + length;
        boolean padded = Unreadable.areZeros(clear, end);
        return padded ? Optional.of(SecretBytes.copyOf(bytes, valueAt, length)) : Optional.empty();
    }

    /// The card of a value without tag and length: as long as its mask, or up to what may be padding.
    private Card alone(EncryptedTag tag, SecretBytes clear) {
        int length = tag.mask().map(SecretBytes::length).orElse(clear.length());
        require(length <= clear.length(), SwipeStep.PADDING, "a masked tag is longer than the encrypted one");
        Unreadable.requireZeros(clear, length);
        boolean proven = besideOthers
                || !tag.tag().equals("5A")
                || tag.mask().filter(TagOpening::showsEnds).isPresent();
        require(
                proven,
                SwipeStep.MASK,
                "a PAN alone, with neither its tag nor a mask that shows its ends, proves nothing");
        return masked(
                tag, SecretBytes.copyOf(clear.reveal(), 0, length), tag.mask().isPresent());
    }

    private static boolean showsEnds(SecretBytes value) {
        PanMask mask = PanMask.ofTag("5A", value);
        try {
            return mask.showsEnds();
        } finally {
            mask.destroy();
        }
    }

    /// The card of a value with which its mask agrees.
    ///
    /// @param value is destroyed
    private Card masked(EncryptedTag tag, SecretBytes value, boolean exact) {
        Card card;
        try {
            card = card(tag.tag(), value, exact);
        } finally {
            value.destroy();
        }
        try {
            tag.mask().ifPresent(mask -> PanMask.ofTag(tag.tag(), mask).requireAgrees(card.pan()));
            return card;
        } catch (Unreadable e) {
            card.destroy();
            throw e;
        }
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
        return Card.ofTrack(SecretBytes.owning(between('%', Arrays.copyOf(bytes, end))), now);
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
        Card card = Card.ofTrack(SecretBytes.owning(text), now);
        if (whole) {
            return card;
        }
        card.destroy();
        return new Card(card.pan(), card.expiry(), Optional.empty());
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
