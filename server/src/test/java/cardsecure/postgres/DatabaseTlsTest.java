package cardsecure.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.config.StoreLocation;
import cardsecure.config.TlsIdentityConfig;
import cardsecure.store.StoreException;
import cardsecure.tls.DevCertificates;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The way to a database, encrypted, to the server that is meant and to no other.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseTlsTest {
    @TempDir
    static Path temporary;

    private Optional<EmbeddedPostgres> cluster = Optional.empty();

    @BeforeAll
    void start() throws Exception {
        TestPostgres.require();
        var identity = (TlsIdentityConfig.Pem) DevCertificates.in(temporary.resolve("right"), InstantSource.system())
                .identities()
                .getFirst();
        DevCertificates.in(temporary.resolve("wrong"), InstantSource.system());
        cluster = Optional.of(EmbeddedPostgres.builder()
                .setServerConfig("listen_addresses", "*")
                .setServerConfig("ssl", "on")
                .setServerConfig("ssl_cert_file", identity.certificate().toString())
                .setServerConfig("ssl_key_file", identity.key().toString())
                .setErrorRedirector(Redirect.DISCARD)
                .setOutputRedirector(Redirect.DISCARD)
                .setPGStartupWait(TestPostgres.PATIENCE)
                .start());
    }

    @AfterAll
    void stop() throws Exception {
        if (cluster.isPresent()) {
            cluster.get().close();
        }
    }

    private PostgresDatabase database(String host, String query) {
        return new PostgresDatabase(
                (StoreLocation.Postgres) StoreLocation.parse("postgresql://postgres@" + host + ":"
                        + cluster.orElseThrow().getPort() + "/postgres" + query),
                Optional.empty(),
                TestPostgres.PATIENT);
    }

    private String authority(String which) {
        return "&sslrootcert=" + temporary.resolve(which).resolve("ca.pem").toAbsolutePath();
    }

    @Test
    void theServerOfTheNameIsTakenIfItsAuthorityVouchesForIt() throws Exception {
        assertThat(database("localhost", "?sslmode=verify-full" + authority("right"))
                        .holdsSettings())
                .isFalse();
        assertThat(database("127.0.0.2", "?sslmode=verify-ca" + authority("right"))
                        .holdsSettings())
                .isFalse();
    }

    /// What the driver logs by itself would come to standard error, in front of the program's own words.
    @Test
    void aNameThatDoesNotFitIsToldOnce() {
        List<String> told = new ArrayList<>();
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                told.add(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger driver = Logger.getLogger("org.postgresql");
        driver.addHandler(listener);
        try {
            assertThatThrownBy(database("127.0.0.2", "?sslmode=verify-full" + authority("right"))::holdsSettings)
                    .hasMessageContainingAll("127.0.0.2", "could not be verified");
        } finally {
            driver.removeHandler(listener);
        }
        assertThat(told).isEmpty();
    }

    @Test
    void everyOtherServerIsRefused() {
        for (PostgresDatabase database : new PostgresDatabase[] {
            database("localhost", "?sslmode=verify-full" + authority("wrong")),
            database("localhost", "?sslmode=verify-ca" + authority("wrong")),
            database("localhost", "?sslmode=verify-full"),
            database("127.0.0.2", "?sslmode=verify-full" + authority("right")),
        }) {
            assertThatThrownBy(database::holdsSettings)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("cannot be used");
        }
    }
}
