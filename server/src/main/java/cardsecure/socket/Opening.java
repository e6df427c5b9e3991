package cardsecure.socket;

import cardsecure.config.ListenerConfig;
import cardsecure.protocol.ProxyProtocolHeader;
import cardsecure.site.AddressRange;
import cardsecure.vault.Caller;
import cardsecure.vault.Credentials;
import cardsecure.vault.SiteSelector;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
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
            case PROXY_PROTOCOL -> contain(listener.proxies(), peer);
            case NONE, FORWARDED, X_FORWARDED_FOR -> false;
        };
        return new Opening(peer, proxied ? source(accepted.getInputStream(), peer) : peer);
    }

    private static InetAddress source(InputStream in, InetAddress proxy) throws IOException {
        byte[] header = new byte[0];
        while (true) {
            switch (ProxyProtocolHeader.parse(header)) {
                case ProxyProtocolHeader.Incomplete(int length) -> header = readTo(in, header, length);
                case ProxyProtocolHeader.Local _ -> {
                    return proxy;
                }
                case ProxyProtocolHeader.Proxied(InetAddress source) -> {
                    return source;
                }
                case ProxyProtocolHeader.Malformed(String reason) ->
                    throw new ProtocolException("the proxy sent " + reason);
            }
        }
    }

    private static byte[] readTo(InputStream in, byte[] known, int length) throws IOException {
        byte[] longer = Arrays.copyOf(known, length);
        if (in.readNBytes(longer, known.length, length - known.length) < length - known.length) {
            throw new EOFException("the proxy sent less than a header");
        }
        return longer;
    }

    /// Whether the listener lets the caller in.
    boolean isAllowed(ListenerConfig listener) {
        return listener.addresses().isEmpty() || contain(listener.addresses(), address);
    }

    private static boolean contain(List<AddressRange> ranges, InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    /// The caller over a connection that others may read, unless it does not leave the machine. A proxy on this one
    /// speaks for callers on others: the caller's address says so, and its way to the proxy is not ours to judge.
    Caller inClear(ListenerConfig listener) {
        boolean local = peer.isLoopbackAddress() && address.isLoopbackAddress();
        return new Caller(address, local, site(listener), new Credentials.None());
    }

    /// The caller over TLS.
    Caller overTls(ListenerConfig listener, SSLSession session) {
        Credentials credentials = certificate(session)
                .<Credentials>map(Credentials.Certificate::new)
                .orElse(new Credentials.None());
        return new Caller(address, true, site(listener), credentials);
    }

    private static SiteSelector site(ListenerConfig listener) {
        return listener.site().<SiteSelector>map(SiteSelector.Named::new).orElse(new SiteSelector.Default());
    }

    private static Optional<X509Certificate> certificate(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }
}
