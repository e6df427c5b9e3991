package cardsecure.postgres;

import static cardsecure.store.StoreSamples.row;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.config.StoreLocation;
import cardsecure.store.Change;
import cardsecure.store.DamagedEntry;
import cardsecure.store.Page;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Rows that are none of this program's stand in nobody's way, and are told.
class DamagedRowsInDatabaseTest {
    @Test
    void aWalkTellsOfEachRowThatIsNoneOnceAndGoesOn() throws Exception {
        StoreLocation.Postgres location = TestPostgres.newDatabase();
        try (TokenStore store = TestPostgres.open(location)) {
            store.write(List.of(
                    new Change.Insert(row("t1", 1, 1)),
                    new Change.Insert(row("t2", 2, 2)),
                    new Change.Insert(row("t3", 3, 3))));
            TestPostgres.execute(
                    location,
                    "INSERT INTO cardsecure.token (site, domain, token, fingerprint, data) VALUES"
                            + " (0, 67, 'a', NULL, NULL), (0, 67, 'b', NULL, NULL), (7, 67, 't1b', 'short', NULL),"
                            + " (7, 67, 't!', NULL, NULL), (7, 88, 't4', NULL, NULL), (8, 67, '', NULL, NULL)");
            for (int max : new int[] {1, 2, 100}) {
                List<TokenRow> rows = new ArrayList<>();
                Page<TokenRow> page = store.rows(Optional.empty(), max);
                List<DamagedEntry> damaged = new ArrayList<>(page.damaged());
                while (!page.isEmpty()) {
                    assertThat(page.items()).hasSizeLessThanOrEqualTo(max);
                    rows.addAll(page.items());
                    page = store.rows(Optional.of(page.last().place()), max);
                    damaged.addAll(page.damaged());
                }
                assertThat(rows).containsExactly(row("t1", 1, 1), row("t2", 2, 2), row("t3", 3, 3));
                assertThat(damaged)
                        .extracting(DamagedEntry::key)
                        .containsExactly(
                                "000000004361",
                                "000000004362",
                                "00000007437421",
                                "0000000743743162",
                                "00000007587434",
                                "0000000843");
            }
        }
    }
}
