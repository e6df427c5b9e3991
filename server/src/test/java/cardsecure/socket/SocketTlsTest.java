package cardsecure.socket;

import static cardsecure.TestCards.VISA;
import static cardsecure.socket.SocketClient.framed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.config.ListenerConfig.Kind;
import cardsecure.config.ListenerConfig.WhenFull;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The raw socket over TLS, whatever makes its certificates.
@Timeout(60)
class SocketTlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path temporary = Path.of("");

    private static SSLContext context;

    private SocketFixture fixture;

    @BeforeAll
    static void makeCertificate() throws Exception {
        Path file = temporary.resolve("own.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("keytool.out").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(store, PASSWORD);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
        trusted.init(store);
        context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
    }

    @BeforeEach
    void start() throws Exception {
        fixture = new SocketFixture();
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
    }

    private SocketFront start(SocketTimes times, boolean clientCertificate) {
        SocketTls tls = accepted -> {
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(accepted, null, true);
            socket.setUseClientMode(false);
            socket.setNeedClientAuth(clientCertificate);
            return socket;
        };
        return fixture.start(SocketFixture.config(Kind.SOCKET_TLS, 10, WhenFull.WAIT), times, Optional.of(tls));
    }

    private static SocketClient secured(SocketFront front, SSLContext clients) throws IOException {
        return new SocketClient(clients.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), front.address().port()));
    }

    @Test
    void theSameFramesGoOverTls() throws Exception {
        SocketFront front = start(SocketFixture.patient(), false);
        try (SocketClient client = secured(front, context)) {
            String token = client.call("CE", VISA);
            assertThat(client.call("CD", token)).isEqualTo(VISA);
            client.send(framed("HI", "12345678").repeat(1000));
            for (int i = 0; i < 1000; i++) {
                assertThat(client.read().data()).isEqualTo("CardSecure Server OK");
            }
            client.send("GET / HTTP/1.1\r\n\r\n");
            assertThat(client.read().data()).isEqualTo("0039::Wrong message length");
        }
    }

    @Test
    void whoSendsNoMoreGetsItsAnswers() throws Exception {
        SocketFront front = start(SocketFixture.patient(), false);
        try (SocketClient client = secured(front, context)) {
            client.send(framed("HI", "12345678"));
            client.endSending();
            assertThat(client.readToEnd()).endsWith("CardSecure Server OK");
        }
    }

    @Test
    void aClientThatMustShowACertificateAndDoesIsServedAndNoOther() throws Exception {
        SocketFront front = start(SocketFixture.patient(), true);
        try (SocketClient client = secured(front, context)) {
            assertThat(client.call("HI", "12345678")).isEqualTo("CardSecure Server OK");
        }
        SSLContext nobody = SSLContext.getInstance("TLS");
        TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(temporary.resolve("own.p12"))) {
            store.load(in, PASSWORD);
        }
        trusted.init(store);
        nobody.init(null, trusted.getTrustManagers(), null);
        assertThatThrownBy(() -> {
                    try (SocketClient client = secured(front, nobody)) {
                        client.call("HI", "12345678");
                    }
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void whoDoesNotShakeHandsIsCutOffAndKeepsNobodyWaiting() throws Exception {
        Duration lasting = SocketFixture.LONG;
        Duration brief = Duration.ofSeconds(3);
        SocketFront front =
                start(new SocketTimes(lasting, lasting, brief, lasting, brief, Duration.ofMillis(5)), false);
        try (SocketClient silent = SocketClient.to(front.address().port());
                SocketClient other = secured(front, context)) {
            assertThat(other.call("HI", "12345678")).isEqualTo("CardSecure Server OK");
            assertThat(silent.readToEnd()).isEmpty();
        }
        Waiting.until(() -> front.counts().cutOff() == 1);
    }

    @Test
    void whoSpeaksInClearGetsNoAnswer() throws Exception {
        SocketFront front = start(SocketFixture.patient(), false);
        try (SocketClient client = SocketClient.to(front.address().port())) {
            client.send(framed("HI", "12345678"));
            client.endSending();
            assertThat(client.readToEnd()).doesNotContain("CardSecure", "0039");
        }
    }

    @Test
    void aFrontThatStopsEndsIdleConnections() throws Exception {
        SocketFront front = start(SocketFixture.patient(), false);
        try (Socket idle = context.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), front.address().port())) {
            SocketClient client = new SocketClient(idle);
            assertThat(client.call("HI", "12345678")).isEqualTo("CardSecure Server OK");
            front.close();
            assertThatThrownBy(() -> {
                        String rest = client.readToEnd();
                        throw new IOException("ended after " + rest.length() + " bytes");
                    })
                    .isInstanceOf(IOException.class);
        }
    }
}
