package cardsecure.keys;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// The name of a data key: three digits or capital letters, the width of the socket's key ID field.
public record KeyId(String text) {
    /// Bytes.
    public static final int LENGTH = 3;

    private static final int BASE = 36;

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for another shape
    public KeyId {
        if (text.length() != LENGTH || !text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'))) {
            throw new IllegalArgumentException("a key ID has three digits or capital letters");
        }
    }

    /// The first of the vault's own, `001`.
    static KeyId first() {
        return new KeyId("001");
    }

    /// The first of those that callers encrypt with, `E01`: no ID names keys of both kinds.
    static KeyId firstOfCallers() {
        return new KeyId("E01");
    }

    /// The key ID in `bytes` at `offset`.
    ///
    /// @throws IllegalArgumentException if none stands there
    public static KeyId at(byte[] bytes, int offset) {
        return new KeyId(new String(bytes, offset, LENGTH, StandardCharsets.ISO_8859_1));
    }

    /// Whether it is of a key that callers encrypt with.
    public boolean isOfCallers() {
        return text.compareTo(firstOfCallers().text()) >= 0;
    }

    /// The one after this, counting in base 36; none after `ZZZ`, nor where the callers' keys begin.
    public Optional<KeyId> next() {
        String next = Integer.toString(Integer.parseInt(text, BASE) + 1, BASE).toUpperCase(Locale.ROOT);
        if (next.length() > LENGTH) {
            return Optional.empty();
        }
        KeyId id = new KeyId("0".repeat(LENGTH - next.length()) + next);
        return id.equals(firstOfCallers()) ? Optional.empty() : Optional.of(id);
    }

    /// The three bytes, a fresh array.
    public byte[] bytes() {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return text;
    }
}
