package cardsecure;

import cardsecure.card.Luhn;
import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Public test numbers, and other data that belong to nobody: all that any test or document may show. [TidyTest] keeps
/// other card numbers out of the repository.
public final class TestCards {
    /// The card of the vendor's own examples.
    public static final String VISA = "4444333322221111";
    /// Everybody's test Visa.
    public static final String VISA_ONES = "4111111111111111";
    /// A Visa of the old length, 13.
    public static final String VISA_13 = "4222222222222";
    /// A Mastercard.
    public static final String MASTERCARD = "5555555555554444";
    /// An American Express card, 15 digits.
    public static final String AMEX = "378282246310005";
    /// A Discover card.
    public static final String DISCOVER = "6011111111111117";
    /// A Diners Club card, 14 digits.
    public static final String DINERS = "30569309025904";
    /// A JCB card.
    public static final String JCB = "3530111333300000";
    /// A Maestro card.
    public static final String MAESTRO = "6304000000000000";
    /// A Maestro card of the shortest length, 12.
    public static final String MAESTRO_12 = "501800000009";
    /// A Maestro card of the longest length, 19.
    public static final String MAESTRO_19 = "6799990100000000019";

    /// All cards above.
    public static final List<String> CARDS =
            List.of(VISA, VISA_ONES, VISA_13, MASTERCARD, AMEX, DISCOVER, DINERS, JCB, MAESTRO, MAESTRO_12, MAESTRO_19);

    /// How MagTek's readers mask: zeros, and one digit that makes the whole pass Luhn's check. No card's.
    public static final String MASKED_TO_PASS_LUHN = VISA.substring(0, 6) + "000001" + VISA.substring(12);

    /// A device's number, in the Apple Pay token that spreedly/gala publishes.
    public static final String APPLE_GALA = "5353756319181169";
    /// A device's number, in the Apple Pay token that Basis-Theory/apple-pay-js publishes.
    public static final String APPLE_BASIS_THEORY = "4784000000380075";

    /// The tokens that the vendor's guide and its clients document.
    public static final List<String> DOCUMENTED_TOKENS =
            List.of("9441149619831111", "9124334659621234", "9123247477421234");

    /// The vendor's example of a bank account; its routing number fails the ABA check.
    public static final String BANK_ACCOUNT = "123456789/1234123412341234";
    /// A bank account whose routing number passes the ABA check.
    public static final String BANK_ACCOUNT_ABA = "021000021/9876543210123";
    /// An account number.
    public static final String ACCOUNT = "9876543210123";
    /// A social security number that was printed on wallets and has been void since.
    public static final String SSN = "078-05-1120";
    /// Another void one, from an advertisement.
    public static final String SSN_OTHER = "219-09-9999";
    /// A person who does not exist.
    public static final String PERSON = "Jane Q. Sample, 12 Example Street";

    /// Numbers that pass for cards and are none: BIN views of the cards above.
    private static final List<String> BIN_VIEWS = List.of("4444330000000007", "4111110000000005");

    private TestCards() {}

    /// The numbers that may stand in the repository.
    static Set<String> allowedNumbers() {
        Set<String> numbers = new TreeSet<>(CARDS);
        numbers.addAll(BIN_VIEWS);
        numbers.addAll(List.of(APPLE_GALA, APPLE_BASIS_THEORY));
        return numbers;
    }

    /// A Luhn-valid number that begins with `start`, then has zeros: made when it is needed, and in no range in use.
    public static String cardOf(String start, int length) {
        byte[] digits = (start + "0".repeat(length - start.length())).getBytes(StandardCharsets.US_ASCII);
        digits[length - 1] = Luhn.checkDigit(digits, length - 1);
        return new String(digits, StandardCharsets.US_ASCII);
    }

    /// A text's UTF-8 as the vault takes data in.
    public static SecretBytes secret(String text) {
        return SecretBytes.owning(text.getBytes(StandardCharsets.UTF_8));
    }

    /// What the vault lets out, as text.
    public static String text(SecretBytes secret) {
        return new String(secret.reveal(), StandardCharsets.UTF_8);
    }
}
