package cardsecure.wallet;

import cardsecure.secret.SecretBytes;

/// A merchant's key, ready to decrypt what Apple Pay encrypts for it.
///
/// @param pair the key pair that the merchant's certificate is for
/// @param merchantIdHash SHA-256 of the merchant identifier, 32 bytes, as the certificate has it in its
///         extension 1.2.840.113635.100.6.32
public record ApplePayKey(WalletKeyPair pair, SecretBytes merchantIdHash) {
    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for a hash of another length
    public ApplePayKey {
        if (merchantIdHash.length() != Texts.HASH_LENGTH) {
            throw new IllegalArgumentException("the hash of a merchant identifier has 32 bytes");
        }
    }
}
