package cardsecure.token;

import cardsecure.card.Luhn;
import cardsecure.card.VisibleDigits;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/// Draws tokens. The free part comes from the random generator alone and is never derived from the data. As safe for
/// threads as its generator; in production that is a `SecureRandom`.
public final class TokenGenerator {
    private static final String LETTERS_AND_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int NUMERIC_LENGTH = 16;
    private static final int CHECK_PLACE = 11;
    private static final int TEN_TO_THE_8TH = 100_000_000;

    private final RandomGenerator random;

    /// Takes its parts.
    ///
    /// @param random must be cryptographically strong in production
    public TokenGenerator(RandomGenerator random) {
        this.random = random;
    }

    /// A token of `format` for data with these visible digits. Nothing says that it is free: the store finds out.
    ///
    /// @throws IllegalArgumentException if the format shows digits and the data have none
    public Token draw(TokenFormat format, VisibleDigits visible) {
        return switch (format) {
            case TokenFormat.Numeric _ -> numeric(requireEnds(visible));
            case TokenFormat.Hyphenated _ -> hyphenated(requireEnds(visible));
            case TokenFormat.Alphanumeric(int length) -> alphanumeric(length);
        };
    }

    /// 8 of the 9 free digits are drawn, the ninth makes the whole Luhn-valid: each valid token is equally likely.
    private Token numeric(VisibleDigits.Ends ends) {
        byte[] digits = new byte[NUMERIC_LENGTH];
        digits[0] = '9';
        digits[1] = (byte) ends.firstTwo().charAt(0);
        digits[2] = (byte) ends.firstTwo().charAt(1);
        int drawn = random.nextInt(TEN_TO_THE_8TH);
        for (int i = CHECK_PLACE - 1; i >= 3; i--) {
            digits[i] = (byte) ('0' + drawn % 10);
            drawn /= 10;
        }
        digits[CHECK_PLACE] = '0';
        for (int i = 0; i < 4; i++) {
            digits[NUMERIC_LENGTH - 4 + i] = (byte) ends.lastFour().charAt(i);
        }
        digits[CHECK_PLACE] = Luhn.completing(digits, CHECK_PLACE);
        return new Token(new String(digits, StandardCharsets.US_ASCII));
    }

    private Token hyphenated(VisibleDigits.Ends ends) {
        return new Token(ends.firstTwo() + "-" + lettersAndDigits(8) + "-" + ends.lastFour());
    }

    /// Never digits alone, so that nobody takes it for a number.
    private Token alphanumeric(int length) {
        String text = lettersAndDigits(length);
        while (text.chars().allMatch(c -> c <= '9')) {
            text = lettersAndDigits(length);
        }
        return new Token(text);
    }

    private String lettersAndDigits(int length) {
        char[] text = new char[length];
        for (int i = 0; i < length; i++) {
            text[i] = LETTERS_AND_DIGITS.charAt(random.nextInt(LETTERS_AND_DIGITS.length()));
        }
        return new String(text);
    }

    private static VisibleDigits.Ends requireEnds(VisibleDigits visible) {
        return visible.ends()
                .orElseThrow(() -> new IllegalArgumentException("this format shows digits, these data have none"));
    }
}
