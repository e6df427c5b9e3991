package cardsecure.rocks;

import static cardsecure.store.StoreSamples.SITE;
import static cardsecure.store.StoreSamples.fingerprint;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.store.Change;
import cardsecure.store.DamagedEntry;
import cardsecure.store.IndexEntry;
import cardsecure.store.Outcome;
import cardsecure.store.Page;
import cardsecure.store.StoreException;
import cardsecure.store.TokenRow;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Entries that do not decode stand in nobody's way, and are told.
class DamagedRowsTest {
    private static final RocksSettings SMALL = new RocksSettings(1 << 20, 1 << 20, 0);

    @TempDir
    Path directory;

    private RocksTokenStore open() throws StoreException {
        return RocksTokenStore.open(directory.resolve("store"), SMALL);
    }

    private void fill(int rows) throws Exception {
        try (RocksTokenStore store = open()) {
            for (int i = 0; i < rows; i++) {
                store.write(List.of(new Change.Insert(row("t" + i, i, i))));
            }
        }
    }

    @Test
    void aWalkTellsOfEachRowThatDoesNotDecodeOnceAndGoesOn() throws Exception {
        fill(5);
        byte[] beforeAll = {0, 0};
        byte[] badValue = RowCodec.tokenKey(place("t2"));
        byte[] badToken = RowCodec.tokenKey(place("t3"));
        badToken[badToken.length - 1] = '!';
        byte[] noSite = new byte[8];
        byte[] afterAll = "~~~~~~~~".getBytes(StandardCharsets.US_ASCII);
        try (Tampering tampering = new Tampering(directory.resolve("store"))) {
            tampering.putRow(beforeAll, new byte[0]);
            tampering.putRow(badValue, new byte[] {77});
            tampering.putRow(badToken, new byte[] {0});
            tampering.putRow(noSite, new byte[] {0});
            tampering.putRow(afterAll, new byte[] {0});
        }
        try (RocksTokenStore store = open()) {
            for (int max : new int[] {1, 2, 3, 100}) {
                List<TokenRow> rows = new ArrayList<>();
                List<DamagedEntry> damaged = new ArrayList<>();
                Page<TokenRow> page = store.rows(Optional.empty(), max);
                damaged.addAll(page.damaged());
                while (!page.isEmpty()) {
                    assertThat(page.items()).hasSizeLessThanOrEqualTo(max);
                    rows.addAll(page.items());
                    page = store.rows(Optional.of(page.last().place()), max);
                    damaged.addAll(page.damaged());
                }
                assertThat(rows).containsExactly(row("t0", 0, 0), row("t1", 1, 1), row("t3", 3, 3), row("t4", 4, 4));
                assertThat(damaged)
                        .extracting(DamagedEntry::key)
                        .containsExactlyInAnyOrder(
                                hex(beforeAll), hex(badValue), hex(badToken), hex(noSite), hex(afterAll));
                assertThat(damaged)
                        .filteredOn(entry -> entry.place().isPresent())
                        .containsExactly(new DamagedEntry(hex(badValue), Optional.of(place("t2")), "does not decode"));
            }
        }
    }

    @Test
    void theIndexIsWalkedLikeTheRows() throws Exception {
        fill(3);
        byte[] noKey = {0};
        byte[] badValue = RowCodec.fingerprintKey(SITE, fingerprint(1));
        try (Tampering tampering = new Tampering(directory.resolve("store"))) {
            tampering.putIndex(noKey, new byte[0]);
            tampering.putIndex(badValue, new byte[] {'?', '?'});
        }
        try (RocksTokenStore store = open()) {
            Page<IndexEntry> page = store.index(Optional.empty(), 100);
            assertThat(page.items())
                    .containsExactlyInAnyOrder(
                            new IndexEntry(SITE, fingerprint(0), place("t0")),
                            new IndexEntry(SITE, fingerprint(2), place("t2")));
            assertThat(page.damaged())
                    .extracting(DamagedEntry::key)
                    .containsExactlyInAnyOrder(hex(noKey), hex(badValue));
            assertThat(store.index(Optional.of(page.last()), 100).items()).isEmpty();
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void anIndexEntryThatLeadsNowhereIsNotKeptInMemory() throws Exception {
        open().close();
        try (Tampering tampering = new Tampering(directory.resolve("store"))) {
            tampering.putIndex(RowCodec.fingerprintKey(SITE, fingerprint(9)), RowCodec.encodePlace(place("gone")));
        }
        try (RocksTokenStore store = open()) {
            OptionalLong mark = store.mark();
            assertThat(store.byFingerprint(SITE, fingerprint(9))).isEmpty();
            Change insert = new Change.Insert(row("t9", 9, 9), List.of(), mark);
            assertThat(store.write(List.of(insert))).containsExactly(new Outcome.Inserted());
            assertThat(store.byFingerprint(SITE, fingerprint(9))).contains(row("t9", 9, 9));
        }
    }
}
