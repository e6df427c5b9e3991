package cardsecure.server;

import static cardsecure.TestCards.CARDS;
import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Seeded;
import cardsecure.kek.FileKek;
import cardsecure.kek.PrivateFile;
import cardsecure.kek.SoftHsm;
import cardsecure.keys.KeyWrapper;
import cardsecure.keys.Keystore;
import cardsecure.keys.SealedRing;
import cardsecure.rocks.RocksSettings;
import cardsecure.rocks.RocksTokenStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The real program with each kind of KEK, and from one to another.
@Timeout(300)
class KekTest {
    private static final Logger LOG = LoggerFactory.getLogger("cardsecure.tests.kek");
    private static final String PASSPHRASE = "correct horse battery staple";

    @TempDir
    Path temporary;

    private static String token(ServerProcess server, String card) throws Exception {
        try (Client client = server.client()) {
            return client.call("CE", card);
        }
    }

    @Test
    void aPassphraseOpensTheVaultAndAnotherDoesNot() throws Exception {
        KeyProgram program = new KeyProgram(temporary, Map.of());
        Path secret = program.secret("passphrase", "short");
        program.configure("passphrase:?memory=19MiB&file=" + secret);
        assertThat(program.failedStart()).contains("0027 ", "too short");

        program.secret("passphrase", PASSPHRASE);
        program.configure("passphrase:?memory=1GiB&file=" + secret);
        assertThat(program.failedStart()).contains("0027 ", "takes 1280 MiB of memory", "JAVA_OPTS");
        program.configure("passphrase:?memory=19MiB&file=" + secret);
        String token;
        try (ServerProcess server = program.start()) {
            token = token(server, VISA);
            server.terminate();
        }
        program.secret("passphrase", PASSPHRASE + " ");
        assertThat(program.failedStart()).contains("0027 ", "wrong passphrase").doesNotContain("horse");
        program.configure("passphrase:");
        assertThat(program.failedStart()).contains("0027 ", "no terminal");
        program.configure("file:kek.key");
        assertThat(program.failedStart()).contains("argon2id-", "which is a passphrase", "names a file");

        program.secret("passphrase", PASSPHRASE);
        program.configure("passphrase:?file=" + secret);
        try (ServerProcess server = program.start()) {
            assertThat(token(server, VISA)).isEqualTo(token);
            server.terminate();
        }
    }

    @Test
    void aFirstStartThatWasCutShortBeforeItKeptItsKeysIsGoneOnWith() throws Exception {
        KeyProgram program = new KeyProgram(temporary, Map.of());
        Path secret = program.secret("passphrase", PASSPHRASE);
        program.configure("passphrase:?memory=19MiB&file=" + secret);
        PrivateFile.createDirectories(program.data());
        RocksSettings settings = new RocksSettings(1 << 20, 1 << 20, 0);
        Path directory = program.data().resolve("store");
        RocksTokenStore.open(directory, settings).close();
        try (ServerProcess server = program.start()) {
            assertThat(token(server, VISA)).startsWith("9");
            server.terminate();
        }
        try (RocksTokenStore store = RocksTokenStore.open(directory, settings)) {
            assertThat(store.setSetting(Keystore.SETTING, store.setting(Keystore.SETTING), Optional.empty()))
                    .isTrue();
        }
        assertThat(program.failedStart()).contains("0027 ", "it was lost", "key restore");
    }

    @Test
    void anHsmsKeyIsMadeUsedAndNeededAgain() throws Exception {
        SoftHsm hsm = SoftHsm.in(temporary.resolve("hsm")).withToken("bank");
        KeyProgram program = new KeyProgram(
                temporary, Map.of("SOFTHSM2_CONF", hsm.configuration().toString()));
        Path pin = program.secret("pin", SoftHsm.PIN);
        program.configure(hsm.uri("bank", "kek-1", "file:" + pin));
        String token;
        try (ServerProcess server = program.start()) {
            token = token(server, VISA);
            server.kill9();
        }
        program.secret("pin", "no-such-pin");
        assertThat(program.failedStart())
                .contains("0027 ", "wrong PIN for HSM token bank")
                .doesNotContain("no-such-pin");
        program.secret("pin", SoftHsm.PIN);
        program.configure(hsm.uri("bank", "kek-2", "file:" + pin));
        assertThat(program.failedStart()).contains("0027 ", "has no key kek-2");
        program.configure(hsm.uri("bank", "kek-1", "file:" + pin));
        try (ServerProcess server = program.start()) {
            assertThat(token(server, VISA)).isEqualTo(token);
            server.terminate();
        }
    }

