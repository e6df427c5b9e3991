package cardsecure.server;

import static cardsecure.TestCards.CARDS;
import static cardsecure.TestCards.VISA;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Needs;
import cardsecure.rocks.RocksSettings;
import cardsecure.rocks.RocksTokenStore;
import cardsecure.store.SealedData;
import cardsecure.tls.Shell;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Starts and stops of the real program: what it says, its exit code, and what it leaves alone.
@Timeout(120)
class StartTest {
    @TempDir
    Path temporary;

    /// What a start that failed said to standard error.
    private String failedStart(String... arguments) throws Exception {
        Path errors = Files.createTempFile(temporary, "start", ".stderr");
        try (ServerProcess server = ServerProcess.launch(errors, List.of(arguments))) {
            assertThat(server.exitCode()).as(server.errors()).isEqualTo(1);
            assertThat(server.output()).as("standard output").isEmpty();
            return server.errors();
        }
    }

    private String failedStart(Path data) throws Exception {
        return failedStart(
                "--dev",
                "--data",
                data.toString(),
                "--http",
                "0",
                "--https",
                "off",
                "--socket",
                "off",
                "--socket-tls",
                "off");
    }

    /// A vault with a card, and its token.
    private String makeVault(Path data) throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            String token;
            try (Client client = server.client()) {
                token = client.call("CE", VISA);
            }
            server.terminate();
            return token;
        }
    }

    private static void assertSameToken(Path data, String token) throws Exception {
        try (ServerProcess server = ServerProcess.start(data);
                Client client = server.client()) {
            assertThat(client.call("CE", VISA)).isEqualTo(token);
            server.terminate();
        }
    }

    /// Every file's name, rights, size, time and content.
    private static Map<String, String> state(Path data) throws IOException {
        Map<String, String> state = new TreeMap<>();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.toList()) {
                String rights = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
                String content = Files.isRegularFile(file) ? HexFormat.of().formatHex(sha256(file)) : "";
                state.put(file.toString(), rights + " " + Files.getLastModifiedTime(file) + " " + content);
            }
        }
        return state;
    }

    private static byte[] sha256(Path file) throws IOException {
        try {
            return java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertRefusedAndNothingTouched(Path data, String... said) throws Exception {
        Map<String, String> before = state(data);
        String errors = failedStart(data);
        assertThat(errors.lines()).as(errors).singleElement().asString().contains(said);
        assertThat(errors).startsWith("cardsecure: error: 0027 ");
        assertThat(state(data)).isEqualTo(before);
    }

    @Test
    void withoutTheRightKekAStartFailsInOneLineAndTouchesNothing() throws Exception {
        Path data = temporary.resolve("data");
        String token = makeVault(data);
        Path kek = data.resolve("kek.key");
        Path aside = temporary.resolve("aside");
        Files.move(kek, aside);
        assertRefusedAndNothingTouched(data, "kek.key", "missing");

        byte[] other = new byte[32];
        new Random(1).nextBytes(other);
        Files.createFile(kek, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(kek, HexFormat.of().formatHex(other) + "\n");
        assertRefusedAndNothingTouched(data, "wrong KEK");

        Files.writeString(kek, "no key\n");
        assertRefusedAndNothingTouched(data, "damaged");

        Files.delete(kek);
        Files.copy(aside, kek);
        Files.setPosixFilePermissions(kek, PosixFilePermissions.fromString("rw-r--r--"));
        assertRefusedAndNothingTouched(data, "chmod 600");

        Files.setPosixFilePermissions(kek, PosixFilePermissions.fromString("rw-------"));
        assertSameToken(data, token);
    }

    @Test
    void aStoreThatHasLostItsCurrentFileStopsEachStartAndStaysAsItIs() throws Exception {
        Path data = temporary.resolve("data");
        String token = makeVault(data);
        Path current = data.resolve("store").resolve("CURRENT");
        Path aside = temporary.resolve("CURRENT");
        Files.move(current, aside);
        Map<String, String> before = state(data);
        for (int start = 0; start < 2; start++) {
            String errors = failedStart(data);
            assertThat(errors.lines()).as(errors).singleElement().asString().contains("has lost its file CURRENT");
            assertThat(state(data)).isEqualTo(before);
        }
        Path kek = data.resolve("kek.key");
        Files.move(kek, temporary.resolve("kek"));
        assertRefusedAndNothingTouched(data, "kek.key", "missing");
        Files.move(temporary.resolve("kek"), kek);
        Files.move(aside, current);
        assertSameToken(data, token);
    }

    @Test
    void withADamagedKeystoreAStartFailsInOneLineAndTouchesNothing() throws Exception {
        Path data = temporary.resolve("data");
        String token = makeVault(data);
        SealedData whole = exchangeKeystore(data, Optional.empty());
        assertRefusedAndNothingTouched(data, "damaged");
        exchangeKeystore(data, Optional.of(whole));
        assertSameToken(data, token);
    }

    /// Puts another keystore in, or damages the one there is in its last byte.
    ///
    /// @return the one before
    private static SealedData exchangeKeystore(Path data, Optional<SealedData> other) throws Exception {
        RocksSettings settings = new RocksSettings(1 << 20, 1 << 20, 0);
        try (RocksTokenStore store = RocksTokenStore.open(data.resolve("store"), settings)) {
            SealedData before = store.setting("keystore").orElseThrow();
            byte[] damaged = before.bytes().clone();
            damaged[damaged.length - 1] ^= 1;
            SealedData after = other.orElse(new SealedData(damaged));
            assertThat(store.setSetting("keystore", Optional.of(before), Optional.of(after)))
                    .isTrue();
            return before;
        }
    }

    @Test
    void aTakenPortAndATakenDataDirectoryAreSaidInOneLine() throws Exception {
        Path data = temporary.resolve("data");
        try (ServerProcess server = ServerProcess.start(data)) {
            String second = failedStart(data);
            assertThat(second).startsWith("cardsecure: error: ");
            assertThat(second.lines().filter(line -> !line.startsWith("hint: ")))
                    .hasSize(1);
            assertThat(second).contains(data.toString());
            try (Client client = server.client()) {
                assertThat(client.call("CE", VISA)).startsWith("944");
            }
            server.terminate();
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = "127.0.0.1:" + taken.getLocalPort();
            String errors = failedStart(
                    "--dev", "--data", data.toString(), "--http", port, "--https", "off", "--socket-tls", "off");
            assertThat(errors.lines().filter(line -> line.startsWith("cardsecure: error: ")))
                    .singleElement()
                    .asString()
                    .contains(port);
            assertThat(errors).contains("hint: ").doesNotContain("\tat ", " ERROR ");
        }
    }

    @Test
    void afterSigtermUnderLoadTheExitCodeIsZeroAndEverythingAcknowledgedIsThere() throws Exception {
        Path data = temporary.resolve("data");
        CrashLoad load = new CrashLoad();
        try (ServerProcess server = ServerProcess.start(data);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Random own = new Random(i);
                sent.add(threads.submit(() -> load.run(server.port(), own)));
            }
            assertThat(server.endsWithin(java.time.Duration.ofMillis(700))).isFalse();
            server.terminate();
            for (Future<?> one : sent) {
                one.get();
            }
        }
        // Who sends while the server stops may be told so; it is no token.
        List<String> wrong = load.wrong().stream()
                .filter(line -> !line.contains("0043::Server failed"))
                .toList();
        assertThat(wrong).isEmpty();
        try (ServerProcess server = ServerProcess.start(data);
                Client client = server.client()) {
            load.verify(client, load.cards(), true);
            load.verifyShared(client);
            assertThat(load.acknowledged()).isGreaterThan(CARDS.size());
            assertThat(load.wrong().stream().filter(line -> !line.contains("0043::Server failed")))
                    .isEmpty();
        }
    }

    @Test
    void everythingThatIsWrongWithAConfigurationIsSaidWithItsLine() throws Exception {
        Path config = temporary.resolve("config.yaml");
        Files.writeString(config, """
            lgo:
              format: text
            limits:
              body-max: 1
              idle-timeout: yesterday
            """);
        String errors = failedStart(
                "--config",
                config.toString(),
                "--data",
                temporary.resolve("data").toString());
        assertThat(errors).contains(config + ":1: ", config + ":4: ", config + ":5: ", "log");
        assertThat(temporary.resolve("data")).doesNotExist();
    }

    @Test
    void noTlsClientMayRenegotiate() throws Exception {
        Needs.require(Shell.has("openssl"), "needs openssl: apt-get install openssl");
        List<String> arguments = new ArrayList<>(
                List.of("--dev", "--data", temporary.resolve("data").toString()));
        arguments.addAll(ServerProcess.HTTP_ALONE);
        arguments.set(arguments.indexOf("--https") + 1, "127.0.0.1:0");
        try (ServerProcess server =
                ServerProcess.launch(temporary.resolve("stderr"), arguments).awaitReady()) {
            String renegotiating = Shell.run(
                    temporary,
                    "(printf 'R\\n'; read -t 2 || true) | timeout 10 openssl s_client -tls1_2 -connect 127.0.0.1:"
                            + server.httpsPort());
            assertThat(renegotiating).contains("RENEGOTIATING");
            assertThat(renegotiating.substring(renegotiating.indexOf("RENEGOTIATING")))
                    .containsAnyOf("no renegotiation", "NO_RENEGOTIATION", "handshake failure", "unexpected eof");
        }
    }

    @Test
    void withoutAListenerTheProgramSaysWhatToDo() throws Exception {
        String errors = failedStart("--data", temporary.resolve("data").toString());
        assertThat(errors).contains("--https", "--dev", "hint: ").doesNotContain("\tat ");
        assertThat(temporary.resolve("data")).doesNotExist();
    }
}
