package cardsecure.server;

import static cardsecure.TestCards.CARDS;
import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.TestCards;
import cardsecure.card.Pan;
import cardsecure.config.StoreLocation;
import cardsecure.postgres.TestPostgres;
import cardsecure.wallet.GooglePaySimulator;
import cardsecure.wallet.GooglePayToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real program, with its vault in a database.
@Timeout(300)
class ServerOnPostgresTest {
    private final GooglePaySimulator google = new GooglePaySimulator(new SecureRandom(), Instant.now());

    @TempDir
    Path temporary;

    private StoreLocation.Postgres location = TestPostgres.NOWHERE;
    private String url = "";

    @BeforeEach
    void makeADatabase() {
        location = TestPostgres.newEmptyDatabase();
        url = location.shown().replace("//", "//postgres@");
    }

    private KeyProgram program(String name) throws Exception {
        KeyProgram program = new KeyProgram(Files.createDirectories(temporary.resolve(name)), Map.of());
        program.configure("file:kek.key", url);
        return program;
    }

    private static String token(ServerProcess server, String card) throws Exception {
        try (Client client = server.client()) {
            return client.call("CE", card);
        }
    }

    @Test
    void aVaultInADatabaseIsServedByTwoServersAtOnce() throws Exception {
        KeyProgram one = program("one");
        KeyProgram other = program("other");
        for (KeyProgram program : List.of(one, other)) {
            Files.write(temporary.resolve("google.json"), google.rootKeys().reveal());
            Files.writeString(
                    program.configuration(),
                    "wallets:\n  google-keys: " + temporary.resolve("google.json") + "\n",
                    StandardOpenOption.APPEND);
        }
        try (ServerProcess first = one.start()) {
            String visa = token(first, VISA);
            assertThat(one.run(
                                    "google",
                                    "key-new",
                                    "--site",
                                    "dev",
                                    "--data",
                                    one.data().toString())
                            .exit())
                    .isZero();
            giveKek(other, one.data().resolve("kek.key"));
            try (ServerProcess second = other.start()) {
                assertThat(token(second, VISA)).isEqualTo(visa);
                String status =
                        one.run("status", "--data", one.data().toString()).text();
                assertThat(status)
                        .contains("store      " + location.shown() + ", ok")
                        .doesNotContain("disk ");

                aPaymentAtBothAtOnceIsTakenOnce(List.of(first, second), visa);

                // What one has rotated the other follows as soon as it writes.
                assertThat(one.keyDone("rotate")).contains("002");
                String card = CARDS.get(1);
                String token = token(second, card);
                assertThat(token(first, card)).isEqualTo(token);
                assertThat(other.keyDone("list")).contains("002   data         current");
                second.terminate();
            }
            first.terminate();
        }
        try (ServerProcess again = other.start()) {
            assertThat(token(again, VISA)).hasSize(16);
            again.terminate();
        }
    }

    /// An older transaction could still see what is removed, so that it stays in the table's file.
    @Test
    void theStatusSaysThatRemovedKeysRemainUntilTheyAreGone() throws Exception {
        KeyProgram one = program("one");
        try (ServerProcess server = one.start();
                Connection older = TestPostgres.connect(location);
                Statement statement = older.createStatement()) {
            older.setAutoCommit(false);
            older.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            statement.execute("SELECT count(*) FROM pg_class");
            assertThat(one.run("google", "key-new", "--site=dev", "--data=" + one.data())
                            .exit())
                    .isZero();
            assertThat(one.run("google", "remove", "--site=dev", "--key=1", "--data=" + one.data())
                            .exit())
                    .isZero();
            assertThat(one.run("status", "--data", one.data().toString()).text())
                    .containsPattern("store +postgresql:.*, ok, but KEYS REMAIN: ");
            older.rollback();
            server.terminate();
        }
    }

