package cardsecure.audit;

import java.time.Instant;
import java.util.Optional;

/// Something that the operator is told. No part of an event is a caller's text: sites and actions are names that the
/// server itself knows.
public sealed interface AuditEvent {

    /// A request was refused.
    ///
    /// @param errorId found again in the log and in the HTTP reply's header
    /// @param code four digits
    /// @param action its code, or `-` if it was none
    /// @param site its name, or `-` if it was none
    /// @param address of the caller
    /// @param reason what rule was broken
    /// @param cause for a failure of the server's own
    record Refused(
            String errorId,
            String code,
            String action,
            String site,
            String address,
            String reason,
            Optional<Throwable> cause)
            implements AuditEvent {}

    /// Clear data were given out.
    ///
    /// @param user who proved who it is, or `-` for a caller without credentials
    record Revealed(String action, String site, String address, String user, String token) implements AuditEvent {}

    /// Clear data were given out, of a ciphertext that the caller kept.
    ///
    /// @param user as [Revealed] has it
    /// @param keyId of the key that it was encrypted under
    record Decrypted(String action, String site, String address, String user, String keyId) implements AuditEvent {}

    /// A token's data were destroyed.
    ///
    /// @param user as [Revealed] has it
    record Purged(String action, String site, String address, String user, String token) implements AuditEvent {}

    /// RSA-encrypted data of a site's callers failed to decrypt again and again, with no success between.
    ///
    /// @param count how often so far
    /// @param since the first time
    record DecryptionsFail(String site, long count, Instant since) implements AuditEvent {}

    /// An administrator changed something, or was refused to.
    ///
    /// @param what one line, without secrets
    record Administered(String what) implements AuditEvent {}
}
