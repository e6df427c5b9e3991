package cardsecure.rocks;

import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Needs;
import cardsecure.store.Change;
import cardsecure.store.Outcome;
import cardsecure.store.StoreException;
import cardsecure.store.TokenRow;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// On a disk of 48 MiB that another fills.
@Timeout(120)
class FullDiskTest {
    private static final int MIB = 1 << 20;
    private static final int BATCH = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path disk;

    private final List<TokenRow> acknowledged = new ArrayList<>();
    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        mounted = run("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", disk.toString()) == 0;
        Needs.require(mounted, "a small disk cannot be mounted: run the tests as root");
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertThat(run("umount", disk.toString())).isZero();
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private Path directory() {
        return disk.resolve("store");
    }

    private RocksTokenStore open(int reserveMib) throws StoreException {
        return RocksTokenStore.open(directory(), new RocksSettings(MIB, MIB, (long) reserveMib * MIB));
    }

    @Test
    void onADiskThatIsNearlyFullNewRowsAreRefusedAndPurgesWork() throws Exception {
        try (RocksTokenStore store = open(12)) {
            insert(store, 20);
            Path filler = fill(8);
            awaitHealth(store, "disk nearly full: new tokens are refused, purges work");
            TokenRow kept = acknowledged.getFirst();
            assertThat(store.write(List.of(
                            new Change.Insert(row("new", 1_000_000, 1)),
                            new Change.Insert(kept),
                            new Change.Replace(
                                    kept.place(), kept.data(), kept.data().orElseThrow()),
                            new Change.Purge(kept.place()))))
                    .containsExactly(
                            new Outcome.NoRoom(),
                            new Outcome.Exists(kept),
                            new Outcome.NoRoom(),
                            new Outcome.Changed());
            Files.delete(filler);
            awaitHealth(store, "ok");
            insert(store, 1);
        }
    }

    @Test
    void onADiskThatIsFullToTheLastByteAPurgeStillWorks() throws Exception {
        try (RocksTokenStore store = open(16)) {
            assertThat(Files.size(directory().resolve("ballast"))).isEqualTo(9 * MIB);
            insert(store, 100);
            Path filler = fill(0);
            for (TokenRow row : acknowledged) {
                assertThat(store.write(List.of(new Change.Purge(row.place())))).containsExactly(new Outcome.Changed());
            }
            assertThat(store.write(List.of(new Change.Insert(row("new", 1_000_000, 1)))))
                    .containsExactly(new Outcome.NoRoom());
            assertThat(directory().resolve("ballast")).doesNotExist();
            Files.delete(filler);
            awaitHealth(store, "ok");
            insert(store, 1);
            await(() -> Files.exists(directory().resolve("ballast")), "the ballast is there again");
        }
        try (RocksTokenStore store = open(16)) {
            assertThat(store.byToken(place("t0")).orElseThrow().data()).isEmpty();
            assertThat(store.byToken(place("t" + (acknowledged.size() - 1)))
                            .orElseThrow()
                            .data())
                    .isPresent();
        }
    }

    @Test
    void afterWritesFailedTheStoreWorksAgainByItselfAndHasLostNothing() throws Exception {
        try (RocksTokenStore store = open(0)) {
            insert(store, 20);
            Path filler = fill(0);
            boolean failed = false;
            for (int i = 0; i < 10_000 && !failed; i++) {
                try {
                    insert(store, 1);
                } catch (StoreException full) {
                    failed = true;
                }
            }
            assertThat(failed).isTrue();
            assertThat(store.health()).startsWith("recovering from a write error: ");
            assertAllThere(store);
            Files.delete(filler);
            awaitHealth(store, "ok");
            assertAllThere(store);
            insert(store, 20);
        }
        try (RocksTokenStore store = open(0)) {
            assertAllThere(store);
        }
    }

    @Test
    void aStartOnAFullDiskGivesTheBallastUp() throws Exception {
        try (RocksTokenStore store = open(16)) {
            insert(store, 100);
        }
        fill(0);
        try (RocksTokenStore store = open(16)) {
            assertAllThere(store);
            TokenRow row = acknowledged.getFirst();
            assertThat(store.write(List.of(new Change.Purge(row.place())))).containsExactly(new Outcome.Changed());
        }
    }

    private void insert(RocksTokenStore store, int batches) throws StoreException {
        for (int batch = 0; batch < batches; batch++) {
            List<TokenRow> rows = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                int number = acknowledged.size() + i;
                rows.add(row("t" + number, number, number));
            }
            List<Outcome> outcomes =
                    store.write(rows.stream().<Change>map(Change.Insert::new).toList());
            // A batch that failed may be there all the same.
            for (int i = 0; i < BATCH; i++) {
                assertThat(outcomes.get(i)).isIn(new Outcome.Inserted(), new Outcome.Exists(rows.get(i)));
            }
            acknowledged.addAll(rows);
        }
    }

    private void assertAllThere(RocksTokenStore store) throws StoreException {
        for (TokenRow row : acknowledged) {
            assertThat(store.byToken(row.place())).isEqualTo(Optional.of(row));
        }
    }

    private Path fill(long leaveMib) throws IOException {
        Path filler = disk.resolve("filler");
        byte[] chunk = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (Files.getFileStore(disk).getUsableSpace() > leaveMib * MIB) {
                out.write(chunk);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
        return filler;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void awaitHealth(RocksTokenStore store, String health) throws Exception {
        await(() -> store.health().equals(health), health);
    }

    private static void await(Condition condition, String description) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time: " + description).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }
}