    /// Whichever is asked, one of them takes it.
    private void aPaymentAtBothAtOnceIsTakenOnce(List<ServerProcess> servers, String token) throws Exception {
        String key;
        try (Client client = servers.getFirst().client()) {
            key = client.get("action=KG&encryptionHandler=EC_ANDROID_PAY").data();
        }
        ECPublicKey publicKey = (ECPublicKey) KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(key)));
        for (int payment = 0; payment < 5; payment++) {
            String payload = TestCards.text(google.token(
                    GooglePayToken.Version.EC_V2,
                    "gateway:cardconnect",
                    publicKey,
                    google.message(
                            Pan.parse(TestCards.secret(VISA)),
                            YearMonth.of(2099, 12),
                            true,
                            "payment-" + payment,
                            Instant.now().plusSeconds(600),
                            Optional.of("dev"))));
            CountDownLatch start = new CountDownLatch(1);
            List<Future<String>> answers = new ArrayList<>();
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 8; i++) {
                    ServerProcess server = servers.get(i % servers.size());
                    answers.add(callers.submit(() -> {
                        try (Client client = server.client()) {
                            start.await();
                            return client.call("CR", payload);
                        }
                    }));
                }
                start.countDown();
            }
            List<String> given = new ArrayList<>();
            for (Future<String> answer : answers) {
                given.add(answer.get());
            }
            assertThat(given)
                    .containsOnlyOnce(token)
                    .filteredOn(text -> !text.equals(token))
                    .containsOnly("0024::Decryption failure");
        }
    }

    private static void giveKek(KeyProgram program, Path kek) throws Exception {
        Files.createDirectory(
                program.data(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.copy(kek, program.data().resolve("kek.key"), StandardCopyOption.COPY_ATTRIBUTES);
    }

    @Test
    void withTheWrongKekAStartFailsAndTheDatabaseIsAsItWas() throws Exception {
        KeyProgram one = program("one");
        try (ServerProcess server = one.start()) {
            token(server, VISA);
            server.terminate();
        }
        String before = TestPostgres.dump(location);
        KeyProgram wrong = program("wrong");
        byte[] other = new byte[32];
        new Random(1).nextBytes(other);
        giveKek(wrong, wrong.secret("kek", HexFormat.of().formatHex(other)));

        assertThat(wrong.failedStart()).contains("error: 0027 ", "wrong KEK");
        assertThat(TestPostgres.dump(location)).isEqualTo(before);
        assertThat(program("none").failedStart()).contains("error: 0027 ", "kek.key is missing");
        assertThat(TestPostgres.dump(location)).isEqualTo(before);
    }

    @Test
    void aKeystoreThatIsLostIsRestoredWhenNoServerRuns() throws Exception {
        KeyProgram program = program("one");
        Path backup = temporary.resolve("keys.backup");
        String source = "file:" + program.secret("passphrase", "correct horse battery staple");
        String token;
        try (ServerProcess server = program.start()) {
            token = token(server, VISA);
            program.keyDone("rotate");
            program.keyDone("backup", "--out", backup.toString(), "--passphrase", source, "--memory", "19");
            program.keyDone("rotate", "--callers");
            TestPostgres.execute(location, "DELETE FROM cardsecure.setting WHERE name = 'keystore'");
            assertThat(restore(program, backup, source, 1)).contains("servers run on the store");
            server.terminate();
        }
        KeyProgram.Said failed =
                program.run("serve", "--config", program.configuration().toString());
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.text()).contains("error: 0027 ", "it was lost");
        assertThat(restore(program, backup, source, 0)).contains("are restored", "settings and rows that were tried");
        try (ServerProcess server = program.start()) {
            assertThat(token(server, VISA)).isEqualTo(token);
            // The restored ring is later than the one that was lost, or nothing would be taken any more.
            assertThat(token(server, CARDS.get(1))).hasSize(16);
            server.terminate();
        }
    }

    private static String restore(KeyProgram program, Path backup, String source, int exit) throws Exception {
        KeyProgram.Said said = program.key(
                "restore",
                backup.toString(),
                "--passphrase",
                source,
                "--config",
                program.configuration().toString());
        assertThat(said.exit()).as(said.text()).isEqualTo(exit);
        return said.text();
    }

    @Test
    void aPasswordInTheUrlIsRefusedAndNotRepeated() throws Exception {
        KeyProgram program = program("one");
        String withPassword = url.replace("postgres@", "postgres:hunter2@");
        KeyProgram.Said said = program.run("serve", "--dev", "--store", withPassword);
        assertThat(said.exit()).isEqualTo(2);
        assertThat(said.text()).contains("a password does not stand in a URL").doesNotContain("hunter2");
        KeyProgram.Said migrate = program.run("store", "migrate", "--store", withPassword);
        assertThat(migrate.exit()).isEqualTo(2);
        assertThat(migrate.text())
                .contains("a password does not stand in a URL")
                .doesNotContain("hunter2");
        program.configure("file:kek.key", withPassword);
        KeyProgram.Said checked =
                program.run("check-config", program.configuration().toString());
        assertThat(checked.exit()).isEqualTo(1);
        assertThat(checked.text())
                .contains("cardsecure.yaml:5: \"url\": a password does not stand in a URL")
                .doesNotContain("hunter2");
    }

    @Test
    void theOwnersRoleMakesTheTablesAndTheServersUsesThem() throws Exception {
        TestPostgres.execute("CREATE ROLE " + location.database() + " LOGIN");
        url = url.replace("postgres@", location.database() + "@");
        KeyProgram program = program("one");
        assertThat(program.failedStart()).contains("cardsecure store migrate --store URL");
        KeyProgram.Said migrated = program.run(
                "store",
                "migrate",
                "--store",
                location.shown().replace("//", "//postgres@"),
                "--server-role",
                location.database());
        assertThat(migrated.exit()).as(migrated.text()).isZero();
        assertThat(migrated.text()).contains("are of version 3 now", "GRANT USAGE ON SCHEMA cardsecure");
        try (ServerProcess server = program.start()) {
            assertThat(token(server, VISA)).hasSize(16);
            assertThat(server.errors()).contains("NOT DURABLE: the database has fsync = off");
            server.terminate();
        }
        assertThat(program.run("store").exit()).isEqualTo(2);
        assertThat(List.of(
                        program.run("store", "migrate", "--store", "rocksdb:x").exit()))
                .containsExactly(2);
    }
}
