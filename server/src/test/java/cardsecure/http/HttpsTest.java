package cardsecure.http;

import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import cardsecure.Needs;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ListenerConfig.ClientCertificates;
import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.ProxyHeader;
import cardsecure.config.ListenerConfig.WhenFull;
import cardsecure.config.TlsConfig;
import cardsecure.config.TlsIdentityConfig.Pem;
import cardsecure.server.Client;
import cardsecure.tls.Shell;
import cardsecure.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// HTTPS, with Java's clients and with those that people use.
@Timeout(120)
class HttpsTest {
    private static final String ECHO = "action=HI&data=12345678";
    private static final String OK = "action=HI&data=CardSecure+Server+OK";

    @TempDir
    Path temporary;

    private TestCertificates certificates;
    private TlsConfig tls;

    @BeforeEach
    void makeCertificates() throws Exception {
        certificates = TestCertificates.in(temporary.resolve("certificates"));
        tls = new TlsConfig(
                List.of(
                        certificates.server("a", "a.test", "localhost", "127.0.0.1"),
                        certificates.server("b", "b.test")),
                Optional.of(certificates.authority()));
    }

    private Fronts fronts(ListenerConfig... listeners) throws Exception {
        return new Fronts(temporary.resolve("data"), tls, listeners);
    }

    private static Client client(SSLContext context, int port) throws IOException {
        return Client.over(context.getSocketFactory().createSocket("127.0.0.1", port));
    }

    private String shell(String command) throws Exception {
        return Shell.run(temporary.resolve("certificates"), command);
    }

    @Test
    void theSameIsServedAsOverHttp() throws Exception {
        try (Fronts fronts = fronts(Fronts.open(Kind.HTTP), Fronts.open(Kind.HTTPS));
                Client plain = fronts.client(0);
                Client secure = client(certificates.trusting(), fronts.port(1))) {
            for (int i = 0; i < 3; i++) {
                assertThat(secure.get(ECHO).body()).isEqualTo(OK);
            }
            assertThat(secure.call("CE", VISA)).isEqualTo(plain.call("CE", VISA));
            secure.send("GET /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(secure.readToEnd()).endsWith(OK);
        }
    }

    @Test
    void plainHttpOnAnHttpsPortIsCutOff() throws Exception {
        try (Fronts fronts = fronts(Fronts.open(Kind.HTTPS))) {
            try (Client plain = fronts.client(0)) {
                plain.send("GET /cardsecure/cs?" + ECHO + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(plain.readToEnd()).doesNotContain("HTTP/1.1 200");
            }
            try (Client secure = client(certificates.trusting(), fronts.port(0))) {
                assertThat(secure.get(ECHO).body()).isEqualTo(OK);
            }
        }
    }

    @Test
    void aHandshakeThatDoesNotComeIsNotWaitedForLong() throws Exception {
        try (Fronts fronts = fronts(Fronts.tight(Kind.HTTPS, 1, WhenFull.WAIT, Duration.ofSeconds(2)));
                Client silent = fronts.client(0);
                Client half = fronts.client(0)) {
            assertThat(silent.readToEnd()).isEmpty();
            half.send("\u0016\u0003\u0001\u0002");
            assertThat(half.readToEnd()).doesNotContain("HTTP");
            try (Client secure = client(certificates.trusting(), fronts.port(0))) {
                assertThat(secure.get(ECHO).body()).isEqualTo(OK);
            }
        }
    }

    @Test
    void aClientCertificateIsAskedForAsTheListenerSays() throws Exception {
        SSLContext till = certificates.showing(certificates.client("till-1"));
        SSLContext nobody = certificates.trusting();
        try (Fronts fronts =
                fronts(Fronts.asking(ClientCertificates.OPTIONAL), Fronts.asking(ClientCertificates.REQUIRED))) {
            for (SSLContext each : List.of(till, nobody)) {
                try (Client client = client(each, fronts.port(0))) {
                    assertThat(client.get(ECHO).body()).isEqualTo(OK);
                }
            }
            try (Client client = client(till, fronts.port(1))) {
                assertThat(client.get(ECHO).body()).isEqualTo(OK);
            }
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
                try (Client client = client(nobody, fronts.port(1))) {
                    client.get(ECHO);
                }
            });
        }
    }

