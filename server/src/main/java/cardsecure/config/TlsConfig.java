package cardsecure.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What the TLS listeners show, and whom they trust.
///
/// @param identities each a certificate with its key, chosen by the name that a client asks for (SNI); the first one is
///         for all other names
/// @param clientCa a PEM file with the authorities of client certificates
public record TlsConfig(List<TlsIdentityConfig> identities, Optional<Path> clientCa) {
    /// Keeps a copy.
    public TlsConfig {
        identities = List.copyOf(identities);
    }

    /// None.
    public static TlsConfig defaults() {
        return new TlsConfig(List.of(), Optional.empty());
    }
}
