package cardsecure.server;

import static cardsecure.TestCards.CARDS;
import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.backup.FormerKeystores;
import cardsecure.kek.FileKek;
import cardsecure.keys.KeyRing;
import cardsecure.keys.Keystore;
import cardsecure.rocks.RocksSettings;
import cardsecure.rocks.RocksTokenStore;
import cardsecure.rocks.Tampering;
import cardsecure.store.SealedData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A vault whose keystore or KEK is lost, and the backup that opens it again.
@Timeout(300)
class KeyRestoreTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    Path temporary;

    private KeyProgram program = new KeyProgram(Path.of(""), Map.of());
    private String source = "";
    private Path backup = Path.of("");
    private String token = "";

    @BeforeEach
    void makeVaultAndBackup() throws Exception {
        program = new KeyProgram(temporary, Map.of());
        source = "file:" + program.secret("passphrase", "correct horse battery staple");
        backup = temporary.resolve("keys.backup");
        program.configure("file:kek.key");
        try (ServerProcess server = program.start()) {
            token = token(server, VISA);
            String said =
                    program.keyDone("backup", "--out", backup.toString(), "--passphrase", source, "--memory", "19");
            assertThat(said).contains("all keys are in", "data keys: 001 current");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                    .isEqualTo("rw-------");
            assertThat(program.keyFails("backup", "--out", backup.toString(), "--passphrase", source))
                    .contains("is there already");
            assertThat(restore(1)).contains("open already");
            server.terminate();
        }
        assertThat(program.key("backup", "--show", backup.toString()).text())
                .contains("generation: 1", "opened by: passphrase argon2id 19456 3 ");
    }

    private static String token(ServerProcess server, String card) throws Exception {
        try (Client client = server.client()) {
            return client.call("CE", card);
        }
    }

    private String restore(int exit, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "restore",
                backup.toString(),
                "--passphrase",
                source,
                "--config",
                program.configuration().toString()));
        arguments.addAll(List.of(more));
        KeyProgram.Said said = program.key(arguments.toArray(String[]::new));
        assertThat(said.exit()).as(said.text()).isEqualTo(exit);
        return said.text();
    }

    private interface InStore {
        void change(RocksTokenStore store) throws Exception;
    }

    private void inStore(InStore change) throws Exception {
        RocksSettings settings = new RocksSettings(1 << 20, 1 << 20, 0);
        try (RocksTokenStore store = RocksTokenStore.open(program.data().resolve("store"), settings)) {
            change.change(store);
        }
    }

    private void exchangeKeystore(UnaryOperator<Optional<SealedData>> change) throws Exception {
        inStore(store -> {
            Optional<SealedData> kept = store.setting(Keystore.SETTING);
            assertThat(store.setSetting(Keystore.SETTING, kept, change.apply(kept)))
                    .isTrue();
        });
    }

    private void assertServesAsBefore() throws Exception {
        try (ServerProcess server = program.start()) {
            assertThat(token(server, VISA)).isEqualTo(token);
            server.terminate();
        }
    }

    @Test
    void aRowThatCannotBeReadIsWarnedOfAndHaltsNothing() throws Exception {
        try (Tampering tampering = new Tampering(program.data().resolve("store"))) {
            tampering.putRow(new byte[] {0, 0, 0, 1, 'C', '!'}, new byte[] {1});
        }
        assertThat(restore(0)).contains("1 entries among the rows are damaged");
        try (ServerProcess server = program.start()) {
            assertThat(program.keyDone("list", "--rows")).contains("1 row is damaged and cannot be read");
            program.keyDone("rotate");
            assertThat(program.keyFails("reseal", "--watch")).contains("1 FAILED");
            assertThat(program.keyDone("retire", "001")).contains("1 row is damaged", "may have needed it");
            assertThat(token(server, VISA)).isEqualTo(token);
            server.terminate();
        }
    }

    @Test
    void aKeystoreThatIsLostOrDamagedIsRestored() throws Exception {
        exchangeKeystore(kept -> Optional.empty());
        assertThat(program.failedStart()).contains("0027 ");
        assertThat(restore(0)).contains("are restored, generation 2", "settings and rows that were tried open");
        assertServesAsBefore();

        exchangeKeystore(kept -> {
            byte[] damaged = kept.orElseThrow().bytes().clone();
            damaged[damaged.length - 1] ^= 1;
            return Optional.of(new SealedData(damaged));
        });
        assertThat(restore(0)).contains("keystore-before-");
        assertServesAsBefore();
    }

    @Test
    void aKekThatIsLostIsReplaced() throws Exception {
        Files.delete(program.data().resolve("kek.key"));
        assertThat(program.failedStart()).contains("0027 ", "kek.key is missing");
        assertThat(restore(1)).contains("0027 ", "which is a file", "--present-keystore-lost");
        assertThat(program.data().resolve("kek.key")).doesNotExist();
        assertThat(restore(0, "--present-keystore-lost")).contains("a new KEK was made, file:kek.key", "are restored");
        assertServesAsBefore();

        program.configure("passphrase:?memory=19MiB&" + source.replace(':', '='));
        assertThat(program.failedStart()).contains("0027 ", "which is a file");
        assertThat(restore(0, "--present-keystore-lost")).contains("wrapped by KEK argon2id-");
        assertServesAsBefore();

        Path former = FormerKeystores.in(program.data()).getLast();
        program.configure("file:kek.key");
        String[] putBack = {
            "restore", former.toString(), "--config", program.configuration().toString(), "--present-keystore-lost"
        };
        KeyProgram.Said said = program.key(putBack);
        assertThat(said.exit()).as(said.text()).isZero();
        assertServesAsBefore();
    }

    @Test
    void aBackupOfAnotherVaultIsRefusedAndNothingIsChanged() throws Exception {
        Path elsewhere = temporary.resolve("elsewhere");
        KeyProgram other = new KeyProgram(Files.createDirectory(elsewhere), Map.of());
        other.configure("file:kek.key");
        Path theirs = elsewhere.resolve("keys.backup");
        try (ServerProcess server = other.start()) {
            assertThat(token(server, VISA)).isNotEmpty();
            other.keyDone("backup", "--out", theirs.toString(), "--passphrase", source, "--memory", "19");
            server.terminate();
        }
        Path ours = backup;
        backup = theirs;
        assertThat(restore(1)).contains("0063 ", "of vault");
        exchangeKeystore(kept -> Optional.empty());
        assertThat(restore(1)).contains("0063 ", "another vault");
        backup = ours;
        assertThat(restore(0)).contains("are restored");
        assertServesAsBefore();
    }

    @Test
    void aBackupThatIsOlderThanTheDataIsRefusedWithWhatWouldBeUnreadable() throws Exception {
        rotate();
        String later;
        try (ServerProcess server = program.start()) {
            later = token(server, CARDS.getLast());
            server.terminate();
        }
        assertThat(restore(1)).contains("0068 ", "under key 002 1 rows and ");
        exchangeKeystore(kept -> Optional.empty());
        assertThat(restore(1)).contains("0068 ", "under key 002 1 rows and ");
        inStore(store -> assertThat(store.setting(Keystore.SETTING)).isEmpty());
        assertThat(later).startsWith("9");
    }

    @Test
    void aNewerKeystoreIsReplacedOnlyWhereNothingIsLost() throws Exception {
        changeRing(ring -> ring.withDataKeys(keys -> keys.install(new SecureRandom(), CLOCK.instant())));
        assertThat(restore(0)).contains("generation 3");
        assertServesAsBefore();

        changeRing(ring -> ring.withCallerKeys(keys -> keys.install(new SecureRandom(), CLOCK.instant())));
        assertThat(restore(1)).contains("0068 ", "callers' key E02");
        assertServesAsBefore();
    }

    @Test
    void aLostKeyOfCallersIsMissedAndCanBeGivenUp() throws Exception {
        changeRing(ring -> ring.withCallerKeys(
                keys -> keys.install(new SecureRandom(), CLOCK.instant()).activate(CLOCK.instant())));
        try (ServerProcess server = program.start();
                Client client = server.client()) {
            assertThat(client.call("EC", VISA)).startsWith("E02");
            server.terminate();
        }
        exchangeKeystore(kept -> Optional.empty());
        assertThat(restore(1)).contains("0068 ", "under key E02", "`--callers-keys-lost E02`");
        assertThat(restore(0, "--callers-keys-lost", "e02")).contains("E01 current, E02 destroyed");
        assertServesAsBefore();
    }

    private void rotate() throws Exception {
        changeRing(ring -> ring.withDataKeys(
                keys -> keys.install(new SecureRandom(), CLOCK.instant()).activate(CLOCK.instant())));
    }

    private void changeRing(UnaryOperator<KeyRing> change) throws Exception {
        SecureRandom random = new SecureRandom();
        inStore(store -> new Keystore(store, FileKek.open(program.data().resolve("kek.key"), random), random, CLOCK)
                .change(change));
    }

    @Test
    void whoHasNotThePassphraseOrAWholeFileGetsNothing() throws Exception {
        String text = Files.readString(backup);
        program.secret("passphrase", "another horse battery staple");
        assertThat(restore(1)).contains("0063 ", "wrong passphrase");
        program.secret("passphrase", "correct horse battery staple");
        for (String damaged :
                List.of("", text.substring(0, text.length() / 2), text.replace("generation: 1", "generation: 9"))) {
            Files.writeString(backup, damaged);
            assertThat(restore(1)).contains("0063 ");
        }
        assertServesAsBefore();
    }
}
