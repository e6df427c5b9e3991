package cardsecure.admin;

import cardsecure.rsa.RsaKey;
import java.time.Instant;

/// An RSA key as administrators see it: its public half.
///
/// @param padding as [cardsecure.rsa.RsaPadding#label]
/// @param sha256 of the SubjectPublicKeyInfo, in hex
/// @param publicKey the SubjectPublicKeyInfo in Base64
public record RsaKeyView(int number, int bits, String padding, Instant created, String sha256, String publicKey) {
    /// The view of a key.
    public static RsaKeyView of(RsaKey key) {
        return new RsaKeyView(
                key.number(), key.bits(), key.padding().label(), key.created(), key.sha256(), key.publicKeyText());
    }
}
