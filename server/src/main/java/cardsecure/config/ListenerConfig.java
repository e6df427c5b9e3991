package cardsecure.config;

import cardsecure.site.AddressRange;
import cardsecure.site.Right;
import cardsecure.site.Site;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// One address that a front listens at, and who may call there.
///
/// @param site whose requests come here; without one, HTTP goes by the host name, a socket takes the default site
/// @param addresses of peers that may call; empty: all
/// @param connectionsMax open at a time
/// @param idleTimeout after which a silent connection is closed
/// @param proxyHeader how a proxy in front tells whom it speaks for
/// @param proxies whose word is taken for it; from other peers such a header means nothing
/// @param rights of what a site lets everybody do that which goes here
public record ListenerConfig(
        Kind kind,
        Listen.At address,
        Optional<String> site,
        List<AddressRange> addresses,
        int connectionsMax,
        WhenFull whenFull,
        Duration idleTimeout,
        ClientCertificates clientCertificates,
        ProxyHeader proxyHeader,
        List<AddressRange> proxies,
        Set<Right> rights) {

    /// What does not narrow a site's rights.
    static final Set<Right> ALL_RIGHTS = Set.of(Right.values());

    /// What is spoken there.
    public enum Kind {
        /// Plain HTTP.
        HTTP,
        /// HTTP over TLS.
        HTTPS,
        /// The raw socket.
        SOCKET,
        /// The raw socket over TLS.
        SOCKET_TLS,
        /// SAP's remote function calls.
        RFC,
        /// SAP's remote function calls over TLS.
        RFC_TLS;

        /// As options, keys and logs write it: `socket-tls`.
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /// Whether TLS is spoken.
        public boolean tls() {
            return switch (this) {
                case HTTPS, SOCKET_TLS, RFC_TLS -> true;
                case HTTP, SOCKET, RFC -> false;
            };
        }

        /// Whether HTTP is spoken, or else frames over a raw socket.
        public boolean isHttp() {
            return switch (this) {
                case HTTP, HTTPS -> true;
                case SOCKET, SOCKET_TLS, RFC, RFC_TLS -> false;
            };
        }

        /// Whether RFC is spoken, which has a door without credentials.
        public boolean isRfc() {
            return switch (this) {
                case RFC, RFC_TLS -> true;
                case HTTP, HTTPS, SOCKET, SOCKET_TLS -> false;
            };
        }
    }

    /// What becomes of a connection over the limit.
    public enum WhenFull {
        /// It waits until another one ends.
        WAIT,
        /// It is closed at once.
        REFUSE
    }

    /// Whether TLS clients are asked for a certificate.
    public enum ClientCertificates {
        /// They are not.
        OFF,
        /// They are, and may have none.
        OPTIONAL,
        /// Without one there is no connection.
        REQUIRED
    }

    /// How a proxy tells the address of its client.
    public enum ProxyHeader {
        /// There is no proxy.
        NONE,
        /// PROXY protocol, version 2, before all else on the connection.
        PROXY_PROTOCOL,
        /// `Forwarded` (RFC 7239).
        FORWARDED,
        /// `X-Forwarded-For`.
        X_FORWARDED_FOR
    }

    /// Checks the parts.
    ///
    /// @throws InvalidConfigException for parts that cannot be, or not together
    public ListenerConfig {
        addresses = List.copyOf(addresses);
        proxies = List.copyOf(proxies);
        rights = Set.copyOf(rights);
        Rules rules = new Rules()
                .holds(site.isEmpty() || isName(site.get()), "site", "is a site's name")
                .inRange("connections-max", connectionsMax, 1, LimitsConfig.COUNT_MAX);
        LimitsConfig.within(rules, "idle-timeout", idleTimeout, LimitsConfig.IDLE_MAX);
        rules.holds(
                        clientCertificates == ClientCertificates.OFF || kind.tls(),
                        "client-certificates",
                        "needs TLS: https, socket-tls or rfc-tls")
                .holds(
                        proxyHeader == ProxyHeader.NONE || proxyHeader == ProxyHeader.PROXY_PROTOCOL || kind.isHttp(),
                        "proxy-header",
                        "of a socket is proxy-protocol")
                .holds(
                        (proxyHeader == ProxyHeader.NONE) == proxies.isEmpty(),
                        "proxies",
                        "and proxy-header go together: who the proxies are, and how they tell of their clients")
                .holds(
                        !kind.isRfc()
                                || !addresses.isEmpty()
                                || (address.isLoopback() && proxyHeader == ProxyHeader.NONE),
                        "addresses",
                        "of an RFC listener beyond the loopback address, or behind a proxy, names the SAP systems"
                                + " that may call")
                .enforce();
    }

    /// A listener where everybody may do what the site lets everybody do.
    public ListenerConfig(
            Kind kind,
            Listen.At address,
            Optional<String> site,
            List<AddressRange> addresses,
            int connectionsMax,
            WhenFull whenFull,
            Duration idleTimeout,
            ClientCertificates clientCertificates,
            ProxyHeader proxyHeader,
            List<AddressRange> proxies) {
        this(
                kind,
                address,
                site,
                addresses,
                connectionsMax,
                whenFull,
                idleTimeout,
                clientCertificates,
                proxyHeader,
                proxies,
                ALL_RIGHTS);
    }

    private static boolean isName(String name) {
        try {
            Site.requireName(name);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /// A listener that asks nothing of its peers.
    ///
    /// @param limits what goes for all fronts
    public static ListenerConfig plain(Kind kind, Listen.At address, LimitsConfig limits) {
        return new ListenerConfig(
                kind,
                address,
                Optional.empty(),
                List.of(),
                limits.connectionsMax(),
                WhenFull.WAIT,
                limits.idleTimeout(),
                ClientCertificates.OFF,
                ProxyHeader.NONE,
                List.of());
    }

    /// Whether it asks nothing of its peers, wherever it is.
    boolean isPlain(LimitsConfig limits) {
        Listen.At anywhere = new Listen.At(Listen.LOOPBACK, 0);
        return withAddress(anywhere).equals(plain(kind, anywhere, limits));
    }

    /// Whether a caller with this address may call here.
    public boolean allows(InetAddress caller) {
        return addresses.isEmpty() || addresses.stream().anyMatch(range -> range.contains(caller));
    }

    /// Whether the peer is one of the proxies whose word is taken.
    public boolean trusts(InetAddress peer) {
        return proxies.stream().anyMatch(range -> range.contains(peer));
    }

    /// Whether other machines may reach it, and what goes there is not encrypted.
    public boolean isInClear() {
        return !kind.tls() && !address.isLoopback();
    }

    /// The same at another address.
    public ListenerConfig withAddress(Listen.At newAddress) {
        return new ListenerConfig(
                kind,
                newAddress,
                site,
                addresses,
                connectionsMax,
                whenFull,
                idleTimeout,
                clientCertificates,
                proxyHeader,
                proxies,
                rights);
    }
}
