package cardsecure.wallet;

import cardsecure.error.Refusal;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// Verifies and decrypts Google Pay's tokens (Google, "Payment data cryptography for merchants"), versions ECv1
/// and ECv2. Safe for threads.
///
/// Everything that is public is verified first. A private key of the site is only ever used on what Google has
/// signed for the site's recipient, so nobody can try ciphertexts of their own; and all that fails from there
/// on is `0024`.
public final class GooglePay {
    private final GooglePayRootKeys roots;
    private final InstantSource clock;

    /// Takes its parts.
    ///
    /// @param roots Google's for payments, or its others for tests
    public GooglePay(GooglePayRootKeys roots, InstantSource clock) {
        this.roots = roots;
        this.clock = clock;
    }

    /// Verifies and decrypts a token. Whether it was taken before is up to the caller, who marks
    /// [OpenedWallet#once] before the payload is used.
    ///
    /// @throws cardsecure.error.Refusal `0024`, naming the [WalletStep]
    public OpenedWallet open(GooglePayToken token, GooglePayRecipient recipient) {
        Instant now = clock.instant();
        if (token.version() == GooglePayToken.Version.EC_V2_SIGNING_ONLY) {
            throw GooglePayToken.signingOnly();
        }
        GoogleSignatures.verify(token, recipient.id(), validRoots(token, now), now);
        GoogleCipher.Decrypted decrypted = decrypt(token, recipient.keys());
        try {
            return GoogleMessage.read(decrypted.clear(), recipient, now).under(decrypted.key());
        } catch (Refusal e) {
            throw WalletStep.under(e, decrypted.key());
        } finally {
            decrypted.clear().destroy();
        }
    }

    private List<ECPublicKey> validRoots(GooglePayToken token, Instant now) {
        List<ECPublicKey> valid = roots.valid(token.version(), now);
        if (valid.isEmpty()) {
            throw WalletStep.GOOGLE_ROOT_KEY.refusal("no root key is of "
                    + token.version().label() + " and has not expired; there are " + roots.names());
        }
        return valid;
    }

    /// Without a key of the site's, one of nobody's is tried, as [ApplePay#decrypt].
    static GoogleCipher.Decrypted decrypt(GooglePayToken token, List<WalletKeyPair> keys) {
        GoogleCipher cipher = GoogleCipher.of(token);
        if (keys.isEmpty()) {
            cipher.decrypt(List.of(NobodysKeys.googlePay()));
            throw WalletStep.GOOGLE_RECIPIENT_KEY.refusal("the site has no key for Google Pay");
        }
        return cipher.decrypt(keys)
                .orElseThrow(() ->
                        WalletStep.GOOGLE_MAC.refusal("the MAC is right under none of " + WalletKeyPair.names(keys)));
    }
}