    @Test
    void opensslSeesStrongProtocolsAndNamesAndResumption() throws Exception {
        Needs.require(Shell.has("openssl"), "needs openssl: apt-get install openssl");
        try (Fronts fronts = fronts(Fronts.open(Kind.HTTPS))) {
            String connect =
                    "openssl s_client -CAfile ca.pem -verify_return_error -connect 127.0.0.1:" + fronts.port(0);
            assertThat(shell(connect + " -servername a.test -tls1_3"))
                    .contains("subject=O = CardSecure, CN = a", "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384");
            assertThat(shell(connect + " -servername b.test -tls1_2"))
                    .contains(
                            "subject=O = CardSecure, CN = b",
                            "New, TLSv1.2, Cipher is ECDHE-ECDSA-AES256-GCM-SHA384",
                            "Verification: OK");
            assertThat(shell(connect + " -noservername")).contains("subject=O = CardSecure, CN = a");
            assertThat(shell(connect + " -tls1_1 -cipher ALL:@SECLEVEL=0")).contains("alert protocol version");
            assertThat(shell(connect + " -tls1_2 -cipher AES128-SHA:AES256-GCM-SHA384:@SECLEVEL=0"))
                    .contains("alert handshake failure");
            for (String version : List.of("-tls1_2", "-tls1_3")) {
                String request = "printf 'GET / HTTP/1.1\\r\\nHost: a.test\\r\\nConnection: close\\r\\n\\r\\n' | ";
                String first = shell(request + connect + " -servername a.test -ign_eof -sess_out session " + version);
                assertThat(first).as(version).contains("New, TLS").contains("404 Not Found");
                String second = shell(request + connect + " -servername a.test -ign_eof -sess_in session " + version);
                assertThat(second).as(version).contains("Reused, TLS").contains("404 Not Found");
            }
            // A renegotiation is the client's only way to make the server begin anew.
            assertThat(shell("(printf 'R\\n'; read -t 2 || true) | timeout 10 " + connect + " -tls1_2"))
                    .containsAnyOf("no renegotiation", "NO_RENEGOTIATION", "handshake failure", "unexpected eof");
        }
    }

    @Test
    void opensslShowsCertificatesOfClients() throws Exception {
        Needs.require(Shell.has("openssl"), "needs openssl: apt-get install openssl");
        certificates.client("till-1");
        try (Fronts fronts = fronts(Fronts.asking(ClientCertificates.REQUIRED))) {
            String connect = "printf 'GET / HTTP/1.1\\r\\nHost: a.test\\r\\nConnection: close\\r\\n\\r\\n' | "
                    + "openssl s_client -ign_eof -CAfile ca.pem -connect 127.0.0.1:" + fronts.port(0);
            assertThat(shell(connect))
                    .contains("Acceptable client certificate CA names", "O = CardSecure, CN = test CA")
                    .doesNotContain("404 Not Found");
            assertThat(shell(connect + " -cert till-1.pem -key till-1.key")).contains("404 Not Found");
        }
    }

    @Test
    void curlTrustsTheDevelopmentAuthority() throws Exception {
        Needs.require(Shell.has("curl"), "needs curl: apt-get install curl");
        tls = TlsConfig.defaults();
        try (Fronts fronts = fronts(Fronts.open(Kind.HTTPS))) {
            Path authority = temporary.resolve("data/tls/ca.pem");
            assertThat(Files.exists(authority)).isTrue();
            for (String host : List.of("localhost", "127.0.0.1", "dev.localhost")) {
                String url = "https://" + host + ":" + fronts.port(0) + "/cardsecure/cs?" + ECHO;
                String curl = "curl -sS --resolve dev.localhost:" + fronts.port(0) + ":127.0.0.1 ";
                assertThat(shell(curl + "--cacert " + authority + " '" + url + "'"))
                        .isEqualTo(OK);
                assertThat(shell(curl + "'" + url + "'")).contains("curl: (60)");
            }
        }
    }

    @Test
    void aNewCertificateIsShownWithoutARestart() throws Exception {
        Pem a = certificates.server("reloaded", "localhost", "127.0.0.1");
        tls = new TlsConfig(List.of(a), Optional.empty());
        try (Fronts fronts = fronts(Fronts.open(Kind.HTTPS));
                Client before = client(certificates.trusting(), fronts.port(0))) {
            assertThat(before.get(ECHO).body()).isEqualTo(OK);
            TestCertificates others = TestCertificates.in(temporary.resolve("others"));
            Pem next = others.server("reloaded", "localhost", "127.0.0.1");
            Files.copy(next.certificate(), a.certificate(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(next.key(), a.key(), StandardCopyOption.REPLACE_EXISTING);
            boolean shown = false;
            while (!shown) {
                try (Client after = client(others.trusting(), fronts.port(0))) {
                    shown = after.get(ECHO).body().equals(OK);
                } catch (SSLException _) {
                    // Still the former one; the class's time limit ends this.
                    shown = false;
                }
            }
            assertThat(before.get(ECHO).body()).as("open connections live on").isEqualTo(OK);
        }
    }

    @Test
    void aProxyTellsWhoCallsBeforeTheHandshake() throws Exception {
        try (Fronts fronts = fronts(Fronts.proxied(Kind.HTTPS, ProxyHeader.PROXY_PROTOCOL, "127.0.0.1"));
                Socket raw = new Socket(InetAddress.getLoopbackAddress(), fronts.port(0))) {
            raw.getOutputStream().write(HttpListenerTest.proxied().getBytes(StandardCharsets.ISO_8859_1));
            try (Client client = Client.over(
                    certificates.trusting().getSocketFactory().createSocket(raw, "127.0.0.1", fronts.port(0), true))) {
                assertThat(client.call("XX", "")).isEqualTo("0007::Invalid action");
                assertThat(fronts.refused()).containsExactly("0007 198.51.100.3");
            }
        }
    }
}
