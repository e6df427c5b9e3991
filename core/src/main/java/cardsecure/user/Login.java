package cardsecure.user;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

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
    /// Letters of ASCII count alike in both cases, nothing else does. The canonical form of [X500Principal] is not
    /// taken: it decomposes characters after it has escaped, so that one name with a wide comma becomes two.
    ///
    /// @param name as RFC 2253 writes it, with `A` to `Z` in lower case
    record Subject(String name) implements Login {
        private static final int LENGTH_MAX = 1024;

        /// Brings the name into that form.
        ///
        /// @throws IllegalArgumentException for what is no distinguished name, an empty one, or a long one
        public Subject {
            name = form(principal(name));
            if (name.isEmpty() || name.length() > LENGTH_MAX || name.chars().anyMatch(Character::isISOControl)) {
                throw notAName(null);
            }
        }

        /// The login by the name of a certificate.
        ///
        /// @throws IllegalArgumentException for one without a usable name
        public static Subject of(X509Certificate certificate) {
            X500Principal subject = certificate.getSubjectX500Principal();
            Subject login = new Subject(subject.getName(X500Principal.RFC2253));
            // What is written as a text but encoded otherwise than that text would be read as another's name.
            if (!principal(login.name).equals(subject)) {
                throw notAName(null);
            }
            return login;
        }

        private static String form(X500Principal principal) {
            StringBuilder form = new StringBuilder(principal.getName(X500Principal.RFC2253));
            for (int i = 0; i < form.length(); i++) {
                char c = form.charAt(i);
                form.setCharAt(i, c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c);
            }
            return form.toString();
        }

        private static X500Principal principal(String name) {
            try {
                return new X500Principal(name);
            } catch (IllegalArgumentException e) {
                throw notAName(e);
            }
        }

        private static IllegalArgumentException notAName(@Nullable IllegalArgumentException cause) {
            return new IllegalArgumentException("a subject is a distinguished name, such as CN=till 7,O=Shop", cause);
        }
    }
}
