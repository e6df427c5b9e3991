package cardsecure.backup;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Needs;
import cardsecure.Refusals;
import cardsecure.Seeded;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyRing;
import cardsecure.keys.KeyRingCodec;
import cardsecure.secret.SecretBytes;
import cardsecure.tls.PemFile;
import cardsecure.tls.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyBackupTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final String RSA = "rsa:2048";
    private static final String P256 = "ec -pkeyopt ec_paramgen_curve:P-256";
    private static final String P521 = "ec -pkeyopt ec_paramgen_curve:P-521";
    private static final int LEAST = 8;

    @TempDir
    private Path directory = Path.of("");

    private final KeyRing ring = KeyRing.create(new SecureRandom(), NOON)
            .withDataKeys(keys -> keys.install(new SecureRandom(), NOON).activate(NOON));

    private static SecretBytes secret(String text) {
        return SecretBytes.owning(text.getBytes(StandardCharsets.UTF_8));
    }

    /// `openssl` makes a certificate in `NAME.pem`, and its key in `NAME.key`.
    private String certificate(String name, String kind, String more) throws IOException, InterruptedException {
        Needs.require(Shell.has("openssl"), "openssl is missing: apt-get install openssl");
        String said = Shell.run(
                directory,
                "openssl req -x509 -nodes -newkey " + kind + " -subj /CN=" + name + " -days 3650 -keyout " + name
                        + ".key -out " + name + ".pem " + more);
        assertThat(directory.resolve(name + ".pem")).as(said).exists();
        return Files.readString(directory.resolve(name + ".pem"));
    }

    private BackupUnlock key(String name) {
        return CertificateLock.unlock(PemFile.key(directory.resolve(name + ".key")));
    }

    @ParameterizedTest
    @ValueSource(strings = {RSA, P256, P521})
    void whoHasTheCertificatesKeyOpensItAndNobodyElse(String kind) throws Exception {
        BackupLock lock = CertificateLock.of(certificate("officer", kind, ""), NOON);
        certificate("other", kind, "");
        String text = lock.backup(ring, NOON).text();

        assertThat(KeyBackup.parse(text).open(key("officer"))).isEqualTo(ring);
        assertThat(Refusals.codeOf(() -> KeyBackup.parse(text).open(key("other"))))
                .isEqualTo(ErrorCode.KEYSTORE_IMPORT_FAILURE);
        certificate("third", kind.equals(RSA) ? P256 : RSA, "");
        assertThat(Refusals.codeOf(() -> KeyBackup.parse(text).open(key("third"))))
                .isEqualTo(ErrorCode.KEYSTORE_IMPORT_FAILURE);
    }

    /// Another program reads what this one writes, so that a backup does not depend on it.
    @ParameterizedTest
    @ValueSource(strings = {RSA, P256, P521})
    void opensslOpensItToo(String kind) throws Exception {
        KeyBackup backup =
                CertificateLock.of(certificate("officer", kind, ""), NOON).backup(ring, NOON);
        Files.writeString(directory.resolve("keys.backup"), backup.text());

        String said = Shell.run(
                directory,
                "sed -n '/BEGIN CMS/,$p' keys.backup"
                        + " | openssl cms -decrypt -inform PEM -inkey officer.key -recip officer.pem -out opened");

        assertThat(said).isEmpty();
        byte[] opened = Files.readAllBytes(directory.resolve("opened"));
        byte[] header = backup.header().text().getBytes(StandardCharsets.US_ASCII);
        assertThat(Arrays.copyOfRange(opened, 4, 4 + header.length)).isEqualTo(header);
        assertThat(KeyRingCodec.decode(
                        SecretBytes.copyOf(opened, 4 + header.length, opened.length - 4 - header.length)))
                .isEqualTo(ring);
    }

    @Test
    void refusesCertificatesThatAreNotFit() throws Exception {
        String signs = certificate("signs", RSA, "-addext keyUsage=critical,digitalSignature");
        String agrees = certificate("agrees", P256, "-addext keyUsage=critical,digitalSignature");
        String small = certificate("small", "rsa:1024", "");
        String ed25519 = certificate("ed", "ed25519", "");
        String old = certificate("old", RSA, "");
        for (String unfit : List.of(signs, agrees, small, ed25519, "no certificate", "")) {
            assertThat(Refusals.codeOf(() -> CertificateLock.of(unfit, NOON))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        }
        assertThat(Refusals.of(() -> CertificateLock.of(old, Instant.parse("2099-01-01T00:00:00Z")))
                        .reason())
                .contains("expired");
    }

    @Test
    void whoKnowsThePassphraseOpensItAndNobodyElse() {
        String passphrase = "correct horse battery";
        BackupLock lock = new PassphraseLock(secret(passphrase), LEAST, new SecureRandom());
        String text = lock.backup(ring, NOON).text();

        assertThat(KeyBackup.parse(text).needsPassphrase()).isTrue();
        assertThat(KeyBackup.parse(text).open(PassphraseLock.unlock(secret(passphrase))))
                .isEqualTo(ring);
        assertThat(Refusals.of(() -> KeyBackup.parse(text).open(PassphraseLock.unlock(secret("wrong"))))
                        .reason())
                .contains("wrong passphrase");
        assertThat(Refusals.of(() -> new PassphraseLock(secret("too short"), LEAST, new SecureRandom()))
                        .reason())
                .contains("too short");
    }

    @Test
    void saysWithoutASecretWhatItIs() {
        BackupLock lock = new PassphraseLock(secret("correct horse battery"), LEAST, new SecureRandom());
        KeyBackup backup = KeyBackup.parse(lock.backup(ring, NOON).text());

        assertThat(backup.header().lines())
                .startsWith(
                        "cardsecure key backup 1",
                        "vault: " + ring.vault(),
                        "generation: 2",
                        "made: 2026-11-27T12:00:00Z",
                        "data keys: 001 opening, 002 current",
                        "fingerprint keys: 1 current",
                        "callers' keys: E01 current")
                .last()
                .asString()
                .matches("opened by: passphrase argon2id 8 3 [0-9a-f]{32}");
    }

    @Test
    void whateverIsChangedInItIsFound() {
        SecretBytes passphrase = secret("correct horse battery");
        byte[] good = new PassphraseLock(passphrase, LEAST, new SecureRandom())
                .backup(ring, NOON)
                .text()
                .getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at < good.length; at++) {
            byte[] changed = good.clone();
            changed[at] ^= 1;
            assertRefused(changed, passphrase, "byte " + at);
        }
        for (int length = 0; length < good.length; length += 7) {
            assertRefused(Arrays.copyOf(good, length), passphrase, "length " + length);
        }
    }

    @Test
    void whateverIsChangedInOneForACertificateIsFoundToo() throws Exception {
        BackupLock lock = CertificateLock.of(certificate("officer", RSA, ""), NOON);
        byte[] good = lock.backup(ring, NOON).text().getBytes(StandardCharsets.US_ASCII);
        BackupUnlock key = key("officer");
        Seeded.forAll(300, random -> {
            byte[] changed = good.clone();
            changed[random.nextInt(good.length)] ^= (byte) (1 << random.nextInt(7));
            String text = new String(changed, StandardCharsets.ISO_8859_1);
            try {
                assertThat(KeyBackup.parse(text).open(key))
                        .as("bits that nobody reads")
                        .isEqualTo(ring);
            } catch (Refusal e) {
                assertThat(e.code()).as(text).isEqualTo(ErrorCode.KEYSTORE_IMPORT_FAILURE);
            }
        });
    }

    private static void assertRefused(byte[] changed, SecretBytes passphrase, String what) {
        String text = new String(changed, StandardCharsets.ISO_8859_1);
        assertThat(Refusals.of(() -> KeyBackup.parse(text).open(PassphraseLock.unlock(passphrase))))
                .as(what)
                .isNotNull();
    }
}
