package cardsecure.card;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.util.Arrays;

/// A bank account for payment, `routing/account`: an ABA routing number of 9 digits and an account number of 4 to 17.
public final class BankAccount implements ClearData {
    private static final int ROUTING_LENGTH = 9;
    private static final byte SEPARATOR = '/';

    private final SecretBytes text;

    private BankAccount(SecretBytes text) {
        this.text = text;
    }

    /// Whether `text` is meant as a bank account and not as a PAN.
    public static boolean looksLikeOne(SecretBytes text) {
        return indexOfSeparator(text.reveal()) >= 0;
    }

    /// Reads a bank account.
    ///
    /// @param routingCheck whether the routing number's check digit must be right (ABA, weights 3 7 1)
    /// @throws Refusal `0008` not digits, `0021` too short, `0013` too long, `0056` the routing check digit
    public static BankAccount parse(SecretBytes text, boolean routingCheck) {
        byte[] bytes = text.reveal();
        int separator = indexOfSeparator(bytes);
        byte[] routing = Arrays.copyOfRange(bytes, 0, Math.max(separator, 0));
        byte[] account = Arrays.copyOfRange(bytes, separator + 1, bytes.length);
        Digits.requireDecimal(routing, "a routing number");
        Digits.requireDecimal(account, "an account number");
        Digits.requireAtLeast(ROUTING_LENGTH, routing.length, "a routing number");
        Digits.requireAtLeast(AccountNumber.LENGTH_MIN, account.length, "an account number");
        Digits.requireAtMost(ROUTING_LENGTH, routing.length, "a routing number");
        Digits.requireAtMost(AccountNumber.LENGTH_MAX, account.length, "an account number");
        if (routingCheck && !isRoutingValid(routing)) {
            throw new Refusal(ErrorCode.TOKEN_FORMAT_BAD, "the routing number's check digit is wrong");
        }
        return new BankAccount(text);
    }

    private static int indexOfSeparator(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == SEPARATOR) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isRoutingValid(byte[] routing) {
        int[] weights = {3, 7, 1};
        int sum = 0;
        for (int i = 0; i < routing.length; i++) {
            sum += weights[i % weights.length] * (routing[i] - '0');
        }
        return sum % 10 == 0;
    }

    @Override
    public Domain domain() {
        return Domain.CARD;
    }

    @Override
    public SecretBytes normalised() {
        return text;
    }

    /// The first two of the routing number, the last four of the account number.
    @Override
    public VisibleDigits visibleDigits() {
        return Digits.ends(text.reveal(), text.reveal());
    }

    @Override
    public String toString() {
        return "BankAccount[" + text.length() + " bytes]";
    }
}
