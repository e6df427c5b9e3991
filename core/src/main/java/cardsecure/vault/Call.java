package cardsecure.vault;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.util.Optional;

/// A request as it came over the wire, decoded but not yet judged.
public sealed interface Call {
    /// The code of the action, whatever it is, if it could be decoded.
    Optional<String> action();

    /// Parameters that could be decoded.
    ///
    /// @param action the code, if there was one
    /// @param data valid UTF-8, if there was any
    record Decoded(Optional<String> action, Optional<SecretBytes> data, Parameters parameters) implements Call {
        /// A call without parameters, or with `unique` alone.
        public Decoded(Optional<String> action, Optional<SecretBytes> data, boolean unique) {
            this(action, data, Parameters.none().withUnique(unique));
        }
    }

    /// A frame whose data end as those of a signed one do. What they are, the site's setting says.
    ///
    /// @param plain where requests are not signed: the end belongs to the data
    /// @param signed where they are
    record Signable(Decoded plain, Decoded signed) implements Call {
        /// The same in both.
        @Override
        public Optional<String> action() {
            return plain.action();
        }
    }

    /// What could not be decoded.
    ///
    /// @param reason for the log, without the caller's text
    /// @param action the code, if it at least could be decoded
    record Malformed(ErrorCode code, String reason, Optional<String> action) implements Call {
        Refusal refusal() {
            return new Refusal(code, reason);
        }
    }
}
