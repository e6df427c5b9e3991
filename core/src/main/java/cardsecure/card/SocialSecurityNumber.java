package cardsecure.card;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;

/// A social security number: 9 digits, also written `NNN-NN-NNNN`; normalised to the digits.
public final class SocialSecurityNumber implements ClearData {
    private static final int LENGTH = 9;
    private static final int HYPHENATED_LENGTH = 11;
    private static final byte HYPHEN = '-';

    private final SecretBytes digits;

    private SocialSecurityNumber(SecretBytes digits) {
        this.digits = digits;
    }

    /// Reads a social security number in either form.
    ///
    /// @throws Refusal `0008` not digits, `0021` under 9, `0013` over 9
    public static SocialSecurityNumber parse(SecretBytes text) {
        SecretBytes digits = isHyphenated(text.reveal()) ? withoutHyphens(text.reveal()) : text;
        Digits.requireDecimal(digits.reveal(), "a social security number");
        Digits.requireAtLeast(LENGTH, digits.length(), "a social security number");
        Digits.requireAtMost(LENGTH, digits.length(), "a social security number");
        return new SocialSecurityNumber(digits);
    }

    private static boolean isHyphenated(byte[] text) {
        return text.length == HYPHENATED_LENGTH && text[3] == HYPHEN && text[6] == HYPHEN;
    }

    private static SecretBytes withoutHyphens(byte[] text) {
        byte[] digits = new byte[LENGTH];
        System.arraycopy(text, 0, digits, 0, 3);
        System.arraycopy(text, 4, digits, 3, 2);
        System.arraycopy(text, 7, digits, 5, 4);
        return SecretBytes.owning(digits);
    }

    @Override
    public Domain domain() {
        return Domain.SOCIAL_SECURITY;
    }

    @Override
    public SecretBytes normalised() {
        return digits;
    }

    @Override
    public VisibleDigits visibleDigits() {
        return Digits.ends(digits.reveal(), digits.reveal());
    }

    @Override
    public String toString() {
        return "SocialSecurityNumber[*********]";
    }
}
