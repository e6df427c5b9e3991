package cardsecure.rocks;

import static cardsecure.store.StoreSamples.mark;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.store.Change;
import cardsecure.store.Outcome;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecentMarksTest {
    private static final int MANY = 70_000;

    @TempDir
    Path temporary;

    private static List<Change> changes(int from, int to) {
        List<Change> changes = new ArrayList<>();
        for (int i = from; i < to; i++) {
            changes.add(new Change.Remember(mark(1000 + i / 1000, i)));
        }
        return changes;
    }

    @Test
    void onlyMarksOlderThanTheNewestThereAreLeftOpen() {
        RecentMarks recent = new RecentMarks();
        assertThat(recent.leavesOpen(mark(2000, 1))).isTrue();
        recent.reset(1999, 1000);
        assertThat(recent.leavesOpen(mark(1999, 1))).isTrue();
        assertThat(recent.leavesOpen(mark(2000, 1))).isFalse();
        assertThat(recent.knows(mark(2000, 1))).isFalse();
        recent.add(List.of(mark(2000, 1), mark(1999, 1)));
        assertThat(recent.knows(mark(2000, 1))).isTrue();
        assertThat(recent.knows(mark(2000, 2))).isFalse();
        assertThat(recent.leavesOpen(mark(1999, 1))).isTrue();
        assertThat(recent.leavesOpen(mark(999, 1))).isFalse();
        assertThat(recent.knows(mark(999, 1))).isTrue();
        recent.forgotten(2001);
        assertThat(recent.knows(mark(2000, 2))).isTrue();
    }

    @Test
    void moreMarksThanAreKeptInMemoryAreSeenAllTheSame() throws Exception {
        try (RocksTokenStore store = RocksTokenStore.open(temporary, new RocksSettings(1 << 20, 1 << 20, 0))) {
            for (int i = 0; i < MANY; i += 10_000) {
                assertThat(store.write(changes(i, i + 10_000))).containsOnly(new Outcome.Remembered());
            }
            assertThat(store.write(changes(0, MANY))).containsOnly(new Outcome.SeenBefore());
            store.forgetMarks(Instant.ofEpochSecond(1005));
            assertThat(store.write(changes(0, MANY))).containsOnly(new Outcome.SeenBefore());
            assertThat(store.write(
                            List.of(new Change.Remember(mark(1004, MANY)), new Change.Remember(mark(1005, MANY)))))
                    .containsExactly(new Outcome.SeenBefore(), new Outcome.Remembered());
        }
        try (RocksTokenStore store = RocksTokenStore.open(temporary, new RocksSettings(1 << 20, 1 << 20, 0))) {
            assertThat(store.write(changes(0, MANY))).containsOnly(new Outcome.SeenBefore());
        }
    }
}
