package cardsecure.keys;

import cardsecure.secret.SecretBytes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// A key that fingerprints are made with.
///
/// @param version 1 to 127; it stands at the head of each fingerprint
/// @param key 32 bytes, for HMAC-SHA-256
/// @param created when it was made, in full milliseconds
public record FingerprintKey(int version, SecretBytes key, Instant created) {
    /// Bytes.
    public static final int LENGTH = 32;

    /// The last version there can be.
    public static final int VERSION_MAX = Byte.MAX_VALUE;

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for a version or a key that cannot be
    public FingerprintKey {
        // As a keystore keeps it.
        created = created.truncatedTo(ChronoUnit.MILLIS);
        if (version < 1 || version > VERSION_MAX || key.length() != LENGTH) {
            throw new IllegalArgumentException("a fingerprint key has a version from 1 and " + LENGTH + " bytes");
        }
    }
}
