package cardsecure.server;

import cardsecure.admin.AdminClient;
import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.admin.AdminRequest.NewLogin;
import cardsecure.audit.AuditEvent;
import cardsecure.audit.AuditLog;
import cardsecure.config.LimitsConfig;
import cardsecure.config.Listen;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenersConfig;
import cardsecure.config.RfcConfig;
import cardsecure.config.ServerConfig;
import cardsecure.secret.SecretBytes;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A whole development server within the test's own process, on any free port.
public final class TestServer implements AutoCloseable {
    private final List<AuditEvent> audit = new CopyOnWriteArrayList<>();
    private final Path data;
    private final Server server;

    private TestServer(Path data, LimitsConfig limits, AuditLog also, ListenerConfig listener) throws Exception {
        this(data, limits, also, listener, RfcConfig.defaults());
    }

    private TestServer(Path data, LimitsConfig limits, AuditLog also, ListenerConfig listener, RfcConfig rfc)
            throws Exception {
        this.data = data;
        ServerConfig usual = ServerConfig.defaults(true, data);
        ServerConfig config = usual.withLimits(limits)
                .withListeners(new ListenersConfig(List.of(listener)))
                .withRfc(rfc);
        this.server = Server.start(config, event -> {
            audit.add(event);
            also.record(event);
        });
    }

    /// With the usual limits.
    public static TestServer on(Path data) throws Exception {
        return on(data, LimitsConfig.defaults());
    }

    /// With limits of its own.
    public static TestServer on(Path data, LimitsConfig limits) throws Exception {
        return on(data, limits, _ -> {});
    }

    /// With limits of its own, and somebody who hears of each event before the request goes on.
    public static TestServer on(Path data, LimitsConfig limits, AuditLog also) throws Exception {
        return new TestServer(data, limits, also, listener(Kind.HTTP, limits));
    }

    /// With the usual limits, listening for something else.
    public static TestServer on(Path data, Kind kind) throws Exception {
        LimitsConfig limits = LimitsConfig.defaults();
        return new TestServer(data, limits, _ -> {}, listener(kind, limits));
    }

    /// With the usual limits, and another offer to SAP systems.
    public static TestServer on(Path data, ListenerConfig listener, RfcConfig rfc) throws Exception {
        return new TestServer(data, LimitsConfig.defaults(), _ -> {}, listener, rfc);
    }

    private static ListenerConfig listener(Kind kind, LimitsConfig limits) {
        return ListenerConfig.plain(kind, new Listen.At(Listen.LOOPBACK, 0), limits);
    }

    /// Its port.
    public int port() {
        String listener = server.listeners().getFirst();
        return Integer.parseInt(listener.substring(listener.lastIndexOf(':') + 1));
    }

    /// A new connection to it.
    public Client client() throws IOException {
        return Client.to(port());
    }

    /// A new connection to it over TLS; whoever speaks over it trusts its development authority.
    public Socket connectByTls() throws IOException, GeneralSecurityException {
        return trusted().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port());
    }

    /// TLS for clients that trust its development authority.
    public SSLContext trusted() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(data.resolve("tls/ca.pem"))) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /// What it recorded so far.
    public List<AuditEvent> audit() {
        return List.copyOf(audit);
    }

    /// Adds a site, by its administrator's channel.
    public void addSite(String name, Map<String, String> settings) throws Exception {
        tell(new AdminRequest.SiteAdd(name, settings));
    }

    /// Changes a site, by its administrator's channel.
    public void setSite(String name, Map<String, String> settings) throws Exception {
        tell(new AdminRequest.SiteSet(name, settings));
    }

    /// Adds a user of a site, by its administrator's channel.
    ///
    /// @param rights as the administrator types them
    public void addUser(String site, String name, String rights, String password) throws Exception {
        SecretBytes secret = SecretBytes.copyOf(password.getBytes(StandardCharsets.UTF_8));
        tell(new AdminRequest.UserAdd(site, name, rights, new NewLogin.Password(secret)));
    }

    /// Removes a user of a site, by its administrator's channel.
    public void removeUser(String site, String name) throws Exception {
        tell(new AdminRequest.UserRemove(site, name));
    }

    /// Gives a site one more RSA key of 2,048 bits, by its administrator's channel.
    public void addRsaKey(String site, String padding) throws Exception {
        tell(new AdminRequest.RsaKeyNew(site, 2048, padding));
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
