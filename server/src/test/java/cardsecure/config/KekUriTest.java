package cardsecure.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KekUriTest {
    private static final int USUAL = KekUri.Passphrase.MEMORY_USUAL;

    @Test
    void aFileHasAPath() {
        assertThat(KekUri.parse("file:kek.key")).isEqualTo(new KekUri.File(Path.of("kek.key"), "file:kek.key"));
        assertThat(pathOf("file:/etc/k.key")).isEqualTo(Path.of("/etc/k.key"));
        assertThat(pathOf("file:///etc/k.key")).isEqualTo(Path.of("/etc/k.key"));
        assertThat(pathOf("file:a%20b")).isEqualTo(Path.of("a b"));
    }

    private static Path pathOf(String uri) {
        return ((KekUri.File) KekUri.parse(uri)).path();
    }

    @Test
    void aPassphraseSaysWhereItComesFrom() {
        assertThat(passphrase("passphrase:").source()).isEqualTo(new SecretSource.Terminal());
        assertThat(passphrase("passphrase:").memoryKib()).isEqualTo(USUAL);
        assertThat(passphrase("passphrase:?fd=3").source()).isEqualTo(new SecretSource.Descriptor(3));
        assertThat(passphrase("passphrase:?file=/run/a%20b").source())
                .isEqualTo(new SecretSource.File(Path.of("/run/a b")));
        assertThat(passphrase("passphrase:?env=KEK&memory=64MiB"))
                .isEqualTo(new KekUri.Passphrase(
                        new SecretSource.Environment("KEK"), 64 << 10, "passphrase:?env=KEK&memory=64MiB"));
    }

    private static KekUri.Passphrase passphrase(String uri) {
        return (KekUri.Passphrase) KekUri.parse(uri);
    }

    @Test
    void anHsmsKeyIsNamedAsRfc7512Does() {
        String uri = "pkcs11:token=the%20bank;object=kek-1;type=secret-key;serial=00ff"
                + "?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/run/pin";
        assertThat(KekUri.parse(uri))
                .isEqualTo(new KekUri.Pkcs11(
                        "the bank",
                        Optional.of("00ff"),
                        "kek-1",
                        Path.of("/usr/lib/softhsm/libsofthsm2.so"),
                        new SecretSource.File(Path.of("/run/pin")),
                        uri));
        assertThat(((KekUri.Pkcs11) KekUri.parse("pkcs11:object=k;token=t?module-path=/m.so")).pin())
                .isEqualTo(new SecretSource.Terminal());
    }

    @ParameterizedTest
    @CsvSource({
        "pasphrase:?fd=3, did you mean passphrase:?",
        "pkcs1:token=a, did you mean pkcs11:?",
        "FILE:kek.key, 'file:, passphrase: or pkcs11:'",
        "passphrase:?fil=/x, did you mean file=?",
        "pkcs11:tokn=a;object=b, did you mean token=?",
        "pkcs11:token=a;object=b?module-pth=/x, did you mean module-path=?",
        "pkcs11:token=a;object=b?module-path=/x&pin-source=flie:/x, did you mean file?",
        "pkcs11:token=a?module-path=/x, needs object",
    })
    void saysWhatIsNearest(String uri, String said) {
        assertThatIllegalArgumentException().isThrownBy(() -> KekUri.parse(uri)).withMessageContaining(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2",
                "vault:hunter2",
                "file://hunter2/kek.key",
                "file:/kek.key?pin-value=hunter2",
                "file:kek.key?pin-value=hunter2",
                "file:kek.key#hunter2",
                "file:///",
                "passphrase:hunter2",
                "passphrase:hunter2?fd=3",
                "passphrase:?hunter2",
                "passphrase:?fd=hunter2",
                "passphrase:?file=hunter2",
                "passphrase:?env=hunter2-hunter2",
                "passphrase:?fd=3&env=hunter2",
                "passphrase:?memory=hunter2",
                "passphrase:?memory=1MiB",
                "passphrase:?memory=2GiB",
                "passphrase:?file=/hunter2%00",
                "passphrase:?file=/hunter2%zz",
                "pkcs11:hunter2",
                "pkcs11:token=t;object=k?module-path=/m&pin-value=hunter2",
                "pkcs11:token=t;object=k?module-path=/m&pin-source=hunter2",
                "pkcs11:token=t;object=k?module-path=hunter2",
                "pkcs11:token=t;object=hunter2%20hunter2?module-path=/m",
                "pkcs11:token=t;token=hunter2;object=k?module-path=/m",
                "pkcs11:token=t;type=hunter2;object=k?module-path=/m",
            })
    void refusesWhatIsNoKeksAndDoesNotRepeatIt(String uri) {
        assertThatThrownBy(() -> KekConfig.of(uri))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageStartingWith("uri ")
                .message()
                .doesNotContain("hunter2");
    }
}
