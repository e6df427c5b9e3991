package cardsecure.swipe;

import cardsecure.secret.SecretBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// What a request's data may mean: clients send swipes raw, as hexadecimal digits or in Base64, and many forget
/// to encode them for a URL, so that blanks and plus signs have become each other and escapes are left, or do
/// so with bytes that are no text, which no form can have. A reader tries all readings, the plainest first;
/// whose lengths and check characters hold is the one.
final class Readings {
    private static final String BLANKS = " \t\r\n";

    private final List<SecretBytes> readings = new ArrayList<>();

    private Readings() {}

    /// All readings of some data.
    static Readings of(SecretBytes data) {
        Readings readings = new Readings();
        List<byte[]> texts = texts(data.reveal());
        texts.forEach(readings::add);
        for (byte[] text : texts) {
            fromHex(text).ifPresent(readings::add);
        }
        for (byte[] text : texts) {
            fromBase64(text).ifPresent(readings::addDecoded);
        }
        return readings;
    }

    /// Base64 of a text may have been encoded for a URL before.
    ///
    /// @param decoded is overwritten
    private void addDecoded(byte[] decoded) {
        for (byte[] text : texts(decoded)) {
            add(text);
            fromHex(text).ifPresent(this::add);
        }
        Arrays.fill(decoded, (byte) 0);
    }

    private void add(byte[] reading) {
        readings.add(SecretBytes.owning(reading));
    }

    List<SecretBytes> all() {
        return readings;
    }

    /// Overwrites all of them: data that were not encrypted are among what is refused.
    void destroy() {
        readings.forEach(SecretBytes::destroy);
    }

    /// The data as they came, without white space around them, and with what a missing URL encoding does
    /// undone.
    private static List<byte[]> texts(byte[] data) {
        byte[] text = trimmed(data);
        List<byte[]> all = new ArrayList<>(List.of(data.clone(), text));
        // Most have none of these, and need not be copied.
        boolean plus = contains(text, '+');
        boolean escapes = contains(text, '%');
        byte[] blanks = plus ? replaced(text, '+', ' ') : text;
        if (plus) {
            all.add(blanks);
        }
        if (contains(text, ' ')) {
            all.add(replaced(text, ' ', '+'));
        }
        if (escapes) {
            all.add(unescaped(text));
            all.add(unescaped(blanks));
            // Whoever escapes bytes means a blank by a plus sign, as forms do.
            fromEscapes(blanks).ifPresent(all::add);
            fromEscapes(text).ifPresent(all::add);
        }
        return different(all);
    }

    private static boolean contains(byte[] text, char character) {
        for (byte one : text) {
            if (one == character) {
                return true;
            }
        }
        return false;
    }

    /// Each of the texts once; those that come again are overwritten.
    private static List<byte[]> different(List<byte[]> all) {
        List<byte[]> texts = new ArrayList<>(all.size());
        for (byte[] text : all) {
            if (texts.stream().anyMatch(known -> Arrays.equals(known, text))) {
                Arrays.fill(text, (byte) 0);
            } else {
                texts.add(text);
            }
        }
        return texts;
    }

    private static byte[] trimmed(byte[] data) {
        int start = 0;
        int end = data.length;
        while (start < end && BLANKS.indexOf(data[start]) >= 0) {
            start++;
        }
        while (end > start && BLANKS.indexOf(data[end - 1]) >= 0) {
            end--;
        }
        return Arrays.copyOfRange(data, start, end);
    }

    private static byte[] replaced(byte[] text, char from, char to) {
        byte[] other = text.clone();
        for (int i = 0; i < other.length; i++) {
            other[i] = other[i] == from ? (byte) to : other[i];
        }
        return other;
    }

    /// Undoes escapes of printable ASCII characters; `%B5`, with which a track 1 may begin, is none.
    private static byte[] unescaped(byte[] text) {
        byte[] plain = new byte[text.length];
        int length = 0;
        for (int i = 0; i < text.length; i++) {
            byte character = text[i];
            if (character == '%' && i + 2 < text.length) {
                int value = digit(text[i + 1]) << 4 | digit(text[i + 2]);
                if (value >= ' ' && value <= '~') {
                    character = (byte) value;
                    i += 2;
                }
            }
            plain[length] = character;
            length++;
        }
        return shortened(plain, length);
    }

    /// The bytes of a text with escapes, all of which have to be good: what is binary was encoded for a URL, and
    /// bytes that are no text came through as they were.
    static Optional<byte[]> fromEscapes(byte[] text) {
        byte[] plain = new byte[text.length];
        int length = 0;
        boolean good = true;
        for (int i = 0; i < text.length; i++) {
            byte character = text[i];
            if (character == '%') {
                int value = i + 2 < text.length ? digit(text[i + 1]) << 4 | digit(text[i + 2]) : -1;
                good &= value >= 0;
                character = (byte) value;
                i += 2;
            }
            plain[length] = character;
            length++;
        }
        byte[] bytes = shortened(plain, length);
        if (!good || length == text.length) {
            Arrays.fill(bytes, (byte) 0);
            return Optional.empty();
        }
        return Optional.of(bytes);
    }

    /// The first bytes of an array, which is overwritten if it is longer.
    private static byte[] shortened(byte[] bytes, int length) {
        if (bytes.length == length) {
            return bytes;
        }
        byte[] first = Arrays.copyOf(bytes, length);
        Arrays.fill(bytes, (byte) 0);
        return first;
    }

    /// Negative for what is no digit, as a number of several digits is with one of them.
    private static int digit(byte character) {
        return HexFormat.isHexDigit(character) ? HexFormat.fromHexDigit(character) : -1;
    }

    /// The bytes of hexadecimal digits, either case.
    static Optional<byte[]> fromHex(byte[] text) {
        if (text.length == 0 || text.length % 2 != 0) {
            return Optional.empty();
        }
        byte[] bytes = new byte[text.length / 2];
        for (int i = 0; i < bytes.length; i++) {
            int value = digit(text[2 * i]) << 4 | digit(text[2 * i + 1]);
            if (value < 0) {
                Arrays.fill(bytes, (byte) 0);
                return Optional.empty();
            }
            bytes[i] = (byte) value;
        }
        return Optional.of(bytes);
    }

    /// The bytes of Base64, of the standard or of the URL alphabet (RFC 4648, 4 and 5), its padding optional,
    /// its lines broken or not.
    static Optional<byte[]> fromBase64(byte[] text) {
        byte[] standard = new byte[text.length];
        int length = 0;
        for (byte character : text) {
            if (character != '\r' && character != '\n') {
                standard[length] = switch (character) {
                    case '-' -> '+';
                    case '_' -> '/';
                    default -> character;
                };
                length++;
            }
        }
        byte[] characters = shortened(standard, length);
        try {
            byte[] decoded = Base64.getDecoder().decode(characters);
            return decoded.length == 0 ? Optional.empty() : Optional.of(decoded);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        } finally {
            Arrays.fill(characters, (byte) 0);
        }
    }
}
