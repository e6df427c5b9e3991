package cardsecure.socket;

import cardsecure.config.ListenerConfig;
import cardsecure.peer.ProxySource;
import cardsecure.tls.ServerTls;
import cardsecure.vault.Caller;
import cardsecure.vault.Credentials;
import cardsecure.vault.SiteSelector;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSession;

/// Who is at the other end of a connection.
///
/// @param peer the address that the connection comes from
/// @param address the caller's: the peer's, or what a proxy tells that is trusted
record Opening(InetAddress peer, InetAddress address) {

    /// Reads what a trusted proxy has to say, and not a byte more.
    ///
    /// @throws IOException if such a proxy says something else
    static Opening of(Socket accepted, ListenerConfig listener) throws IOException {
        InetAddress peer = accepted.getInetAddress();
        boolean proxied = switch (listener.proxyHeader()) {
            case PROXY_PROTOCOL -> listener.trusts(peer);
            case NONE, FORWARDED, X_FORWARDED_FOR -> false;
        };
        return new Opening(peer, proxied ? ProxySource.read(accepted.getInputStream(), peer) : peer);
    }

    /// Whether the listener lets the caller in.
    boolean isAllowed(ListenerConfig listener) {
        return listener.allows(address);
    }

    /// The caller over a connection that others may read, unless it does not leave the machine. A proxy on this one
    /// speaks for callers on others: the caller's address says so, and its way to the proxy is not ours to judge.
    Caller inClear(ListenerConfig listener) {
        boolean local = peer.isLoopbackAddress() && address.isLoopbackAddress();
        return new Caller(address, local, site(listener), new Credentials.None(), listener.rights());
    }

    /// The caller over TLS.
    Caller overTls(ListenerConfig listener, SSLSession session) {
        Credentials credentials = ServerTls.clientCertificate(session)
                .<Credentials>map(Credentials.Certificate::new)
                .orElse(new Credentials.None());
        return new Caller(address, true, site(listener), credentials, listener.rights());
    }

    private static SiteSelector site(ListenerConfig listener) {
        return listener.site().<SiteSelector>map(SiteSelector.Named::new).orElse(new SiteSelector.Default());
    }
}
