package cardsecure.card;

import cardsecure.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Card numbers that schemes and processors publish for tests, and that no real card has. Simulators take these and no
/// others.
public enum TestCard {
    /// Of the guide's samples.
    VISA("444433332222111"),
    VISA_ONES("411111111111111"),
    MASTERCARD("555555555555444"),
    AMEX("37828224631000"),
    DISCOVER("601111111111111"),
    DINERS("3056930902590"),
    JCB("353011133330000"),
    MAESTRO_19("679999010000000001");

    /// Without the check digit, so that nothing here can be taken for a card number.
    private final String digits;

    TestCard(String digits) {
        this.digits = digits;
    }

    /// The number.
    public Pan pan() {
        byte[] whole = Arrays.copyOf(digits.getBytes(StandardCharsets.US_ASCII), digits.length() + 1);
        whole[digits.length()] = Luhn.checkDigit(whole, digits.length());
        return Pan.parse(SecretBytes.owning(whole));
    }

    /// The name that command lines have: `visa-ones`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The card of a label or of a number, if it is one of these.
    public static Optional<TestCard> of(String labelOrNumber) {
        SecretBytes given = SecretBytes.owning(labelOrNumber.getBytes(StandardCharsets.UTF_8));
        return Arrays.stream(values())
                .filter(card -> card.label().equals(labelOrNumber)
                        || card.pan().normalised().equals(given))
                .findFirst();
    }
}
