package cardsecure.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.config.StoreLocation.Endpoint;
import cardsecure.config.StoreLocation.SslMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoreLocationTest {
    private static StoreLocation.Postgres postgres(String text) {
        return (StoreLocation.Postgres) StoreLocation.parse(text);
    }

    @Test
    void theEmbeddedStoreIsInTheDataDirectoryUnlessAPathIsNamed() {
        Path data = Path.of("/var/lib/cardsecure");
        assertThat(StoreLocation.usual()).isEqualTo(StoreLocation.parse("rocksdb:"));
        assertThat(((StoreLocation.Rocks) StoreLocation.parse("rocksdb:")).directory(data))
                .isEqualTo(data.resolve("store"));
        assertThat(((StoreLocation.Rocks) StoreLocation.parse("rocksdb:/a%20b/store")).directory(data))
                .isEqualTo(Path.of("/a b/store"));
        assertThat(StoreLocation.parse("rocksdb:old/store").shown(data)).isEqualTo("old/store");
    }

    @Test
    void aDatabaseIsNamedByServersUserAndWhereThePasswordIs() {
        assertThat(postgres("postgresql://till@db.example:6432/vault"
                        + "?password-source=file:/etc/db.password&sslrootcert=/etc/ca.pem"))
                .isEqualTo(new StoreLocation.Postgres(
                        List.of(new Endpoint("db.example", 6432)),
                        "vault",
                        "till",
                        Optional.of(new SecretSource.File(Path.of("/etc/db.password"))),
                        SslMode.VERIFY_FULL,
                        Optional.of(Path.of("/etc/ca.pem"))));
        assertThat(postgres("postgresql://a%20b@db1,db2:5433,[fd00::1]:5434/v").servers())
                .containsExactly(
                        new Endpoint("db1", Endpoint.USUAL_PORT),
                        new Endpoint("db2", 5433),
                        new Endpoint("fd00::1", 5434));
        assertThat(postgres("postgresql://a@[fd00::1]:5434/v").shown()).isEqualTo("postgresql://[fd00::1]:5434/v");
    }

    @Test
    void theWayToAnotherMachineIsSecuredUnlessItIsSaidOtherwise() {
        for (String loopback : List.of("localhost", "127.0.0.1:5432", "[::1]", "127.1.2.3,localhost")) {
            assertThat(postgres("postgresql://u@" + loopback + "/v").sslMode()).isEqualTo(SslMode.DISABLE);
        }
        for (String other : List.of("db", "10.0.0.1", "localhost,db", "localhost.example", "[fd00::1]")) {
            assertThat(postgres("postgresql://u@" + other + "/v").sslMode()).isEqualTo(SslMode.VERIFY_FULL);
        }
        assertThat(postgres("postgresql://u@db/v?sslmode=verify-ca").sslMode()).isEqualTo(SslMode.VERIFY_CA);
        assertThat(postgres("postgresql://u@localhost/v?sslmode=verify-full").sslMode())
                .isEqualTo(SslMode.VERIFY_FULL);
    }

    @Test
    void aPasswordInTheUrlIsRefusedAndNotRepeated() {
        for (String text : List.of(
                "postgresql://u:hunter2@db/v",
                "postgresql://u:hunter2@db:5432/v?sslmode=disable",
                "postgresql://u:hun@ter2@db/v",
                "postgresql://u@db/v?password=hunter2",
                "postgresql://u@db/v?password-source=hunter2")) {
            assertThatThrownBy(() -> StoreLocation.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageMatching("(?s).*(password does not stand in a URL|secret comes from).*")
                    .hasMessageNotContainingAny("hunter", "ter2");
        }
    }

    @Test
    void whatIsNoLocationSaysWhatOneIs() {
        refused("", "has a scheme: rocksdb: or postgresql:");
        refused("postgres://u@db/v", "did you mean postgresql:?");
        refused("postgresql:", "postgresql://USER@HOST:PORT/DATABASE");
        refused("postgresql://u@db", "postgresql://USER@HOST:PORT/DATABASE");
        refused("postgresql://db/v", "needs a user");
        refused("postgresql://u@/v", "has a host");
        refused("postgresql://u@db:x/v", "a whole number");
        refused("postgresql://u@db:70000/v", "has a port");
        refused("postgresql://u@db:/v", "a whole number");
        refused("postgresql://u@db/", "has a database");
        refused("postgresql://@db/v", "has a user");
        refused("postgresql://u@db/v/w", "has a database");
        refused("postgresql://u@db/v#x", "has a value");
        refused("postgresql://u@db/v?sslmode=prefer", "one of disable, require, verify-ca, verify-full");
        refused("postgresql://u@db/v?sslmod=disable", "did you mean sslmode=?");
        refused("postgresql://u@db/v?sslrootcert=ca.pem", "absolute path");
        refused("postgresql://u@db/v?user=w", "before the host");
        refused("postgresql://u@db/v?socketFactory=evil", "not known");
    }

    private static void refused(String text, String message) {
        assertThatThrownBy(() -> StoreLocation.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
