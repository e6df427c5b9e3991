package cardsecure.backup;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyRing;
import cardsecure.secret.SecretBytes;
import java.time.Instant;

/// Encrypts a backup for somebody.
public sealed interface BackupLock permits CertificateLock, PassphraseLock {
    /// What stands before and after what is encrypted for a certificate (RFC 5652, in the form of RFC 7468).
    String CMS = "CMS";

    /// What stands before and after what is encrypted under a passphrase.
    String PASSPHRASE = "CARDSECURE KEYS";

    /// What opens it, for the header.
    String name();

    /// What stands before and after it.
    String label();

    /// The content, encrypted and authenticated.
    byte[] seal(SecretBytes content);

    /// A backup of a ring.
    default KeyBackup backup(KeyRing ring, Instant now) {
        return KeyBackup.seal(ring, this, now);
    }

    /// A refusal of a certificate or a passphrase that is not fit to lock with.
    static Refusal unfit(String reason) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, reason);
    }
}
