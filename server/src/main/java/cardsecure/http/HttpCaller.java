package cardsecure.http;

import cardsecure.config.ListenerConfig;
import cardsecure.vault.Caller;
import cardsecure.vault.Credentials;
import cardsecure.vault.SiteSelector;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// Who sent a request, by its connection and its headers.
final class HttpCaller {
    private static final HeaderName X_FORWARDED_PROTO = HeaderNames.create("X-Forwarded-Proto");

    private static final HeaderName FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");
    private static final HeaderName FETCH_MODE = HeaderNames.create("Sec-Fetch-Mode");

    private HttpCaller() {}

    static Caller of(HttpConnection connection, ServerRequestHeaders headers, SiteSelector site) {
        Forwarding forwarding = forwarding(connection, headers);
        return new Caller(
                forwarding.address(),
                isConfidential(connection, forwarding),
                site,
                credentials(connection, headers),
                connection.listener().rights());
    }

    /// By the listener's own site, or else by the host name.
    static SiteSelector site(HttpConnection connection, String host) {
        Optional<String> named = connection.listener().site();
        return named.isPresent() ? new SiteSelector.Named(named.get()) : new SiteSelector.Host(host);
    }

    private static Forwarding forwarding(HttpConnection connection, ServerRequestHeaders headers) {
        ListenerConfig listener = connection.listener();
        InetAddress peer = connection.peer();
        if (!listener.trusts(peer)) {
            return Forwarding.none(peer);
        }
        return switch (listener.proxyHeader()) {
            case NONE -> Forwarding.none(peer);
            case PROXY_PROTOCOL -> Forwarding.none(connection.caller());
            case FORWARDED -> Forwarding.forwarded(peer, values(headers, HeaderNames.FORWARDED), listener.proxies());
            case X_FORWARDED_FOR ->
                Forwarding.xForwardedFor(
                        peer,
                        values(headers, HeaderNames.X_FORWARDED_FOR),
                        values(headers, X_FORWARDED_PROTO),
                        listener.proxies());
        };
    }

    private static List<String> values(ServerRequestHeaders headers, HeaderName name) {
        return headers.contains(name) ? headers.get(name).allValues() : List.of();
    }

    /// Of a way over a proxy only the last part is seen; of the rest the proxy's word must be good.
    private static boolean isConfidential(HttpConnection connection, Forwarding forwarding) {
        boolean direct = !forwarding.told() && forwarding.address().equals(connection.peer());
        return switch (forwarding.scheme()) {
            case OTHER -> false;
            case HTTPS -> connection.isSecure() || connection.peer().isLoopbackAddress();
            case UNTOLD -> connection.isSecure() || (direct && connection.peer().isLoopbackAddress());
        };
    }

    /// Credentials that a request names are meant for it; a certificate is shown to every server that asks.
    private static Credentials credentials(HttpConnection connection, ServerRequestHeaders headers) {
        if (isForeignScript(headers)) {
            return new Credentials.None();
        }
        Credentials named = headers.value(HeaderNames.AUTHORIZATION)
                .map(BasicCredentials::of)
                .orElseGet(Credentials.None::new);
        return switch (named) {
            case Credentials.Basic _, Credentials.Certificate _ -> named;
            case Credentials.None _ ->
                connection
                        .certificate()
                        .<Credentials>map(Credentials.Certificate::new)
                        .orElse(named);
        };
    }

    /// Whether a browser asks for the `script` element, or another element, of a page of another site. It would send
    /// along the credentials of whoever sits there, and the page could run the reply (W3C, Fetch Metadata Request
    /// Headers).
    private static boolean isForeignScript(ServerRequestHeaders headers) {
        return has(headers, FETCH_SITE, "cross-site") && has(headers, FETCH_MODE, "no-cors");
    }

    private static boolean has(ServerRequestHeaders headers, HeaderName name, String value) {
        return headers.value(name).filter(value::equals).isPresent();
    }
}
