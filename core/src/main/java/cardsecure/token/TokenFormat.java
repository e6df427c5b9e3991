package cardsecure.token;

import cardsecure.card.Luhn;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// How the tokens of a site's domain look.
public sealed interface TokenFormat {

    /// 16 digits: `9`, the first two digits of the data, 9 drawn, the last four; Luhn-valid as a whole.
    record Numeric() implements TokenFormat {
        private static final Pattern SHAPE = Pattern.compile("9[0-9]{15}");

        @Override
        public boolean matches(String text) {
            return SHAPE.matcher(text).matches() && Luhn.isValid(text.getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public boolean showsDigits() {
            return true;
        }

        @Override
        public String toString() {
            return "numeric";
        }
    }

    /// `44-hzj9xh9N-1111`: the first two digits, 8 letters and digits drawn, the last four digits.
    record Hyphenated() implements TokenFormat {
        private static final Pattern SHAPE = Pattern.compile("[0-9]{2}-[0-9A-Za-z]{8}-[0-9]{4}");

        @Override
        public boolean matches(String text) {
            return SHAPE.matcher(text).matches();
        }

        @Override
        public boolean showsDigits() {
            return true;
        }

        @Override
        public String toString() {
            return "hyphenated";
        }
    }

    /// `RE0smitS`: letters and digits drawn, nothing of the data preserved.
    ///
    /// @param length 8 to 64 characters
    record Alphanumeric(int length) implements TokenFormat {
        private static final int LENGTH_MIN = 8;
        private static final Pattern SHAPE = Pattern.compile("[0-9A-Za-z]+");

        /// Checks the parts.
        ///
        /// @throws IllegalArgumentException for another length
        public Alphanumeric {
            if (length < LENGTH_MIN || length > Token.LENGTH_MAX) {
                throw new IllegalArgumentException(
                        "an alphanumeric token has " + LENGTH_MIN + " to " + Token.LENGTH_MAX + " characters");
            }
        }

        /// The usual length, 8.
        public Alphanumeric() {
            this(LENGTH_MIN);
        }

        @Override
        public boolean matches(String text) {
            return text.length() == length && SHAPE.matcher(text).matches();
        }

        @Override
        public boolean showsDigits() {
            return false;
        }

        @Override
        public String toString() {
            return length == LENGTH_MIN ? "alphanumeric" : "alphanumeric:" + length;
        }
    }

    /// Whether a text is of this format.
    boolean matches(String text);

    /// Whether its tokens show digits of the data, so that data without digits cannot have them.
    boolean showsDigits();

    /// Reads `numeric`, `hyphenated`, `alphanumeric` or `alphanumeric:LENGTH`, as `toString` writes them.
    ///
    /// @throws IllegalArgumentException for anything else; the message says what there is
    static TokenFormat parse(String text) {
        return switch (text) {
            case "numeric" -> new Numeric();
            case "hyphenated" -> new Hyphenated();
            case "alphanumeric" -> new Alphanumeric();
            default -> parseAlphanumeric(text);
        };
    }

    private static TokenFormat parseAlphanumeric(String text) {
        if (!text.matches("alphanumeric:[0-9]{1,3}")) {
            throw new IllegalArgumentException(
                    "a token format is numeric, hyphenated, alphanumeric or alphanumeric:LENGTH");
        }
        return new Alphanumeric(Integer.parseInt(text.substring(text.indexOf(':') + 1)));
    }
}
