package cardsecure.vault;

import cardsecure.secret.SecretBytes;
import java.security.cert.X509Certificate;

/// What a caller showed to say who it is; nothing of it is proven yet, but that a certificate's key is the caller's.
public sealed interface Credentials {

    /// Nothing.
    record None() implements Credentials {}

    /// A name and a password (RFC 7617).
    ///
    /// @param password UTF-8
    record Basic(String user, SecretBytes password) implements Credentials {
        /// The name is a caller's text, so it is not printed either.
        @Override
        public String toString() {
            return "Basic[]";
        }
    }

    /// The certificate of a TLS client, whose chain its listener found good.
    record Certificate(X509Certificate certificate) implements Credentials {}
}
