package cardsecure.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.config.ListenerConfig.ClientCertificates;
import cardsecure.config.TlsConfig;
import cardsecure.config.TlsIdentityConfig;
import cardsecure.config.TlsIdentityConfig.Pem;
import cardsecure.config.TlsIdentityConfig.Pkcs12;
import cardsecure.error.Refusal;
import cardsecure.tls.Handshake.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Which certificate is shown, which clients are let in, and what a change of the files does, by real handshakes.
@Timeout(60)
class TlsIdentitiesTest {
    @TempDir
    Path directory;

    private TestCertificates certificates;
    private Pem a;

    @BeforeEach
    void makeCertificates() throws Exception {
        certificates = TestCertificates.in(directory);
        a = certificates.server("a", "a.test");
    }

    private static TlsIdentities open(TlsIdentityConfig... identities) {
        return TlsIdentities.openStill(new TlsConfig(List.of(identities), Optional.empty()), InstantSource.system());
    }

    private static Seen handshake(TlsIdentities identities, SSLContext client, String host, String... protocols)
            throws Exception {
        try (Handshake server = new Handshake(identities.forClients(ClientCertificates.OFF))) {
            return server.with(client, host, protocols);
        }
    }

    private static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName().replaceFirst(".*CN=([^,]*).*", "$1");
    }

    @Test
    void theCertificateIsChosenByTheNameThatIsAskedFor() throws Exception {
        Pem b = certificates.server("b", "b.test", "*.wild.test");
        Pem exact = certificates.rsaServer("exact", "one.wild.test");
        try (TlsIdentities identities = open(a, b, exact)) {
            for (String[] askedAndShown : new String[][] {
                {"a.test", "a"},
                {"b.test", "b"},
                {"B.TEST", "b"},
                {"two.wild.test", "b"},
                {"one.wild.test", "exact"},
                {"deep.two.wild.test", "a"},
                {"wild.test", "a"},
                {"unknown.test", "a"},
                {"", "a"}
            }) {
                for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                    Seen seen = handshake(identities, certificates.trusting(), askedAndShown[0], protocol);
                    assertThat(name(seen.shown())).as(askedAndShown[0]).isEqualTo(askedAndShown[1]);
                    assertThat(seen.protocol()).isEqualTo(protocol);
                }
            }
        }
    }

    @Test
    void oneNameCanHaveKeysOfTwoKinds() throws Exception {
        Pem rsa = certificates.rsaServer("rsa", "a.test");
        try (TlsIdentities identities = open(a, rsa)) {
            assertThat(handshake(identities, certificates.trusting(), "a.test", "TLSv1.2")
                            .suite())
                    .contains("ECDSA");
        }
        try (TlsIdentities identities = open(rsa)) {
            assertThat(handshake(identities, certificates.trusting(), "a.test", "TLSv1.2")
                            .suite())
                    .contains("ECDHE_RSA");
        }
    }

    @Test
    void onlyProtocolsAndSuitesThatAreStrongAreSpoken() throws Exception {
        try (TlsIdentities identities = open(a)) {
            var parameters = identities.forClients(ClientCertificates.OFF).parameters();
            assertThat(parameters.getProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
            assertThat(parameters.getCipherSuites())
                    .allMatch(suite -> suite.startsWith("TLS_ECDHE_")
                            || suite.matches("TLS_(AES|CHACHA20)_[A-Z0-9_]+_SHA(256|384)"))
                    .allMatch(suite -> suite.contains("GCM") || suite.contains("POLY1305"));
            assertThatThrownBy(() -> handshake(identities, certificates.trusting(), "", "TLSv1.1"))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aSessionIsResumedUntilTheCertificatesChange() throws Exception {
        SSLContext client = certificates.trusting();
        try (TlsIdentities identities = open(a);
                Handshake server = new Handshake(identities.forClients(ClientCertificates.OFF))) {
            for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                long first = server.with(client, "a.test", protocol).began();
                assertThat(server.with(client, "a.test", protocol).began())
                        .as(protocol)
                        .isEqualTo(first);
            }
            long before = server.with(client, "a.test").began();
            certificates.server("a", "a.test");
            lookTwice(identities);
            assertThat(server.with(client, "a.test").began()).isNotEqualTo(before);
        }
    }

    /// Once to see the change, once to see that it is at rest.
    private static void lookTwice(TlsIdentities identities) {
        identities.look();
        identities.look();
    }

    @Test
    void aNewCertificateCountsOnceBothOfItsFilesAreThere() throws Exception {
        X509Certificate former = PemFile.certificates(a.certificate()).getFirst();
        TestCertificates others = TestCertificates.in(directory.resolve("others"));
        Pem next = others.server("a", "a.test");
        X509Certificate later = PemFile.certificates(next.certificate()).getFirst();
        try (TlsIdentities identities = open(a)) {
            ServerTls tls = identities.forClients(ClientCertificates.OFF);
            SSLContext shownFirst = tls.context();
            lookTwice(identities);
            assertThat(tls.context()).isSameAs(shownFirst);

            Files.move(next.certificate(), a.certificate(), StandardCopyOption.REPLACE_EXISTING);
            lookTwice(identities);
            assertThat(handshake(identities, certificates.trusting(), "a.test").shown())
                    .isEqualTo(former);

            Files.move(next.key(), a.key(), StandardCopyOption.REPLACE_EXISTING);
            identities.look();
            assertThat(tls.context()).as("not at rest yet").isSameAs(shownFirst);
            identities.look();
            assertThat(handshake(identities, others.trusting(), "a.test").shown())
                    .isEqualTo(later);
        }
    }

    @Test
    void brokenOrMissingNewFilesChangeNothing() throws Exception {
        try (TlsIdentities identities = open(a)) {
            SSLContext before = identities.forClients(ClientCertificates.OFF).context();
            Files.writeString(a.certificate(), "nonsense");
            lookTwice(identities);
            Files.delete(a.key());
            lookTwice(identities);
            assertThat(identities.forClients(ClientCertificates.OFF).context()).isSameAs(before);

            certificates.server("a", "a.test");
            lookTwice(identities);
            assertThat(identities.forClients(ClientCertificates.OFF).context()).isNotSameAs(before);
        }
    }

    @Test
    void clientsAreAskedForCertificatesAsTheListenerSays() throws Exception {
        Pem good = certificates.client("till-1");
        TestCertificates strangers = TestCertificates.in(directory.resolve("strangers"));
        Pem bad = strangers.client("stranger");
        TlsConfig config = new TlsConfig(List.of(a), Optional.of(certificates.authority()));
        try (TlsIdentities identities = TlsIdentities.openStill(config, InstantSource.system())) {
            for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
                try (Handshake off = new Handshake(identities.forClients(ClientCertificates.OFF));
                        Handshake optional = new Handshake(identities.forClients(ClientCertificates.OPTIONAL));
                        Handshake required = new Handshake(identities.forClients(ClientCertificates.REQUIRED))) {
                    SSLContext showing = certificates.showing(good);
                    SSLContext silent = certificates.trusting();
                    assertThat(off.with(showing, "", protocol).client()).isEmpty();
                    assertThat(optional.with(showing, "", protocol).client().map(TlsIdentitiesTest::name))
                            .contains("till-1");
                    assertThat(optional.with(silent, "", protocol).client()).isEmpty();
                    assertThat(required.with(showing, "", protocol).client().map(TlsIdentitiesTest::name))
                            .contains("till-1");
                    assertThatExceptionOfType(IOException.class).isThrownBy(() -> required.with(silent, "", protocol));
                    // Trusts the server, and shows what the server does not trust.
                    SSLContext stranger = certificates.showing(bad);
                    assertThatExceptionOfType(IOException.class)
                            .isThrownBy(() -> optional.with(stranger, "", protocol));
                }
            }
        }
    }

    @Test
    void aServersCertificateIsNoClients() throws Exception {
        TlsConfig config = new TlsConfig(List.of(a), Optional.of(certificates.authority()));
        try (TlsIdentities identities = TlsIdentities.openStill(config, InstantSource.system());
                Handshake required = new Handshake(identities.forClients(ClientCertificates.REQUIRED))) {
            SSLContext showing = certificates.showing(a);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> required.with(showing, ""));
        }
    }

    @Test
    void anAuthorityThatIsTakenAwayCountsNoMore() throws Exception {
        Pem till = certificates.client("till-1");
        Path trusted = directory.resolve("trusted.pem");
        Files.copy(certificates.authority(), trusted);
        TlsConfig config = new TlsConfig(List.of(a), Optional.of(trusted));
        try (TlsIdentities identities = TlsIdentities.openStill(config, InstantSource.system());
                Handshake required = new Handshake(identities.forClients(ClientCertificates.REQUIRED))) {
            SSLContext showing = certificates.showing(till);
            assertThat(required.with(showing, "").client()).isPresent();
            TestCertificates others = TestCertificates.in(directory.resolve("others"));
            Files.move(others.authority(), trusted, StandardCopyOption.REPLACE_EXISTING);
            lookTwice(identities);
            // Also not by resuming the session that it had.
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> required.with(showing, ""));
        }
    }

    @Test
    void aPkcs12FileWillDoToo() throws Exception {
        Path file = certificates.pkcs12(a, "pass word é");
        Path password = Files.writeString(directory.resolve("password"), "pass word é\nsecond line\n");
        try (TlsIdentities identities = open(new Pkcs12(file, Optional.of(password)))) {
            assertThat(name(handshake(identities, certificates.trusting(), "").shown()))
                    .isEqualTo("a");
        }
        Path wrong = Files.writeString(directory.resolve("wrong"), "wrong");
        assertThatThrownBy(() -> open(new Pkcs12(file, Optional.of(wrong))))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("the password in " + wrong + " is wrong");
        assertThatThrownBy(() -> open(new Pkcs12(file, Optional.empty())))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("no password file is named");
    }

    @Test
    void whatIsWrongWithAFileIsSaidWithItsPath() throws Exception {
        Path missing = directory.resolve("missing.pem");
        assertThatThrownBy(() -> open(new Pem(missing, a.key()))).hasMessage("file " + missing + " is missing");
        assertThatThrownBy(() -> open(new Pem(a.key(), a.key())))
                .hasMessageContaining(a.key().toString())
                .hasMessageContaining("holds no certificate");
        assertThatThrownBy(() -> open(new Pem(a.certificate(), a.certificate())))
                .hasMessageContaining("holds no key");
        Pem b = certificates.server("b", "b.test");
        assertThatThrownBy(() -> open(new Pem(a.certificate(), b.key())))
                .hasMessageContaining(a.certificate().toString())
                .hasMessageContaining(b.key().toString())
                .hasMessageContaining("do not belong together");
        Path jumbled = Files.writeString(
                directory.resolve("jumbled.pem"),
                Files.readString(a.certificate()) + Files.readString(b.certificate()));
        assertThatThrownBy(() -> open(new Pem(jumbled, a.key()))).hasMessageContaining("in a wrong order");
        Path chain = Files.writeString(
                directory.resolve("chain.pem"),
                Files.readString(a.certificate()) + Files.readString(certificates.authority()));
        try (TlsIdentities identities = open(new Pem(chain, a.key()))) {
            assertThat(name(handshake(identities, certificates.trusting(), "").shown()))
                    .isEqualTo("a");
        }
    }

    @Test
    void expiryAndOpenKeysAreWarnedOf() throws Exception {
        try (LogLines log = new LogLines(TlsIdentities.class)) {
            open(a).close();
            assertThat(log.lines()).isEmpty();
            Instant elevenMonths = Instant.now().plus(Duration.ofDays(360));
            TlsConfig config = new TlsConfig(List.of(a), Optional.empty());
            TlsIdentities.openStill(config, InstantSource.fixed(elevenMonths)).close();
            assertThat(log.lines()).containsExactly("WARN a certificate expires soon");
            TlsIdentities.openStill(config, InstantSource.fixed(elevenMonths.plus(Duration.ofDays(9))))
                    .close();
            assertThat(log.lines()).last().asString().contains("HAS EXPIRED");
            Files.setPosixFilePermissions(a.key(), PosixFilePermissions.fromString("rw-r--r--"));
            open(a).close();
            assertThat(log.lines()).last().asString().contains("open to every user");
        }
    }
}
