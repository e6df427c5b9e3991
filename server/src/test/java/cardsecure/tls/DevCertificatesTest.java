package cardsecure.tls;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.config.ListenerConfig.ClientCertificates;
import cardsecure.config.TlsConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `--dev` makes on its first start, keeps, and makes anew in time.
class DevCertificatesTest {
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @TempDir
    Path temporary;

    private TlsConfig at(Duration later) {
        return DevCertificates.in(temporary.resolve("data/tls"), InstantSource.fixed(now.plus(later)));
    }

    private X509Certificate certificate(String file) {
        return PemFile.certificates(temporary.resolve("data/tls").resolve(file)).getFirst();
    }

    @Test
    void theAuthorityLivesTenYearsAndTheCertificateOne() throws Exception {
        at(Duration.ZERO);
        assertThat(certificate("ca.pem").getNotAfter().toInstant()).isAfter(now.plus(Duration.ofDays(3650)));
        assertThat(certificate("server.pem").getNotAfter().toInstant())
                .isBetween(now.plus(Duration.ofDays(365)), now.plus(Duration.ofDays(366)));
        assertThat(certificate("server.pem").getSubjectAlternativeNames())
                .extracting(name -> name.get(1).toString())
                .contains("localhost", "*.localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        certificate("server.pem").verify(certificate("ca.pem").getPublicKey());
        for (String secret : List.of("ca.key", "server.key")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(
                            temporary.resolve("data/tls").resolve(secret))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void theyAreKeptUntilTheyAreAboutToExpire() {
        at(Duration.ZERO);
        X509Certificate authority = certificate("ca.pem");
        X509Certificate first = certificate("server.pem");
        at(Duration.ofDays(330));
        assertThat(certificate("server.pem")).isEqualTo(first);
        at(Duration.ofDays(340));
        assertThat(certificate("server.pem")).isNotEqualTo(first);
        assertThat(certificate("ca.pem")).isEqualTo(authority);
        at(Duration.ofDays(3640));
        assertThat(certificate("ca.pem")).isNotEqualTo(authority);
    }

    @Test
    void whatIsDamagedIsMadeAnew() throws Exception {
        at(Duration.ZERO);
        Files.delete(temporary.resolve("data/tls/server.key"));
        TlsConfig config = at(Duration.ZERO);
        try (TlsIdentities identities = TlsIdentities.openStill(config, InstantSource.system())) {
            assertThat(identities.forClients(ClientCertificates.OFF).context()).isNotNull();
        }
    }
}
