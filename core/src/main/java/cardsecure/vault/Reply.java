package cardsecure.vault;

import cardsecure.error.ErrorCode;
import cardsecure.secret.SecretBytes;
import cardsecure.token.Token;
import java.time.Duration;

/// The answer to a request.
public sealed interface Reply {

    /// A token.
    record Tokenized(Action action, Token token) implements Reply {}

    /// A text that is no secret.
    record Told(Action action, String text) implements Reply {}

    /// Clear data.
    record Revealed(Action action, SecretBytes data) implements Reply {}

    /// A card number, encrypted for the caller to keep.
    ///
    /// @param keyId of the key that it is encrypted under; the ciphertext begins with it too
    record Encrypted(Action action, String keyId, String ciphertext) implements Reply {}

    /// Clear data, out of what the caller kept.
    ///
    /// @param keyId of the key that it was encrypted under
    record Decrypted(Action action, String keyId, SecretBytes data) implements Reply {}

    /// An error. The caller sees the code, the log has the rest under the same id.
    record Refused(ErrorCode code, String errorId) implements Reply {}

    /// The site lets nobody do this without credentials, and there were none, wrong ones, or ones that are not enough.
    record CredentialsNeeded(String errorId) implements Reply {}

    /// The caller, or all callers of the site, ask for more than they may.
    ///
    /// @param retryAfter when to ask again
    record TooManyRequests(String errorId, Duration retryAfter) implements Reply {}

    /// The server works on as much as it can.
    record Overloaded(String errorId) implements Reply {}
}
