package cardsecure.tls;

import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// A certificate, the chain to its authority, and its key.
///
/// @param chain the server's own certificate first
/// @param names the host names that it is for, in lower case; some begin with `*.`
record TlsIdentity(List<X509Certificate> chain, PrivateKey key, Set<String> names) {
    private static final int DNS_NAME = 2;

    TlsIdentity {
        chain = List.copyOf(chain);
        names = Set.copyOf(names);
    }

    /// With the names that the certificate tells.
    static TlsIdentity of(List<X509Certificate> chain, PrivateKey key) throws CertificateParsingException {
        Collection<List<?>> alternatives = chain.getFirst().getSubjectAlternativeNames();
        Set<String> names = alternatives == null
                ? Set.of()
                : alternatives.stream()
                        .filter(name -> name.getFirst().equals(DNS_NAME))
                        .map(name -> name.get(1).toString().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        return new TlsIdentity(chain, key, names);
    }

    X509Certificate certificate() {
        return chain.getFirst();
    }

    boolean isExactlyFor(String host) {
        return names.contains(host);
    }

    /// Whether a name with a wildcard covers the host: the wildcard stands for one whole label (RFC 6125).
    boolean isByWildcardFor(String host) {
        int dot = host.indexOf('.');
        return dot > 0 && names.contains("*" + host.substring(dot));
    }

    /// Whether the key is of a kind that TLS asks for.
    ///
    /// @param keyType as JSSE names it: the algorithm of a key, or `RSASSA-PSS`, for which an RSA key will do too
    boolean hasKeyOf(String keyType) {
        String algorithm = key.getAlgorithm();
        return keyType.equals(algorithm) || (keyType.equals("RSASSA-PSS") && algorithm.equals("RSA"));
    }

    /// Says nothing of the key.
    @Override
    public String toString() {
        return "TlsIdentity" + names;
    }
}
