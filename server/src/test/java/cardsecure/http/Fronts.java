package cardsecure.http;

import cardsecure.admin.AdminClient;
import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.audit.AuditEvent;
import cardsecure.config.KekConfig;
import cardsecure.config.KeysConfig;
import cardsecure.config.LimitsConfig;
import cardsecure.config.Listen;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.ClientCertificates;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.ProxyHeader;
import cardsecure.config.ListenerConfig.WhenFull;
import cardsecure.config.ListenersConfig;
import cardsecure.config.LogConfig;
import cardsecure.config.RfcConfig;
import cardsecure.config.ServerConfig;
import cardsecure.config.StoreConfig;
import cardsecure.config.TlsConfig;
import cardsecure.config.WalletsConfig;
import cardsecure.server.Client;
import cardsecure.server.Server;
import cardsecure.site.AddressRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// A whole development server with web listeners of a test's own choice, each at any free port.
final class Fronts implements AutoCloseable {
    private final List<AuditEvent> audit = new CopyOnWriteArrayList<>();
    private final Path data;
    private final Server server;

    Fronts(Path data, TlsConfig tls, ListenerConfig... listeners) throws Exception {
        this.data = data;
        this.server = Server.start(
                new ServerConfig(
                        true,
                        data,
                        new ListenersConfig(List.of(listeners)),
                        tls,
                        StoreConfig.defaults(),
                        KekConfig.defaults(),
                        KeysConfig.defaults(),
                        WalletsConfig.defaults(),
                        LimitsConfig.defaults(),
                        RfcConfig.defaults(),
                        LogConfig.defaults()),
                audit::add);
    }

    /// A listener that asks nothing of its peers.
    static ListenerConfig open(Kind kind) {
        return ListenerConfig.plain(kind, new Listen.At(Listen.LOOPBACK, 0), LimitsConfig.defaults());
    }

    /// One for a site of its own, or for certain addresses.
    static ListenerConfig guarded(Kind kind, Optional<String> site, String... addresses) {
        ListenerConfig open = open(kind);
        return new ListenerConfig(
                kind,
                open.address(),
                site,
                ranges(addresses),
                open.connectionsMax(),
                open.whenFull(),
                open.idleTimeout(),
                open.clientCertificates(),
                open.proxyHeader(),
                open.proxies());
    }

    /// One with few places, or little patience.
    static ListenerConfig tight(Kind kind, int connectionsMax, WhenFull whenFull, Duration idleTimeout) {
        ListenerConfig open = open(kind);
        return new ListenerConfig(
                kind,
                open.address(),
                open.site(),
                open.addresses(),
                connectionsMax,
                whenFull,
                idleTimeout,
                open.clientCertificates(),
                open.proxyHeader(),
                open.proxies());
    }

    /// HTTPS that asks for certificates.
    static ListenerConfig asking(ClientCertificates asked) {
        ListenerConfig open = open(Kind.HTTPS);
        return new ListenerConfig(
                open.kind(),
                open.address(),
                open.site(),
                open.addresses(),
                open.connectionsMax(),
                open.whenFull(),
                open.idleTimeout(),
                asked,
                open.proxyHeader(),
                open.proxies());
    }

    /// One behind proxies.
    static ListenerConfig proxied(Kind kind, ProxyHeader header, String... proxies) {
        ListenerConfig open = open(kind);
        return new ListenerConfig(
                kind,
                open.address(),
                open.site(),
                open.addresses(),
                open.connectionsMax(),
                open.whenFull(),
                open.idleTimeout(),
                open.clientCertificates(),
                header,
                ranges(proxies));
    }

    private static List<AddressRange> ranges(String... texts) {
        return Stream.of(texts).map(AddressRange::parse).toList();
    }

    /// The port of a listener, by its place in the list.
    int port(int listener) {
        String line = server.listeners().get(listener);
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    /// What whoever starts it is told.
    List<String> warnings() {
        return server.warnings();
    }

    Client client(int listener) throws IOException {
        return Client.to(port(listener));
    }

    /// The addresses of the callers that were refused so far, with the codes.
    List<String> refused() {
        return audit.stream()
                .filter(AuditEvent.Refused.class::isInstance)
                .map(AuditEvent.Refused.class::cast)
                .map(event -> event.code() + " " + event.address())
                .toList();
    }

    void addSite(String name, Map<String, String> settings) throws Exception {
        tell(new AdminRequest.SiteAdd(name, settings));
    }

    void setSite(String name, Map<String, String> settings) throws Exception {
        tell(new AdminRequest.SiteSet(name, settings));
    }

    private void tell(AdminRequest request) throws Exception {
        AdminReply.Answer answer = new AdminClient(data).call(request, _ -> {});
        if (!(answer instanceof AdminReply.Done)) {
            throw new AssertionError("not done: " + answer);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
