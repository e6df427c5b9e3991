package cardsecure.wallet;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Optional;

/// Reads what Google encrypts. All that is wrong with it is one code, because only who has the site's key can
/// see it.
final class GoogleMessage {
    private static final int ID_LENGTH_MAX = 512;
    private static final int YEAR_MIN = 2000;
    private static final int YEAR_MAX = 2099;

    private GoogleMessage() {}

    /// What a message says of a payment.
    ///
    /// @param once what makes it the one that it is
    record Read(WalletPayload payload, WalletOnce once) {
        OpenedWallet under(WalletKeyPair key) {
            return new OpenedWallet(payload, once, key);
        }
    }

    static Read read(SecretBytes clear, GooglePayRecipient recipient, Instant now) {
        JsonObject json = JsonObject.parse(clear, WalletStep.GOOGLE_MESSAGE);
        try {
            Instant expires = Instant.ofEpochMilli(required(json.integer("messageExpiration"), "messageExpiration"));
            String id = required(json.text("messageId"), "messageId");
            if (id.isEmpty() || id.length() > ID_LENGTH_MAX) {
                throw WalletStep.GOOGLE_MESSAGE.refusal("messageId has " + id.length() + " characters");
            }
            if (!now.isBefore(expires)) {
                throw WalletStep.GOOGLE_EXPIRATION.refusal("the message expired " + expires);
            }
            requireMerchant(json, recipient);
            WalletPayload payload = payload(json);
            return new Read(payload, new WalletOnce(WalletKind.GOOGLE, id, expires));
        } catch (Refusal e) {
            json.destroyGiven();
            throw e;
        } finally {
            json.destroy();
        }
    }

    private static <T> T required(Optional<T> value, String name) {
        return value.orElseThrow(() -> WalletStep.GOOGLE_MESSAGE.refusal(name + " is missing"));
    }

    /// A gateway's keys are those of all its merchants: only this tells whose payment it is.
    private static void requireMerchant(JsonObject json, GooglePayRecipient recipient) {
        Optional<String> own = recipient.gatewayMerchantId();
        if (own.isEmpty() && recipient.isGateway()) {
            throw WalletStep.GOOGLE_MERCHANT.refusal(
                    "the recipient " + recipient.id() + " is a gateway, and no google-merchant is set");
        }
        if (own.isPresent() && !json.text("gatewayMerchantId").equals(own)) {
            throw WalletStep.GOOGLE_MERCHANT.refusal(
                    "gatewayMerchantId is not the site's google-merchant; the recipient is " + recipient.id());
        }
    }

    /// `TOKENIZED_CARD`, with names of its own, is how ECv1 has a device's number.
    private static WalletPayload payload(JsonObject json) {
        JsonObject details = required(json.object("paymentMethodDetails"), "paymentMethodDetails");
        return switch (required(json.text("paymentMethod"), "paymentMethod")) {
            case "CARD" ->
                payload(
                        details,
                        details.secret("pan").or(() -> details.secret("dpan")),
                        credential(details.text("authMethod").orElse("PAN_ONLY")),
                        details.secret("cryptogram").or(() -> details.secret("3dsCryptogram")),
                        details.text("eciIndicator").or(() -> details.text("3dsEciIndicator")));
            case "TOKENIZED_CARD" ->
                payload(
                        details,
                        details.secret("dpan").or(() -> details.secret("pan")),
                        credential(details.text("authMethod").orElse("3DS")),
                        details.secret("3dsCryptogram").or(() -> details.secret("cryptogram")),
                        details.text("3dsEciIndicator").or(() -> details.text("eciIndicator")));
            default -> throw WalletStep.GOOGLE_MESSAGE.refusal("paymentMethod is none of a card");
        };
    }

    private static WalletPayload payload(
            JsonObject details,
            Optional<SecretBytes> pan,
            WalletPayload.Credential credential,
            Optional<SecretBytes> cryptogram,
            Optional<String> eci) {
        Optional<SecretBytes> proof = cryptogram.filter(text -> text.length() > 0);
        if (credential == WalletPayload.Credential.CRYPTOGRAM_3DS && proof.isEmpty()) {
            throw WalletStep.GOOGLE_MESSAGE.refusal("cryptogram is missing");
        }
        proof.ifPresent(text -> ApplePayload.requireBase64(text, "cryptogram", WalletStep.GOOGLE_MESSAGE));
        return new WalletPayload(
                WalletKind.GOOGLE,
                ApplePayload.pan(required(pan, "pan")),
                expiry(details),
                credential,
                proof,
                ApplePayload.eci(eci, WalletStep.GOOGLE_MESSAGE),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static WalletPayload.Credential credential(String method) {
        return switch (method) {
            case "PAN_ONLY" -> WalletPayload.Credential.PAN_ONLY;
            case "CRYPTOGRAM_3DS", "3DS" -> WalletPayload.Credential.CRYPTOGRAM_3DS;
            default -> throw WalletStep.GOOGLE_MESSAGE.refusal("authMethod is none that is known");
        };
    }

    private static YearMonth expiry(JsonObject details) {
        long year = required(details.integer("expirationYear"), "expirationYear");
        long month = required(details.integer("expirationMonth"), "expirationMonth");
        try {
            if (year >= YEAR_MIN && year <= YEAR_MAX) {
                return YearMonth.of((int) year, Math.toIntExact(month));
            }
        } catch (ArithmeticException | DateTimeException _) {
            // No such month.
        }
        throw WalletStep.GOOGLE_MESSAGE.refusal("expirationYear and expirationMonth are no month");
    }
}
