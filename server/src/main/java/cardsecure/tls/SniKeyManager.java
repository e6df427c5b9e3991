package cardsecure.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Chooses the certificate by the host name that the client asks for. An alias is the place in the list.
///
/// The JDK's own key managers are not taken: the one that knows names opens its keys anew for every handshake, which
/// costs more than all the rest of it.
final class SniKeyManager extends X509ExtendedKeyManager {
    private final List<TlsIdentity> identities;

    /// @param identities one at least; the first one's names are for clients that ask for none that there is
    SniKeyManager(List<TlsIdentity> identities) {
        this.identities = List.copyOf(identities);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
        return choose(keyType, engine.getHandshakeSession());
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
        return choose(keyType, ((SSLSocket) socket).getHandshakeSession());
    }

    private @Nullable String choose(String keyType, SSLSession handshake) {
        List<TlsIdentity> meant = meant(requestedHost(handshake));
        return IntStream.range(0, identities.size())
                .filter(i ->
                        meant.contains(identities.get(i)) && identities.get(i).hasKeyOf(keyType))
                .mapToObj(Integer::toString)
                .findFirst()
                .orElse(null);
    }

    /// The identities of a host, several if they have keys of different kinds. The kind of key comes second: a client
    /// that asks for a name is not shown another name's certificate because it prefers its key.
    List<TlsIdentity> meant(Optional<String> host) {
        List<TlsIdentity> exact = identities.stream()
                .filter(identity -> host.filter(identity::isExactlyFor).isPresent())
                .toList();
        if (!exact.isEmpty()) {
            return exact;
        }
        List<TlsIdentity> wildcard = identities.stream()
                .filter(identity -> host.filter(identity::isByWildcardFor).isPresent())
                .toList();
        if (!wildcard.isEmpty()) {
            return wildcard;
        }
        TlsIdentity first = identities.getFirst();
        return identities.stream()
                .filter(identity -> identity.names().equals(first.names()))
                .toList();
    }

    private static Optional<String> requestedHost(SSLSession handshake) {
        if (!(handshake instanceof ExtendedSSLSession session)) {
            return Optional.empty();
        }
        return session.getRequestedServerNames().stream()
                .filter(name -> name.getType() == StandardConstants.SNI_HOST_NAME)
                .findFirst()
                .flatMap(SniKeyManager::hostName);
    }

    private static Optional<String> hostName(SNIServerName name) {
        try {
            return Optional.of(new SNIHostName(name.getEncoded()).getAsciiName().toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return identity(alias).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return identity(alias).key();
    }

    private TlsIdentity identity(String alias) {
        return identities.get(Integer.parseInt(alias));
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return IntStream.range(0, identities.size())
                .filter(i -> identities.get(i).hasKeyOf(keyType))
                .mapToObj(Integer::toString)
                .toArray(String[]::new);
    }

    /// None: the server calls nobody.
    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
