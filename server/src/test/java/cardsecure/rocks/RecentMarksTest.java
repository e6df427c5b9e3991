package cardsecure.rocks;

import static cardsecure.store.StoreSamples.mark;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.store.Change;
import cardsecure.store.Outcome;
import cardsecure.store.ReplayMark;
import cardsecure.store.StoreException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecentMarksTest {
    /// More than are kept in memory.
    private static final int MANY = 600_000;

    private static final int OF_A_SECOND = 10_000;

    @TempDir
    Path temporary;

    private final Map<Long, Set<ReplayMark>> database = new HashMap<>();
    private final List<Long> read = new ArrayList<>();

    private MarkSet read(long second) {
        read.add(second);
        MarkSet marks = new MarkSet();
        database.getOrDefault(second, Set.of()).forEach(marks::add);
        return marks;
    }

    private void add(RecentMarks recent, ReplayMark mark) {
        database.computeIfAbsent(mark.second(), _ -> new HashSet<>()).add(mark);
        recent.add(List.of(mark));
    }

    @Test
    void aSecondIsReadOnceAndOneLaterThanAllThereNever() throws Exception {
        RecentMarks recent = new RecentMarks();
        recent.reset(1999, 1000);
        assertThat(recent.knows(mark(2000, 1), this::read)).isFalse();
        assertThat(recent.knows(mark(2001, 1), this::read)).isFalse();
        assertThat(read).isEmpty();
        database.put(1999L, Set.of(mark(1999, 1)));
        assertThat(recent.knows(mark(1999, 1), this::read)).isTrue();
        assertThat(recent.knows(mark(1999, 2), this::read)).isFalse();
        assertThat(read).containsExactly(1999L);
        add(recent, mark(2000, 1));
        assertThat(recent.knows(mark(2000, 1), this::read)).isTrue();
        assertThat(recent.knows(mark(2000, 2), this::read)).isFalse();
        assertThat(read).containsExactly(1999L);
    }

    @Test
    void whatIsOlderThanAForgottenOneCountsAsSeen() throws Exception {
        RecentMarks recent = new RecentMarks();
        recent.reset(-1, 1000);
        assertThat(recent.knows(mark(999, 1), this::read)).isTrue();
        assertThat(recent.knows(mark(2000, 1), this::read)).isFalse();
        recent.forgotten(2001);
        assertThat(recent.knows(mark(2000, 1), this::read)).isTrue();
    }

    /// A write that failed may have reached the disk.
    @Test
    void afterADatabaseWasOpenedAnewNothingOfBeforeIsTrusted() throws Exception {
        RecentMarks recent = new RecentMarks();
        recent.reset(-1, 0);
        assertThat(recent.knows(mark(2000, 1), this::read)).isFalse();
        database.put(2000L, Set.of(mark(2000, 1)));
        recent.reset(2000, 0);
        assertThat(recent.knows(mark(2000, 1), this::read)).isTrue();
    }

    @Test
    void howeverLittleMemoryThereIsTheAnswersAreTheDatabases() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RecentMarks recent = new RecentMarks(64);
        recent.reset(-1, 0);
        for (int i = 0; i < 20_000; i++) {
            ReplayMark mark = mark(100 + random.nextInt(20), random.nextInt(200));
            boolean there = database.getOrDefault(mark.second(), Set.of()).contains(mark);
            assertThat(recent.knows(mark, this::read)).as("seed %d", seed).isEqualTo(there);
            if (random.nextBoolean()) {
                add(recent, mark);
            }
        }
        assertThat(read).as("that the memory was too little").hasSizeGreaterThan(100);
    }

    @Test
    void aRowOfMarksThatIsCutShortOrHasNoSiteIsDamage() {
        byte[] row = MarkCodec.encode(List.of(mark(1, 1), mark(1, 2)));
        for (int length = 0; length < row.length; length++) {
            byte[] cut = Arrays.copyOf(row, length);
            if (length % 20 != 0) {
                assertThatThrownBy(() -> MarkCodec.decodeInto(new MarkSet(), cut))
                        .isInstanceOf(StoreException.class);
            }
        }
        assertThatThrownBy(() -> MarkCodec.decodeInto(new MarkSet(), new byte[20]))
                .isInstanceOf(StoreException.class);
    }

    private static List<Change> changes(int from, int to) {
        List<Change> changes = new ArrayList<>();
        for (int i = from; i < to; i++) {
            changes.add(new Change.Remember(mark(1000 + i / OF_A_SECOND, i)));
        }
        return changes;
    }

    private static List<Outcome> seen(int from, int to) {
        return changes(from, to).stream()
                .<Outcome>map(change -> new Outcome.SeenBefore(Set.copyOf(change.broughtMarks())))
                .toList();
    }

    @Test
    void moreMarksThanAreKeptInMemoryAreSeenAllTheSame() throws Exception {
        try (RocksTokenStore store = RocksTokenStore.open(temporary, new RocksSettings(1 << 20, 1 << 20, 0))) {
            for (int i = 0; i < MANY; i += 15_000) {
                assertThat(store.write(changes(i, i + 15_000))).containsOnly(new Outcome.Remembered());
            }
            assertThat(store.write(changes(0, MANY))).isEqualTo(seen(0, MANY));
            store.forgetMarks(Instant.ofEpochSecond(1005));
            assertThat(store.write(changes(0, MANY))).isEqualTo(seen(0, MANY));
            assertThat(store.write(
                            List.of(new Change.Remember(mark(1004, MANY)), new Change.Remember(mark(1005, MANY)))))
                    .containsExactly(new Outcome.SeenBefore(mark(1004, MANY)), new Outcome.Remembered());
        }
        try (RocksTokenStore store = RocksTokenStore.open(temporary, new RocksSettings(1 << 20, 1 << 20, 0))) {
            assertThat(store.write(changes(0, MANY))).isEqualTo(seen(0, MANY));
        }
    }
}
