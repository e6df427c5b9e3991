package cardsecure.card;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A primary account number: 12 to 19 digits, Luhn-valid (ISO/IEC 7812-1), not beginning with 9.
public final class Pan implements ClearData {
    private static final int LENGTH_MIN = 12;
    private static final int LENGTH_MAX = 19;
    private static final int BIN_LENGTH = 6;
    private static final int FULL_LENGTH = 16;

    private final SecretBytes digits;

    private Pan(SecretBytes digits) {
        this.digits = digits;
    }

    /// Reads a PAN.
    ///
    /// @throws Refusal for the first broken rule, in this order: `0008` not digits, `0021` under 12, `0013` over
    ///         19, `0054` Luhn, `0056` a leading 9, which marks a token
    public static Pan parse(SecretBytes text) {
        requireNumber(text);
        if (startsLikeToken(text)) {
            throw new Refusal(ErrorCode.TOKEN_FORMAT_BAD, "a PAN does not start with 9, a token does");
        }
        return new Pan(text);
    }

    /// The rules but the last one: those that a numeric token obeys too.
    ///
    /// @throws Refusal as [#parse], but for the leading 9
    public static void requireNumber(SecretBytes text) {
        byte[] bytes = text.reveal();
        Digits.requireDecimal(bytes, "a PAN");
        Digits.requireAtLeast(LENGTH_MIN, bytes.length, "a PAN");
        Digits.requireAtMost(LENGTH_MAX, bytes.length, "a PAN");
        if (!Luhn.isValid(bytes)) {
            throw new Refusal(ErrorCode.LUHN_FAILED, "the PAN's check digit is wrong");
        }
    }

    /// Whether a number begins as numeric tokens do and no PAN does.
    public static boolean startsLikeToken(SecretBytes number) {
        return number.length() > 0 && number.reveal()[0] == '9';
    }

    @Override
    public Domain domain() {
        return Domain.CARD;
    }

    @Override
    public SecretBytes normalised() {
        return digits;
    }

    @Override
    public VisibleDigits visibleDigits() {
        return Digits.ends(digits.reveal(), digits.reveal());
    }

    /// The first six digits, then zeros, then the check digit that fits; as long as the PAN.
    public String binView() {
        byte[] view = new byte[digits.length()];
        Arrays.fill(view, (byte) '0');
        System.arraycopy(digits.reveal(), 0, view, 0, BIN_LENGTH);
        view[view.length - 1] = Luhn.checkDigit(view, view.length - 1);
        return new String(view, StandardCharsets.US_ASCII);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pan that && digits.equals(that.digits);
    }

    @Override
    public int hashCode() {
        return digits.hashCode();
    }

    /// Masked for display: the first six and the last four digits; of a PAN under 16 digits the last four
    /// alone, because too few would stay hidden.
    @Override
    public String toString() {
        byte[] bytes = digits.reveal();
        int shown = bytes.length < FULL_LENGTH ? 0 : BIN_LENGTH;
        return Digits.ascii(bytes, 0, shown)
                + "*".repeat(bytes.length - shown - 4)
                + Digits.ascii(bytes, bytes.length - 4, bytes.length);
    }
}
