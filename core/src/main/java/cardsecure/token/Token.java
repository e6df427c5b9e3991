package cardsecure.token;

import java.nio.charset.StandardCharsets;

/// A token: what stands for the data in the callers' systems. Not a secret; it may be logged.
///
/// @param text 1 to 64 ASCII letters, digits and hyphens
public record Token(String text) {
    /// The longest that any format makes.
    public static final int LENGTH_MAX = 64;

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for a text that no format could have made; the message does not repeat it
    public Token {
        if (text.isEmpty() || text.length() > LENGTH_MAX || !text.chars().allMatch(Token::isTokenCharacter)) {
            throw new IllegalArgumentException("not a token");
        }
    }

    /// The text's bytes, a fresh array.
    public byte[] bytes() {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean isTokenCharacter(int c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
    }

    @Override
    public String toString() {
        return text;
    }
}
