package cardsecure.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.Needs;
import cardsecure.error.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The keys that OpenSSL writes, in its present form and its former one.
class PemFileTest {
    @TempDir
    Path directory;

    @BeforeEach
    void needOpenssl() {
        Needs.require(Shell.has("openssl"), "needs openssl: apt-get install openssl");
    }

    @Test
    void readsEveryFormOfAKey() throws Exception {
        Path file = directory.resolve("key.pem");
        for (String made : List.of(
                "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256",
                "openssl ecparam -genkey -name prime256v1",
                "openssl ecparam -genkey -noout -name secp384r1")) {
            Shell.run(directory, made + " > key.pem");
            assertThat(PemFile.key(file).getAlgorithm()).as(made).isEqualTo("EC");
        }
        for (String made : List.of("openssl genrsa 2048", "openssl genrsa -traditional 2048")) {
            Shell.run(directory, made + " > key.pem 2> errors");
            assertThat(PemFile.key(file).getAlgorithm()).as(made).isEqualTo("RSA");
        }
        Shell.run(directory, "openssl genpkey -algorithm ed25519 > key.pem");
        assertThat(PemFile.key(file).getAlgorithm()).isEqualTo("EdDSA");
    }

    @Test
    void saysHowToDecryptAnEncryptedKey() throws Exception {
        Path file = directory.resolve("key.pem");
        for (String made : List.of(
                "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass pass:secret",
                "openssl genrsa -traditional -aes256 -passout pass:secret 2048")) {
            Shell.run(directory, made + " > key.pem 2> errors");
            assertThatThrownBy(() -> PemFile.key(file))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("openssl pkey -in " + file);
        }
    }

    @Test
    void aFileThatIsNoneIsRefused() throws Exception {
        Path file = directory.resolve("key.pem");
        for (String text : List.of(
                "",
                "hello",
                "-----BEGIN PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> PemFile.key(file)).as(text).isInstanceOf(Refusal.class);
            assertThatThrownBy(() -> PemFile.certificates(file)).as(text).isInstanceOf(Refusal.class);
        }
    }
}
