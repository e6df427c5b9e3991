package cardsecure.wallet;

import cardsecure.error.Refusal;

/// A wallet's payment, verified and decrypted.
///
/// @param once what makes it the one that it is
/// @param key of the site, under which it decrypted
public record OpenedWallet(WalletPayload payload, WalletOnce once, WalletKeyPair key) {
    /// A refusal of it, which names the key in the log.
    public Refusal refused(Refusal refusal) {
        return WalletStep.under(refusal, key);
    }
}
