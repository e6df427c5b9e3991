package cardsecure.rocks;

import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.Needs;
import cardsecure.store.Change;
import cardsecure.store.Outcome;
import cardsecure.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real write errors: the kernel refuses to let any file of a process grow beyond a limit. The limit would hit the test
/// run too, so the store runs in a JVM of its own.
@Timeout(120)
class WriteErrorTest {
    private static final int ROWS = 2000;
    private static final String UNLIMITED = "unlimited";

    @TempDir
    Path temporary;

    /// With 0 nothing can be written; with more a probe can, but not what opening writes.
    @ParameterizedTest
    @ValueSource(ints = {0, 70_000})
    void afterAWriteErrorTheStoreWorksAgainByItselfAndHasLostNothing(int fileBytes) throws Exception {
        Needs.require(limitFiles(UNLIMITED), "prlimit is missing: install util-linux");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process process = new ProcessBuilder(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WriteErrorTest.class.getName(),
                        temporary.resolve("store").toString(),
                        Integer.toString(fileBytes))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }

    private static boolean limitFiles(String bytes) throws InterruptedException {
        String pid = Long.toString(ProcessHandle.current().pid());
        try {
            return new ProcessBuilder("prlimit", "--pid", pid, "--fsize=" + bytes + ":" + UNLIMITED)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    /// The store's own process.
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        RocksSettings settings = new RocksSettings(1 << 20, 4 << 20, 0);
        try (RocksTokenStore store = RocksTokenStore.open(directory, settings)) {
            for (int i = 0; i < ROWS; i++) {
                insert(store, i);
            }
            assertThat(limitFiles(arguments[1])).isTrue();
            for (int times = 0; times < 50; times++) {
                assertThatThrownBy(() -> insert(store, ROWS)).isInstanceOf(StoreException.class);
                assertThat(store.health()).startsWith("recovering from a write error: ");
                assertAllThere(store);
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
            assertThat(limitFiles(UNLIMITED)).isTrue();
            while (!store.health().equals("ok")) {
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
            assertAllThere(store);
            insert(store, ROWS + 1);
        }
        try (RocksTokenStore store = RocksTokenStore.open(directory, settings)) {
            assertAllThere(store);
            assertThat(store.byToken(place("t" + (ROWS + 1)))).isPresent();
        }
    }

    private static void insert(RocksTokenStore store, int number) throws StoreException {
        assertThat(store.write(List.of(new Change.Insert(row("t" + number, number, number)))))
                .containsExactly(new Outcome.Inserted());
    }

    private static void assertAllThere(RocksTokenStore store) throws StoreException {
        for (int i = 0; i < ROWS; i++) {
            assertThat(store.byToken(place("t" + i))).contains(row("t" + i, i, i));
        }
    }
}
