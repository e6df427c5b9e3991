package cardsecure.admin;

import cardsecure.wallet.MerchantCertificate;
import cardsecure.wallet.WalletKey;
import java.time.Instant;
import java.util.Optional;

/// A wallet's key as administrators see it: its public half.
///
/// @param algorithm `EC` or `RSA`
/// @param state as [WalletKey.State] has it, in small letters; or `simulated`, where the certificate is not
///         Apple's
/// @param sha256 of the SubjectPublicKeyInfo, in hex
/// @param publicKey the point in Base64, as Google wants it; of a key of EC
/// @param expires the certificate
/// @param merchantIdHash SHA-256 of the merchant identifier that the certificate is for, in hex
public record WalletKeyView(
        int number,
        String algorithm,
        Instant created,
        String state,
        String sha256,
        Optional<String> publicKey,
        Optional<Instant> expires,
        Optional<String> merchantIdHash) {
    /// The view of a key.
    public static WalletKeyView of(WalletKey key, Instant now) {
        return new WalletKeyView(
                key.number(),
                key.pair().algorithm().label(),
                key.created(),
                switch (key.state(now)) {
                    case WITHOUT_CERTIFICATE -> "without certificate";
                    case CERTIFIED ->
                        key.certificate()
                                        .filter(MerchantCertificate::isSimulated)
                                        .isPresent()
                                ? "simulated"
                                : "certified";
                    case EXPIRED -> "expired";
                },
                key.sha256(),
                key.pair().publicPointText(),
                key.certificate().map(MerchantCertificate::expires),
                key.certificate().map(MerchantCertificate::merchantIdHashText));
    }
}
