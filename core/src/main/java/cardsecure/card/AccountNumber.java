package cardsecure.card;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;

/// An account number that is not for payment: 4 to 17 digits.
public final class AccountNumber implements ClearData {
    static final int LENGTH_MIN = 4;
    static final int LENGTH_MAX = 17;

    private final SecretBytes digits;

    private AccountNumber(SecretBytes digits) {
        this.digits = digits;
    }

    /// Reads an account number.
    ///
    /// @throws Refusal `0008` not digits, `0021` under 4, `0013` over 17
    public static AccountNumber parse(SecretBytes text) {
        Digits.requireDecimal(text.reveal(), "an account number");
        Digits.requireAtLeast(LENGTH_MIN, text.length(), "an account number");
        Digits.requireAtMost(LENGTH_MAX, text.length(), "an account number");
        return new AccountNumber(text);
    }

    @Override
    public Domain domain() {
        return Domain.ACCOUNT;
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
        return "AccountNumber[" + digits.length() + " digits]";
    }
}
