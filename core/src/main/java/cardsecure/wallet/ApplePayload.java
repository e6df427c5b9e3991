package cardsecure.wallet;

import cardsecure.card.Pan;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Optional;

/// Reads what Apple encrypts. All that is wrong with it is one code, because only who has the site's key can
/// see it.
final class ApplePayload {
    private static final int DATE_LENGTH = 6;
    private static final int CENTURY = 2000;

    private ApplePayload() {}

    static WalletPayload read(SecretBytes clear) {
        JsonObject json = JsonObject.parse(clear, WalletStep.APPLE_PAYLOAD);
        try {
            WalletPayload.Credential credential = credential(required(json.text("paymentDataType"), "paymentDataType"));
            JsonObject proof = required(json.object("paymentData"), "paymentData");
            return new WalletPayload(
                    WalletKind.APPLE,
                    pan(required(json.secret("applicationPrimaryAccountNumber"), "applicationPrimaryAccountNumber")),
                    expiry(required(json.text("applicationExpirationDate"), "applicationExpirationDate")),
                    credential,
                    proof(proof, "onlinePaymentCryptogram", credential == WalletPayload.Credential.CRYPTOGRAM_3DS),
                    eci(proof.text("eciIndicator"), WalletStep.APPLE_PAYLOAD),
                    proof(proof, "emvData", credential == WalletPayload.Credential.EMV),
                    proof(proof, "encryptedPINData", false),
                    json.secret("cardholderName"),
                    json.integer("transactionAmount"),
                    currency(json.text("currencyCode")));
        } catch (Refusal e) {
            json.destroyGiven();
            throw e;
        } finally {
            json.destroy();
        }
    }

    private static <T> T required(Optional<T> value, String name) {
        return value.orElseThrow(() -> WalletStep.APPLE_PAYLOAD.refusal(name + " is missing"));
    }

    private static WalletPayload.Credential credential(String type) {
        return switch (type) {
            case "3DSecure" -> WalletPayload.Credential.CRYPTOGRAM_3DS;
            case "EMV" -> WalletPayload.Credential.EMV;
            default -> throw WalletStep.APPLE_PAYLOAD.refusal("paymentDataType is neither 3DSecure nor EMV");
        };
    }

    private static Optional<SecretBytes> proof(JsonObject proof, String name, boolean required) {
        Optional<SecretBytes> value = proof.secret(name).filter(text -> text.length() > 0);
        if (required && value.isEmpty()) {
            throw WalletStep.APPLE_PAYLOAD.refusal(name + " is missing");
        }
        value.ifPresent(text -> requireBase64(text, name, WalletStep.APPLE_PAYLOAD));
        return value;
    }

    /// Whether a text is Base64, which goes on as it is.
    static void requireBase64(SecretBytes text, String name, WalletStep step) {
        for (byte each : text.reveal()) {
            boolean known = (each >= 'a' && each <= 'z')
                    || (each >= 'A' && each <= 'Z')
                    || (each >= '0' && each <= '9')
                    || each == '+'
                    || each == '/'
                    || each == '=';
            if (!known) {
                throw step.refusal(name + " is not Base64");
            }
        }
    }

    /// An indicator of one or two digits.
    static Optional<String> eci(Optional<String> text, WalletStep step) {
        return text.filter(value -> !value.isEmpty()).map(value -> {
            if (!value.matches("[0-9]{1,2}")) {
                throw step.refusal("the electronic commerce indicator is not of one or two digits");
            }
            return value;
        });
    }

    private static Optional<String> currency(Optional<String> text) {
        return text.map(value -> {
            if (!value.matches("[0-9]{3}")) {
                throw WalletStep.APPLE_PAYLOAD.refusal("currencyCode is not of three digits");
            }
            return value;
        });
    }

    /// `YYMMDD`.
    private static YearMonth expiry(String text) {
        try {
            if (text.length() == DATE_LENGTH && text.chars().allMatch(each -> each >= '0' && each <= '9')) {
                int number = Integer.parseInt(text);
                return YearMonth.from(LocalDate.of(CENTURY + number / 10_000, number / 100 % 100, number % 100));
            }
        } catch (DateTimeException _) {
            // No such day.
        }
        throw WalletStep.APPLE_PAYLOAD.refusal("applicationExpirationDate is no date of six digits");
    }

    /// The number of a payload as a card's. Which rule it breaks is for the log alone.
    static Pan pan(SecretBytes digits) {
        try {
            return Pan.parse(digits);
        } catch (Refusal e) {
            digits.destroy();
            throw WalletStep.PAN.refusal(
                    "the payload's number would be refused with " + e.code().digits());
        }
    }
}
