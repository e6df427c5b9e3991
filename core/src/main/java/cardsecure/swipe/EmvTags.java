package cardsecure.swipe;

import cardsecure.card.Pan;
import cardsecure.secret.SecretBytes;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// The tags of chip data that an authorization needs (EMV 4.3 Book 3, annex A): cryptogram, its inputs,
/// terminal and application. None that names the card's number or holder is among them. Prints the tags without
/// their values.
public final class EmvTags {
    private static final Set<String> WANTED = Set.of(
            "4F", "50", "82", "84", "8A", "95", "9A", "9B", "9C", "5F24", "5F28", "5F2A", "5F2D", "5F30", "5F34",
            "9F02", "9F03", "9F06", "9F07", "9F08", "9F09", "9F0D", "9F0E", "9F0F", "9F10", "9F11", "9F12", "9F15",
            "9F1A", "9F1E", "9F21", "9F26", "9F27", "9F33", "9F34", "9F35", "9F36", "9F37", "9F39", "9F40", "9F41",
            "9F53", "9F5B", "9F66", "9F6C", "9F6E", "9F7C");

    /// Bytes of the longest value that a tag of chip data has.
    private static final int VALUE_MAX = 252;
    /// Bytes of all tags, lengths and values.
    private static final int TOTAL_MAX = 1536;
    private static final int TAG_AND_LENGTH = 4;

    private static final EmvTags NONE = new EmvTags(Map.of());

    private final Map<String, SecretBytes> values;

    private EmvTags(Map<String, SecretBytes> values) {
        this.values = values;
    }

    /// No tags.
    public static EmvTags none() {
        return NONE;
    }

    /// Those of `items` that are wanted; of a tag that comes again, the first. They are kept with the card, so
    /// those of more than 252 bytes, and what goes beyond 1536 bytes in all, are left out.
    static EmvTags of(List<Tlv.Item> items) {
        Map<String, SecretBytes> values = new LinkedHashMap<>();
        for (Tlv.Item item : items) {
            boolean clear = item.mark() == Tlv.Mark.NONE && item.value().length() > 0;
            if (clear && WANTED.contains(item.tag()) && fits(values, item.tag(), item.value())) {
                values.put(item.tag(), SecretBytes.copyOf(item.value().reveal()));
            }
        }
        return new EmvTags(Collections.unmodifiableMap(values));
    }

    private static boolean fits(Map<String, SecretBytes> values, String tag, SecretBytes value) {
        int total = values.values().stream()
                .mapToInt(each -> TAG_AND_LENGTH + each.length())
                .sum();
        return !values.containsKey(tag)
                && value.length() <= VALUE_MAX
                && total + TAG_AND_LENGTH + value.length() <= TOTAL_MAX;
    }

    /// These, and those of `others` that are not among these, as far as there is room.
    EmvTags and(EmvTags others) {
        Map<String, SecretBytes> both = new LinkedHashMap<>(values);
        others.values.forEach((tag, value) -> {
            if (fits(both, tag, value)) {
                both.put(tag, value);
            }
        });
        return new EmvTags(Collections.unmodifiableMap(both));
    }

    /// These without those that have a card's number in them, as text or in digits of four bits: issuers and terminals
    /// may put anything into some.
    EmvTags without(Pan pan) {
        byte[] digits = pan.normalised().reveal();
        Map<String, SecretBytes> others = new LinkedHashMap<>();
        values.forEach((tag, value) -> {
            if (new Nibbles(value.reveal()).have(digits) || isIn(digits, value.reveal())) {
                value.destroy();
            } else {
                others.put(tag, value);
            }
        });
        return new EmvTags(Collections.unmodifiableMap(others));
    }

    private static boolean isIn(byte[] digits, byte[] value) {
        return IntStream.rangeClosed(0, value.length - digits.length)
                .anyMatch(from -> Arrays.equals(value, from, from + digits.length, digits, 0, digits.length));
    }

    /// The values by tag (upper-case hexadecimal digits), in the order in which the reader sent them.
    public Map<String, SecretBytes> values() {
        return values;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EmvTags that && values.equals(that.values);
    }

    @Override
    public int hashCode() {
        return values.keySet().hashCode();
    }

    @Override
    public String toString() {
        return "EmvTags" + values.keySet();
    }
}
