package cardsecure.config;

import java.nio.file.Path;
import java.util.Optional;

/// Where a certificate and its key are.
public sealed interface TlsIdentityConfig {

    /// Two PEM files.
    ///
    /// @param certificate the server's own first, then those that lead from it to its authority
    /// @param key PKCS#8, not encrypted
    record Pem(Path certificate, Path key) implements TlsIdentityConfig {}

    /// One PKCS#12 file.
    ///
    /// @param passwordFile its first line is the password; none: the empty one
    record Pkcs12(Path file, Optional<Path> passwordFile) implements TlsIdentityConfig {}
}
