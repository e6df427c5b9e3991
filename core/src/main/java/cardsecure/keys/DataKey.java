package cardsecure.keys;

import cardsecure.secret.SecretBytes;
import java.time.Instant;

/// A data-encryption key (DEK) of the ring.
///
/// @param key 32 bytes, AES-256
/// @param created when it was made
public record DataKey(KeyId id, SecretBytes key, Instant created) {
    /// Bytes.
    public static final int LENGTH = 32;

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for a key of another length
    public DataKey {
        if (key.length() != LENGTH) {
            throw new IllegalArgumentException("a data key has " + LENGTH + " bytes");
        }
    }
}