    @Test
    void whenTheTokenIsGoneRequestsGoOnAndTheNextStartSaysWhyItCannot() throws Exception {
        SoftHsm hsm = SoftHsm.in(temporary.resolve("hsm")).withToken("bank");
        KeyProgram program = new KeyProgram(
                temporary, Map.of("SOFTHSM2_CONF", hsm.configuration().toString()));
        Path pin = program.secret("pin", SoftHsm.PIN);
        String first = hsm.uri("bank", "kek-1", "file:" + pin);
        String second = hsm.uri("bank", "kek-2", "file:" + pin);
        program.configure(first);
        Path aside = temporary.resolve("aside");
        String token;
        try (ServerProcess server = program.start()) {
            token = token(server, VISA);
            Files.move(hsm.tokens(), aside);

            assertThat(token(server, CARDS.getLast())).startsWith("9");
            assertThat(token(server, VISA)).isEqualTo(token);
            assertThat(program.keyFails("rewrap", "--create", "--to", second)).contains("0027 ", "HSM ", "hint: ");
            assertThat(token(server, VISA)).isEqualTo(token);
            // The ring is known, so the HSM that is gone is not needed to leave it.
            assertThat(program.keyDone("rewrap", "--to", "file:rescue.key")).contains("no longer by pkcs11-kek-1-");

            Files.deleteIfExists(hsm.tokens());
            Files.move(aside, hsm.tokens());
            assertThat(program.keyFails("rewrap", "--to", second)).contains("0027 ", "has no key kek-2");
            assertThat(program.keyDone("rewrap", "--create", "--to", second)).contains("pkcs11-kek-2-", second);
            assertThat(program.keyDone("rewrap", "--to", first)).contains("pkcs11-kek-1-", first);
            server.kill9();
        }
        Files.move(hsm.tokens(), aside);
        assertThat(program.failedStart()).contains("0027 ").containsPattern("HSM (token bank is not there|module)");
        Files.deleteIfExists(hsm.tokens());
        Files.move(aside, hsm.tokens());
        try (ServerProcess server = program.start()) {
            assertThat(token(server, VISA)).isEqualTo(token);
            server.terminate();
        }
    }

    @Test
    void fromEveryKindOfKekToEveryOtherWhileTheServerServes() throws Exception {
        SoftHsm hsm = SoftHsm.in(temporary.resolve("hsm")).withToken("bank");
        KeyProgram program = new KeyProgram(
                temporary, Map.of("SOFTHSM2_CONF", hsm.configuration().toString()));
        Path pin = program.secret("pin", SoftHsm.PIN);
        Path passphrase = program.secret("passphrase", PASSPHRASE);
        String fromFile = "file:kek.key";
        String fromPassphrase = "passphrase:?memory=19MiB&file=" + passphrase;
        String fromHsm = hsm.uri("bank", "kek-1", "file:" + pin);
        program.configure(fromFile);
        String token;
        try (ServerProcess server = program.start()) {
            token = token(server, VISA);
            for (String to : new String[] {fromPassphrase, fromHsm, fromFile, fromHsm, fromPassphrase}) {
                assertThat(program.keyDone("rewrap", "--create", "--to", to)).contains("uri: \"" + to + "\"");
                assertThat(token(server, VISA)).isEqualTo(token);
            }
            server.terminate();
        }
        assertThat(program.failedStart()).contains("which is a passphrase", "names a file");
        program.configure(fromPassphrase);
        try (ServerProcess server = program.start()) {
            assertThat(token(server, VISA)).isEqualTo(token);
            server.terminate();
        }
    }

    /// `-Dkek.kills=` says how often.
    @Test
    void killedAtAnyMomentOfARewrapEitherKekOpensTheVault() throws Exception {
        int kills = Integer.getInteger("kek.kills", 3);
        Seeded.forAll(1, random -> killDuringRewraps(kills, random));
    }

    private void killDuringRewraps(int kills, Random random) throws Exception {
        KeyProgram program = new KeyProgram(temporary, Map.of());
        String uri = "file:kek-0.key";
        String token = "";
        int moved = 0;
        for (int kill = 0; kill < kills; kill++) {
            program.configure(uri);
            try (ServerProcess server = program.start()) {
                String now = token(server, VISA);
                assertThat(kill == 0 || now.equals(token))
                        .as("the token after kill " + kill)
                        .isTrue();
                token = now;
                Rewraps rewraps = new Rewraps(program.data(), kill);
                Thread rewrapping = Thread.ofVirtual().start(rewraps);
                rewraps.await(kill == 0 ? 1 : random.nextInt(4));
                assertThat(server.endsWithin(Duration.ofMillis(random.nextInt(300))))
                        .isFalse();
                server.kill9();
                rewrapping.join();
                moved += rewraps.done();
                uri = opening(program.data());
            }
        }
        LOG.info("KEK test: {} kills, {} rewraps, none lost", kills, moved);
        assertThat(moved).isPositive();
    }

    /// The one file whose KEK opens the keystore.
    private static String opening(Path data) throws Exception {
        var kept = RocksTokenStore.peekSetting(data.resolve("store"), Keystore.SETTING)
                .orElseThrow();
        String opens = "";
        try (var files = Files.list(data)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".key")).toList()) {
                KeyWrapper kek = FileKek.open(file, new SecureRandom());
                if (kek.kekId().equals(SealedRing.kekId(kept))) {
                    assertThat(SealedRing.open(kept, kek)).isNotNull();
                    opens = "file:" + file.getFileName();
                }
            }
        }
        assertThat(opens).as("a KEK that opens the vault").isNotEmpty();
        return opens;
    }
}
