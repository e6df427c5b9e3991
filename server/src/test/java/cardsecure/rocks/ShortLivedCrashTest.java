package cardsecure.rocks;

import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.shortLived;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.store.ShortLivedRow;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process that keeps short-lived rows and takes them, killed with -9. `-Dcrash.short-lived-kills=` says how often,
/// `-Dseed=` repeats when.
@Timeout(300)
class ShortLivedCrashTest {
    private static final int LINES_MIN = 200;

    @TempDir
    Path temporary;

    /// What a process said about a token: what stands there for certain, and what may, as it had begun to change it.
    private static final class Told {
        private Optional<ShortLivedRow> stands = Optional.empty();
        private final List<Optional<ShortLivedRow>> may = new ArrayList<>();

        void hear(String token, String what, long number) {
            Optional<ShortLivedRow> row = Optional.of(shortLived(token, 1200, number));
            switch (what) {
                case "keeps" -> may.add(row);
                case "takes" -> may.add(Optional.empty());
                case "kept" -> settle(row);
                case "took" -> {
                    assertThat(number >= 0).as("whether there was one to take").isEqualTo(stands.isPresent());
                    settle(Optional.empty());
                }
                default -> throw new AssertionError(what);
            }
        }

        void settle(Optional<ShortLivedRow> now) {
            stands = now;
            may.clear();
        }
    }

    @Test
    void whatWasKeptIsThereAndWhatWasTakenIsNotHoweverOftenTheProcessIsKilled() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        Map<String, Told> told = new HashMap<>();
        int kills = Integer.getInteger("crash.short-lived-kills", 5);
        int left = 0;
        for (int kill = 0; kill < kills; kill++) {
            run(1_000_000L * kill, LINES_MIN + random.nextInt(2000), told);
            try (RocksTokenStore store = RocksTokenStore.open(temporary, new RocksSettings(1 << 20, 1 << 20, 0))) {
                for (Map.Entry<String, Told> one : told.entrySet()) {
                    Optional<ShortLivedRow> there = store.shortLived(place(one.getKey()));
                    List<Optional<ShortLivedRow>> possible = new ArrayList<>(one.getValue().may);
                    possible.add(one.getValue().stands);
                    assertThat(possible).as("seed " + seed).contains(there);
                    one.getValue().settle(there);
                    left += there.isPresent() ? 1 : 0;
                }
            }
        }
        assertThat(told).hasSize(ShortLivedLoad.TOKENS);
        assertThat(left).isPositive();
    }

    private void run(long first, int lines, Map<String, Told> told) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ShortLivedLoad.class.getName(),
                        temporary.toString(),
                        Long.toString(first))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            int heard = 0;
            String line = said.readLine();
            while (line != null) {
                // The last may be cut off.
                String[] words = line.split(" ", -1);
                if (words.length == 4) {
                    told.computeIfAbsent(words[0], _ -> new Told()).hear(words[0], words[1], Long.parseLong(words[2]));
                }
                heard++;
                if (heard == lines) {
                    // By its handle: what it said is to be read on.
                    process.toHandle().destroyForcibly();
                }
                line = said.readLine();
            }
            assertThat(heard).isGreaterThanOrEqualTo(lines);
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
