package cardsecure.stores;

import static cardsecure.store.StoreSamples.row;
import static cardsecure.stores.Copies.NOW;
import static cardsecure.stores.Copies.ROWS;
import static cardsecure.stores.Copies.SMALL;
import static cardsecure.stores.Copies.USUAL;
import static cardsecure.stores.Copies.assertSame;
import static cardsecure.stores.Copies.copy;
import static cardsecure.stores.Copies.fill;
import static cardsecure.stores.Copies.interrupted;
import static cardsecure.stores.Copies.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.keys.Keystore;
import cardsecure.postgres.TestPostgres;
import cardsecure.rocks.RocksTokenStore;
import cardsecure.rotation.CrashingStore;
import cardsecure.store.Change;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.Outcome;
import cardsecure.store.ReplayMark;
import cardsecure.store.StoreException;
import cardsecure.store.StoreSamples;
import cardsecure.store.TokenStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StoreCopyTest {
    @TempDir
    Path temporary;

    private final MemoryTokenStore source = new MemoryTokenStore();

    @Test
    void aCopyHasEveryRowAndEverySettingAsTheyAre() throws Exception {
        fill(source, ROWS);
        MemoryTokenStore target = new MemoryTokenStore();

        StoreCopy.Copied copied = copy(source, target, USUAL).copy();

        assertThat(copied.rows()).startsWith("1,003, checksum ");
        assertThat(copied.settings()).startsWith("3, checksum ");
        assertThat(copied.skipped()).isZero();
        assertSame(target, source);
    }

    @Test
    void aCopyGoesThroughTheEmbeddedStoreAndPostgresqlAndBack() throws Exception {
        fill(source, ROWS);
        try (TokenStore rocks = RocksTokenStore.open(temporary.resolve("a"), SMALL);
                TokenStore other = RocksTokenStore.open(temporary.resolve("b"), SMALL)) {
            copy(source, rocks, USUAL).copy();
            copy(rocks, other, USUAL).copy();
            assertSame(other, source);
        }
        try (TokenStore rocks = RocksTokenStore.open(temporary.resolve("a"), SMALL);
                TokenStore postgres = TestPostgres.open(TestPostgres.newDatabase());
                TokenStore back = RocksTokenStore.open(temporary.resolve("back"), SMALL)) {
            copy(rocks, postgres, USUAL).copy();
            assertSame(postgres, source);
            copy(postgres, back, USUAL).copy();
            assertSame(back, source);
        }
    }

    @Test
    void requestsOfBeforeAreRefusedByTheCopyAndThoseOfLaterAreNot() throws Exception {
        fill(source, 10);
        ReplayMark ahead = StoreSamples.mark(NOW.getEpochSecond() + 40, 1);
        ReplayMark nextWeek = StoreSamples.mark(NOW.getEpochSecond() + 7 * 86_400, 1);
        source.write(List.of(new Change.Remember(ahead), new Change.Remember(nextWeek)));
        for (TokenStore target : List.of(
                new MemoryTokenStore(),
                RocksTokenStore.open(temporary.resolve("marks"), SMALL),
                TestPostgres.open(TestPostgres.newDatabase()))) {
            try (target) {
                assertThat(copy(source, target, USUAL).copy().forgotten()).isEqualTo(NOW);
                assertThat(target.write(List.of(
                                new Change.Remember(ahead),
                                new Change.Remember(nextWeek),
                                new Change.Remember(StoreSamples.mark(NOW.getEpochSecond() - 5, 2)),
                                new Change.Remember(StoreSamples.mark(NOW.getEpochSecond() + 41, 3)))))
                        .containsExactly(
                                new Outcome.SeenBefore(ahead),
                                new Outcome.SeenBefore(nextWeek),
                                new Outcome.SeenBefore(StoreSamples.mark(NOW.getEpochSecond() - 5, 2)),
                                new Outcome.Remembered());
            }
        }
    }

    @Test
    void aCopyThatEndsAtAnyWriteIsNoVaultUntilItIsGoneOnWith() throws Exception {
        fill(source, ROWS);
        int writes = 0;
        boolean through = false;
        while (!through) {
            writes++;
            through = endsAt(writes, true);
            through &= endsAt(writes, false);
        }
        assertThat(writes).isGreaterThan(20);
    }

    /// @return whether the copy was through before
    private boolean endsAt(int writes, boolean beforeTheLast) throws Exception {
        String where = "write " + writes + (beforeTheLast ? ", not made" : ", made");
        MemoryTokenStore disk = new MemoryTokenStore();
        CrashingStore dying = new CrashingStore(disk);
        dying.dieAt(writes, beforeTheLast);
        try {
            copy(source, dying, USUAL).copy();
        } catch (StoreException e) {
            assertThat(dying.isDead()).as(where).isTrue();
        }
        boolean vault = disk.setting(CopyMark.SETTING).isEmpty()
                && disk.setting(Keystore.SETTING).isPresent();
        if (vault) {
            assertSame(disk, source);
            return !dying.isDead();
        }
        if (disk.setting(CopyMark.SETTING).isPresent()) {
            assertThatThrownBy(() -> CopyMark.requireNone(disk, "here"))
                    .as(where)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("the store here is an unfinished copy of memory:source");
        } else {
            assertThat(disk.settingNames("")).as(where).isEmpty();
        }
        copy(source, disk, USUAL).copy();
        assertSame(disk, source);
        return false;
    }

    @Test
    void whatWasCopiedForCertainIsNotWrittenOnceMore() throws Exception {
        fill(source, ROWS);
        MemoryTokenStore target = interrupted(source);
        List<Integer> batches = new ArrayList<>();
        TokenStore counting = new ForwardingTokenStore(target) {
            @Override
            public List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException {
                batches.add(changes.size());
                return super.write(changes, generation);
            }
        };

        copy(source, counting, USUAL).copy();

        // Rows, what is kept beside them, and the mark.
        assertThat(batches).containsExactly(100, 100, 100, 100, 100, 100, 3, 100, 100, 49, 1);
        assertSame(target, source);
    }

    @Test
    void rowsThatCameAreCopiedAndSettingsThatChangedAreReplaced() throws Exception {
        fill(source, ROWS);
        MemoryTokenStore target = interrupted(source);
        set(target, "site/0000000007", 99);
        set(target, "rsa/gone", 99);
        source.write(List.of(new Change.Insert(row("zzz", 50_000, 1))));

        copy(source, target, USUAL).copy();

        assertSame(target, source);
    }
}
