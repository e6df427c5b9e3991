package cardsecure.wallet;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.util.Locale;
import java.util.Optional;

/// The steps that a payload goes through. The first six are made while it is read, each where its part is; the
/// others in their order. Each fails with a code for the caller, which is `0024` but for what anybody can see
/// who looks at the payload, and with the step's name for the log.
public enum WalletStep {
    /// No more bytes than a payload can need.
    SIZE(ErrorCode.DATA_TOO_LONG),
    /// `ectype` is one that is known.
    KIND(ErrorCode.INVALID_CURVE_TYPE),
    /// All parameters and fields are there.
    FIELD(ErrorCode.MISSING_PARAMETER),
    /// The token is JSON, its fields of the right type.
    JSON(ErrorCode.JSON_DESERIALIZATION_ERROR),
    /// The token's version is one that is known.
    VERSION(ErrorCode.INVALID_CURVE_TYPE),
    /// What is Base64 or hex can be decoded.
    BASE64(ErrorCode.BASE64_DECODE_FAILURE),

    /// Apple: the hash of the application's data is the one that the caller names.
    APPLE_APPLICATION_DATA,
    /// Apple: the signature is CMS, detached.
    APPLE_CMS,
    /// Apple: one SignerInfo, neither more nor fewer.
    APPLE_SIGNERS,
    /// Apple: one certificate is marked as a leaf, one as an intermediate.
    APPLE_CERTIFICATES,
    /// Apple: digest and signature algorithm are allowed.
    APPLE_ALGORITHM,
    /// Apple: there is one signing time.
    APPLE_SIGNING_TIME,
    /// Apple: leaf and intermediate lead to Apple's root, at the signing time.
    APPLE_CHAIN,
    /// Apple: the leaf is who signed.
    APPLE_SIGNER,
    /// Apple: what is signed is this content.
    APPLE_CONTENT,
    /// Apple: the signature is right.
    APPLE_SIGNATURE,
    /// Apple: it was signed just now.
    APPLE_WINDOW,
    /// Apple: the ephemeral key is a point of the curve.
    APPLE_EPHEMERAL_KEY,
    /// Apple: the site has such a merchant key.
    APPLE_MERCHANT_KEY,
    /// Apple: it decrypts.
    APPLE_DECRYPTION,
    /// Apple: what is decrypted is a payload.
    APPLE_PAYLOAD,

    /// Google: the version is one that carries cards.
    GOOGLE_SIGNING_ONLY,
    /// Google: there is a root key of the version that has not expired.
    GOOGLE_ROOT_KEY,
    /// Google: a root key signed the intermediate key.
    GOOGLE_INTERMEDIATE_SIGNATURE,
    /// Google: the intermediate key is one, and has not expired.
    GOOGLE_INTERMEDIATE_KEY,
    /// Google: the message was signed, for this recipient.
    GOOGLE_SIGNATURE,
    /// Google: the signed message is an encrypted one.
    GOOGLE_SIGNED_MESSAGE,
    /// Google: the ephemeral key is a point of the curve.
    GOOGLE_EPHEMERAL_KEY,
    /// Google: the site has a private key.
    GOOGLE_RECIPIENT_KEY,
    /// Google: the MAC is right under one of the site's keys.
    GOOGLE_MAC,
    /// Google: what is decrypted is a message about a card.
    GOOGLE_MESSAGE,
    /// Google: the message has not expired.
    GOOGLE_EXPIRATION,
    /// Google: the message is for the site's own merchant.
    GOOGLE_MERCHANT,

    /// Either: the card's number is one.
    PAN,
    /// Either: the amount is not over the site's `wallet-amount-max`.
    AMOUNT,
    /// Either: the currency is one of the site's `wallet-currencies`.
    CURRENCY,
    /// Either: the payload is no longer than what is kept of one.
    CONTENT,
    /// Either: the payload was not taken before, on whatever node.
    REPLAY;

    private final ErrorCode code;

    WalletStep() {
        this(ErrorCode.DECRYPTION_FAILURE);
    }

    WalletStep(ErrorCode code) {
        this.code = code;
    }

    /// What the caller is told when the step fails.
    public ErrorCode code() {
        return code;
    }

    /// The name in the log: `apple-chain`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The step that a refusal of this package names.
    public static Optional<WalletStep> of(Refusal refusal) {
        String reason = refusal.reason();
        for (WalletStep each : values()) {
            if (reason.startsWith(each.label() + ": ")) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /// The same refusal, which says under which key the payload decrypted.
    static Refusal under(Refusal refusal, WalletKeyPair key) {
        return new Refusal(refusal.code(), refusal.reason() + "; decrypted under " + key.name());
    }

    /// The refusal of what fails here.
    ///
    /// @param about what was wrong, and with which certificate or key; nothing of the payload
    public Refusal refusal(String about) {
        return new Refusal(code, label() + ": " + about);
    }
}
