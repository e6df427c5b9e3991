package cardsecure.user;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/// How a user proves who it is. The TLS layer has verified a certificate before it comes here.
public sealed interface Login {

    /// By a password.
    record Password(PasswordHash hash) implements Login {}

    /// By this one certificate.
    ///
    /// @param sha256 of its DER form, 64 lower-case hex digits
    record Certificate(String sha256) implements Login {
        private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

        /// Checks the parts.
        ///
        /// @throws IllegalArgumentException for what is no SHA-256
        public Certificate {
            if (!HEX.matcher(sha256).matches()) {
                throw new IllegalArgumentException("a certificate's fingerprint is a SHA-256 in hex");
            }
        }

        /// The login by a certificate.
        ///
        /// @throws IllegalArgumentException for one that cannot be encoded
        public static Certificate of(X509Certificate certificate) {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
                return new Certificate(HexFormat.of().formatHex(digest));
            } catch (CertificateEncodingException e) {
                throw new IllegalArgumentException("the certificate is damaged", e);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }
    }

    /// By any certificate for a name: it goes on when the certificate is renewed, and trusts whoever signs it.
    ///
    /// @param name as RFC 2253 writes it, in the canonical form of [X500Principal]
    record Subject(String name) implements Login {
        private static final int LENGTH_MAX = 1024;

        /// Brings the name into its canonical form.
        ///
        /// @throws IllegalArgumentException for what is no distinguished name, an empty one, or a long one
        public Subject {
            name = canonical(name);
            if (name.isEmpty() || name.length() > LENGTH_MAX || name.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("a subject is a distinguished name, such as CN=till 7,O=Shop");
            }
        }

        /// The login by the name of a certificate.
        ///
        /// @throws IllegalArgumentException for one without a usable name
        public static Subject of(X509Certificate certificate) {
            return new Subject(certificate.getSubjectX500Principal().getName(X500Principal.CANONICAL));
        }

        private static String canonical(String name) {
            try {
                return new X500Principal(name).getName(X500Principal.CANONICAL);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("a subject is a distinguished name, such as CN=till 7,O=Shop", e);
            }
        }
    }
}
