package cardsecure.rocks;

import static cardsecure.store.StoreSamples.mark;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static cardsecure.store.StoreSamples.shortLived;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.store.Change;
import cardsecure.store.Outcome;
import cardsecure.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;

/// Stores as versions left them that knew no replay marks, or no short-lived rows.
class OlderStoreTest {
    private static final RocksSettings SMALL = new RocksSettings(1 << 20, 1 << 20, 0);

    @TempDir
    Path temporary;

    /// Drops families of the store.
    private void drop(String... names) throws Exception {
        List<ColumnFamilyDescriptor> families = new ArrayList<>();
        List<String> there = List.of("default", "tokens", "fingerprints", "marks", "short-lived");
        there.forEach(name -> families.add(new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII))));
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (DBOptions options = new DBOptions();
                RocksDB rocks = RocksDB.open(options, temporary.toString(), families, handles)) {
            for (String name : names) {
                rocks.dropColumnFamily(handles.get(there.indexOf(name)));
            }
            handles.forEach(ColumnFamilyHandle::close);
        }
    }

    private RocksTokenStore open() throws StoreException {
        return RocksTokenStore.open(temporary, SMALL);
    }

    private void fill() throws Exception {
        try (RocksTokenStore store = open()) {
            store.write(List.of(new Change.Insert(row("t1", 1, 1))));
            store.setSetting("s", Optional.empty(), Optional.of(sealed(1)));
        }
    }

    @Test
    void aStoreWithoutShortLivedRowsGetsThem() throws Exception {
        fill();
        try (RocksTokenStore store = open()) {
            store.write(List.of(new Change.Remember(mark(1000, 1))));
        }
        drop("short-lived");
        assertThat(RocksTokenStore.peekSetting(temporary, "s")).contains(sealed(1));
        Database.openReadOnly(temporary, SMALL).close();
        Change keep = new Change.Keep(shortLived("t1", 1200, 5));
        Change take = new Change.Take(place("t1"), Instant.ofEpochSecond(1000));
        try (RocksTokenStore store = open()) {
            assertThat(store.write(List.of(new Change.Remember(mark(1000, 1)), take, keep)))
                    .containsExactly(new Outcome.SeenBefore(mark(1000, 1)), new Outcome.Absent(), new Outcome.Kept());
        }
        try (RocksTokenStore store = open()) {
            assertThat(store.byToken(place("t1"))).contains(row("t1", 1, 1));
            assertThat(store.write(List.of(take))).containsExactly(new Outcome.Taken(shortLived("t1", 1200, 5)));
        }
    }

    @Test
    void aStoreThatLacksAnOlderFamilyThanItsLatestIsNotMadeWhole() throws Exception {
        fill();
        drop("marks");

        assertThatThrownBy(this::open).isInstanceOf(StoreException.class).hasMessageContaining("cannot be opened");
    }

    @Test
    void aStoreWithoutMarksGetsThem() throws Exception {
        fill();
        drop("marks", "short-lived");
        assertThat(RocksTokenStore.peekSetting(temporary, "s")).contains(sealed(1));
        Database.openReadOnly(temporary, SMALL).close();
        for (int times = 0; times < 2; times++) {
            try (RocksTokenStore store = open()) {
                assertThat(store.byToken(place("t1"))).contains(row("t1", 1, 1));
                assertThat(store.write(List.of(new Change.Remember(mark(1000, 1)))))
                        .containsExactly(times == 0 ? new Outcome.Remembered() : new Outcome.SeenBefore(mark(1000, 1)));
            }
        }
    }

    @Test
    void aStoreThatLacksMoreIsNotMadeWholeWithEmptiness() throws Exception {
        fill();
        drop("marks", "fingerprints");

        assertThatThrownBy(this::open).isInstanceOf(StoreException.class).hasMessageContaining("cannot be opened");
    }
}
