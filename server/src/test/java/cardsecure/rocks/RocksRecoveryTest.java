package cardsecure.rocks;

import static cardsecure.store.StoreSamples.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.store.Change;
import cardsecure.store.Outcome;
import cardsecure.store.StoreException;
import cardsecure.store.TokenRow;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RocksRecoveryTest {
    private static final RocksSettings SMALL = new RocksSettings(1 << 20, 1 << 20, 0);
    private static final int BATCHES = 12;
    private static final int ROWS = 3;

    @TempDir
    Path temporary;

    /// A store as a crash leaves it, and how long its log was when each batch was acknowledged.
    private record Crashed(Path directory, String log, List<Long> lengths) {}

    @Test
    void aLogCutAnywhereKeepsEachBatchThatWasWholeBeforeTheCut() throws Exception {
        Crashed crashed = crash();
        long end = crashed.lengths().getLast();
        int cuts = 0;
        for (long cut = end; cut >= crashed.lengths().getFirst() - 50; cut -= 37) {
            Path directory = copy(crashed.directory(), "cut-" + cut);
            try (FileChannel log = FileChannel.open(directory.resolve(crashed.log()), StandardOpenOption.WRITE)) {
                log.truncate(cut);
            }
            try (RocksTokenStore store = RocksTokenStore.open(directory, SMALL)) {
                for (int batch = 0; batch < BATCHES; batch++) {
                    boolean whole = crashed.lengths().get(batch) <= cut;
                    for (TokenRow row : rows(batch)) {
                        assertThat(store.byToken(row.place()).isPresent())
                                .as("batch %s with the log cut to %s", batch, cut)
                                .isEqualTo(whole);
                    }
                }
                assertThat(store.write(List.of(new Change.Insert(row("after", 999, 1)))))
                        .containsExactly(new Outcome.Inserted());
            }
            cuts++;
        }
        assertThat(cuts).isGreaterThan(30);
    }

    @Test
    void aLogDamagedInTheMiddleStopsTheStart() throws Exception {
        Crashed crashed = crash();
        for (int batch = 1; batch < BATCHES - 1; batch += 3) {
            Path directory = copy(crashed.directory(), "damage-" + batch);
            Path log = directory.resolve(crashed.log());
            byte[] bytes = Files.readAllBytes(log);
            int middle =
                    (int) ((crashed.lengths().get(batch - 1) + crashed.lengths().get(batch)) / 2);
            bytes[middle] ^= 1;
            Files.write(log, bytes);
            assertThatThrownBy(() -> RocksTokenStore.open(directory, SMALL))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("cannot be opened")
                    .hasMessageContaining("Corruption");
            assertThatThrownBy(() -> RocksTokenStore.peekSetting(directory, "keystore"))
                    .isInstanceOf(StoreException.class);
        }
    }

    private Crashed crash() throws IOException, StoreException {
        Path live = temporary.resolve("live");
        List<Long> lengths = new ArrayList<>();
        try (RocksTokenStore store = RocksTokenStore.open(live, SMALL)) {
            for (int batch = 0; batch < BATCHES; batch++) {
                store.write(rows(batch).stream().<Change>map(Change.Insert::new).toList());
                lengths.add(Files.size(log(live)));
            }
            Path copy = copy(live, "crashed");
            return new Crashed(copy, log(copy).getFileName().toString(), lengths);
        }
    }

    private static List<TokenRow> rows(int batch) {
        List<TokenRow> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(row("t" + batch + "-" + i, batch * ROWS + i, i));
        }
        return rows;
    }

    private static Path log(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> logs =
                    files.filter(file -> file.toString().endsWith(".log")).toList();
            assertThat(logs).hasSize(1);
            return logs.getFirst();
        }
    }

    private Path copy(Path directory, String name) throws IOException {
        Path copy = Files.createDirectory(temporary.resolve(name));
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }
}
