package cardsecure.rsa;

import cardsecure.secret.SecretBytes;

/// Decrypts under one key, always in the same way, whatever comes out. Safe for threads.
sealed interface RsaDecryptor permits Pkcs1Decryptor, OaepDecryptor {

    /// What a ciphertext came to.
    ///
    /// @param message what was encrypted, or something else where the padding is wrong
    /// @param padded whether the padding is right, which nobody outside may learn: it only says which of several
    ///         messages to take that would all do
    record Opened(SecretBytes message, boolean padded) {}

    /// A decryptor of a key.
    static RsaDecryptor of(RsaKey key) {
        return switch (key.padding()) {
            case PKCS1 -> new Pkcs1Decryptor(key);
            case OAEP_SHA256 -> new OaepDecryptor(key);
        };
    }

    /// Decrypts. Never fails.
    ///
    /// @param ciphertext as long as the key's modulus
    Opened decrypt(byte[] ciphertext);
}
