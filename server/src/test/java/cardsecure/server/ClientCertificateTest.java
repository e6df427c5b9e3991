package cardsecure.server;

import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.admin.AdminClient;
import cardsecure.admin.AdminReply;
import cardsecure.admin.AdminRequest;
import cardsecure.config.LimitsConfig;
import cardsecure.config.Listen;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.ClientCertificates;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.ProxyHeader;
import cardsecure.config.ListenerConfig.WhenFull;
import cardsecure.config.ListenersConfig;
import cardsecure.config.ServerConfig;
import cardsecure.config.TlsConfig;
import cardsecure.config.TlsIdentityConfig;
import cardsecure.sap.RfcClient;
import cardsecure.socket.SocketClient;
import cardsecure.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// From a client's certificate to what its user may do, through a whole server, over HTTPS, the TLS socket and
/// RFC.
@Timeout(60)
class ClientCertificateTest {
    private static final String CLEAR_DATA_REFUSED = "0071::Unauthorized decrypt";

    @TempDir
    private Path temporary = Path.of("");

    private TestCertificates certificates;
    private Path data;
    private Server server;

    @BeforeEach
    void start() throws Exception {
        certificates = TestCertificates.in(temporary.resolve("certificates"));
        data = temporary.resolve("data");
        ServerConfig config = new ServerConfig(
                true,
                data,
                new ListenersConfig(List.of(
                        listener(Kind.HTTPS, ClientCertificates.OPTIONAL),
                        listener(Kind.SOCKET_TLS, ClientCertificates.REQUIRED),
                        listener(Kind.RFC_TLS, ClientCertificates.OPTIONAL))),
                new TlsConfig(
                        List.of(certificates.server("server", "localhost")), Optional.of(certificates.authority())),
                ServerConfig.defaults(true, data).store(),
                ServerConfig.defaults(true, data).kek(),
                ServerConfig.defaults(true, data).keys(),
                ServerConfig.defaults(true, data).wallets(),
                LimitsConfig.defaults(),
                ServerConfig.defaults(true, data).rfc(),
                ServerConfig.defaults(true, data).log());
        server = Server.start(config, _ -> {});
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static ListenerConfig listener(Kind kind, ClientCertificates clients) {
        return new ListenerConfig(
                kind,
                new Listen.At(Listen.LOOPBACK, 0),
                Optional.empty(),
                List.of(),
                10,
                WhenFull.WAIT,
                Duration.ofMinutes(1),
                clients,
                ProxyHeader.NONE,
                List.of());
    }

    private Socket connect(Kind kind, SSLContext context) throws IOException {
        String name = server.listeners().stream()
                .filter(listener -> listener.startsWith(kind.label() + " "))
                .findFirst()
                .orElseThrow();
        int port = Integer.parseInt(name.substring(name.lastIndexOf(':') + 1));
        return context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    }

    private void addDecrypter(String name, TlsIdentityConfig.Pem certificate) throws Exception {
        byte[] encoded = TestCertificates.encoded(certificate);
        String fingerprint =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(encoded));
        AdminReply.Answer answer = new AdminClient(data)
                .call(
                        new AdminRequest.UserAdd(
                                "dev", name, "decrypt", new AdminRequest.NewLogin.Certificate(fingerprint)),
                        _ -> {});
        assertThat(answer).isInstanceOf(AdminReply.Done.class);
    }

    @Test
    void theUserOfACertificateMayOverTheSocketWhatItsRightsSayAndAnotherMayNot() throws Exception {
        TlsIdentityConfig.Pem till = certificates.client("till");
        addDecrypter("till", till);
        try (SocketClient client = new SocketClient(connect(Kind.SOCKET_TLS, certificates.showing(till)))) {
            assertThat(client.call("CD", client.call("CE", VISA))).isEqualTo(VISA);
        }
        SSLContext other = certificates.showing(certificates.client("other"));
        try (SocketClient client = new SocketClient(connect(Kind.SOCKET_TLS, other))) {
            assertThat(client.call("CD", client.call("CE", VISA))).isEqualTo(CLEAR_DATA_REFUSED);
        }
    }

    @Test
    void theUserOfACertificateMayOverRfcWhatItsRightsSayAndNeedsNoPassword() throws Exception {
        TlsIdentityConfig.Pem till = certificates.client("till");
        addDecrypter("till", till);
        try (RfcClient client = RfcClient.external(connect(Kind.RFC_TLS, certificates.showing(till)))) {
            assertThat(client.logOn("WHOEVER", "whatever")).isEmpty();
            assertThat(call(client, "CD", call(client, "CE", VISA))).isEqualTo(VISA);
        }
        try (RfcClient client = RfcClient.abap(connect(Kind.RFC_TLS, certificates.showing(till)))) {
            assertThat(call(client, "CD", call(client, "CE", VISA))).isEqualTo(VISA);
        }
        try (RfcClient client = RfcClient.abap(connect(Kind.RFC_TLS, certificates.trusting()))) {
            assertThat(call(client, "CD", call(client, "CE", VISA))).isEqualTo("0071");
        }
        SSLContext other = certificates.showing(certificates.client("other"));
        try (RfcClient client = RfcClient.external(connect(Kind.RFC_TLS, other))) {
            assertThat(client.logOn("till", "whatever")).isPresent();
        }
    }

    private static String call(RfcClient client, String action, String data) throws IOException {
        Map<String, byte[]> inputs = Map.of("I_ACTION", client.chars(action, 2), "I_DATA", client.chars(data, 512));
        RfcClient.Result result = client.call("Z_CARDSECURE", inputs, List.of("E_DATA", "E_RETCODE"));
        String code = client.chars(result, "E_RETCODE");
        return code.equals("0000") ? client.chars(result, "E_DATA") : code;
    }

    @Test
    void withoutACertificateThereIsNoConversationWhereOneIsRequired() {
        assertThatThrownBy(() -> {
                    try (SocketClient client = new SocketClient(connect(Kind.SOCKET_TLS, certificates.trusting()))) {
                        client.call("HI", "12345678");
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void theUserOfACertificateMayOverHttpsWhatItsRightsSayAndOthersMayNot() throws Exception {
        TlsIdentityConfig.Pem till = certificates.client("till");
        addDecrypter("till", till);
        try (Client client = Client.over(connect(Kind.HTTPS, certificates.showing(till)))) {
            assertThat(client.call("CD", client.call("CE", VISA))).isEqualTo(VISA);
        }
        try (Client client = Client.over(connect(Kind.HTTPS, certificates.trusting()))) {
            assertThat(client.call("CD", client.call("CE", VISA))).isEqualTo(CLEAR_DATA_REFUSED);
        }
    }
}
