package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.secret.SecretBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Tags, lengths and values (ISO/IEC 8825-1, EMV 4.3 Book 3, annex B), those inside of others after these.
/// Zeros between them are skipped.
///
/// ID TECH's readers write `A1` before the length of a masked value, and `C1` before that of an encrypted one,
/// which in BER would be lengths of many bytes.
final class Tlv {
    /// What a length says of its value.
    enum Mark {
        NONE,
        MASKED,
        ENCRYPTED
    }

    /// A tag as upper-case hexadecimal digits, and its value.
    record Item(String tag, Mark mark, SecretBytes value) {}

    private static final int ITEMS_MAX = 512;
    private static final int DEPTH_MAX = 8;
    private static final int TAG_MAX = 4;
    private static final int MARK_MASKED = 0xA1;
    private static final int MARK_ENCRYPTED = 0xC1;
    private static final int CONSTRUCTED = 0x20;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /// Primitive, whatever their first byte says.
    private static final Set<String> PRIMITIVE = Set.of("FFEE12");

    private final byte[] bytes;
    private final List<Item> items = new ArrayList<>();
    private int outermost;

    private Tlv(byte[] bytes) {
        this.bytes = bytes;
    }

    /// The items of `bytes` from `from` to the end.
    ///
    /// @throws Unreadable if something is wrong in them, and one of the tags `known` came before
    /// @return nothing, if something is wrong and none came
    static Optional<Tlv> parse(byte[] bytes, int from, Set<String> known) {
        Tlv tlv = new Tlv(bytes);
        try {
            tlv.take(from, bytes.length, 0);
            return Optional.of(tlv);
        } catch (Unreadable e) {
            if (tlv.items.stream().anyMatch(item -> known.contains(item.tag()))) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private void take(int from, int end, int depth) {
        require(depth <= DEPTH_MAX, SwipeStep.EMV_TAG, "tags are nested too deep");
        int at = from;
        while (at < end) {
            if (bytes[at] == 0) {
                at++;
                continue;
            }
            int tagEnd = tagEnd(at, end);
            String tag = HEX.formatHex(bytes, at, tagEnd);
            require(tagEnd < end, SwipeStep.EMV_TAG, "a tag has no length");
            int first = Byte.toUnsignedInt(bytes[tagEnd]);
            Mark mark = switch (first) {
                case MARK_MASKED -> Mark.MASKED;
                case MARK_ENCRYPTED -> Mark.ENCRYPTED;
                default -> Mark.NONE;
            };
            int lengthBytes = mark != Mark.NONE ? 1 : Math.max(0, first - 0x80);
            require(first != 0x80 && lengthBytes <= 2, SwipeStep.EMV_TAG, "a length is none");
            int valueAt = tagEnd + 1 + lengthBytes;
            require(valueAt <= end, SwipeStep.EMV_TAG, "a length goes beyond the end");
            int length = lengthBytes == 0 ? first : unsigned(tagEnd + 1, lengthBytes);
            require(length <= end - valueAt, SwipeStep.EMV_TAG, "a value goes beyond the end");
            boolean constructed = (bytes[at] & CONSTRUCTED) != 0 && mark == Mark.NONE && !PRIMITIVE.contains(tag);
            outermost += depth == 0 ? 1 : 0;
            items.add(new Item(tag, mark, SecretBytes.copyOf(bytes, valueAt, length)));
            require(items.size() <= ITEMS_MAX, SwipeStep.EMV_TAG, "there are more than " + ITEMS_MAX + " tags");
            if (constructed) {
                take(valueAt, valueAt + length, depth + 1);
            }
            at = valueAt + length;
        }
    }

    private int tagEnd(int at, int end) {
        int next = at + 1;
        if ((bytes[at] & 0x1F) == 0x1F) {
            while (next < end && next - at < TAG_MAX && (bytes[next] & 0x80) != 0) {
                next++;
            }
            next++;
        }
        require(next <= end && next - at <= TAG_MAX, SwipeStep.EMV_TAG, "a tag is too long");
        return next;
    }

    private int unsigned(int at, int length) {
        int value = 0;
        for (int i = at; i < at + length; i++) {
            value = value << Byte.SIZE | Byte.toUnsignedInt(bytes[i]);
        }
        return value;
    }

    /// All items, in the order in which they stand.
    List<Item> items() {
        return items;
    }

    /// Those of a tag.
    List<Item> all(String tag) {
        return items.stream().filter(item -> item.tag().equals(tag)).toList();
    }

    /// The value of a tag; nothing, if it is not there.
    ///
    /// @throws Unreadable if it is there twice and is not the same
    Optional<SecretBytes> value(String tag) {
        List<SecretBytes> values = all(tag).stream().map(Item::value).distinct().toList();
        require(values.size() <= 1, SwipeStep.EMV_TAG, "a tag that is there once is there again");
        return values.stream().findFirst();
    }

    /// Whether all is inside of one tag.
    boolean isInside(String tag) {
        return outermost == 1 && items.getFirst().tag().equals(tag);
    }

    boolean has(String tag) {
        return items.stream().anyMatch(item -> item.tag().equals(tag));
    }

    /// Overwrites all values.
    void destroy() {
        items.forEach(item -> item.value().destroy());
    }

    /// Writes a tag with its value.
    static byte[] encode(String tag, byte[] value) {
        byte[] length;
        if (value.length < 0x80) {
            length = new byte[] {(byte) value.length};
        } else if (value.length < 0x100) {
            length = new byte[] {(byte) 0x81, (byte) value.length};
        } else {
            length = new byte[] {(byte) 0x82, (byte) (value.length >> Byte.SIZE), (byte) value.length};
        }
        return joined(HEX.parseHex(tag), length, value);
    }

    /// Byte arrays, one after another.
    static byte[] joined(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] whole = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, whole, at, part.length);
            at += part.length;
        }
        return whole;
    }
}
