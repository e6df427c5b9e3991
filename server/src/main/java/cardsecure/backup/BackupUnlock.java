package cardsecure.backup;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;

/// Decrypts a backup.
@FunctionalInterface
public interface BackupUnlock {
    /// The content.
    ///
    /// @throws Refusal `0063` if it does not open
    SecretBytes open(BackupHeader header, byte[] sealed);
}
