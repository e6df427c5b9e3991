package cardsecure.stores;

import static cardsecure.store.StoreSamples.fingerprint;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.card.Domain;
import cardsecure.keys.Keystore;
import cardsecure.postgres.TestPostgres;
import cardsecure.rocks.RocksSettings;
import cardsecure.rocks.RocksTokenStore;
import cardsecure.rotation.CrashingStore;
import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.DamagedEntry;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.Outcome;
import cardsecure.store.Page;
import cardsecure.store.Peers;
import cardsecure.store.ReplayMark;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.StoreSamples;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import cardsecure.token.Token;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StoreCopyTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    private static final StoreCopy.Options USUAL = new StoreCopy.Options(false, false, _ -> {});
    private static final StoreCopy.Options ANEW = new StoreCopy.Options(true, false, _ -> {});
    private static final RocksSettings SMALL = new RocksSettings(1 << 20, 1 << 20, 0);

    private static final int PAGE = 100;

    /// Some pages, so that a copy can end early at many places.
    private static final int ROWS = 1000;

    @TempDir
    Path temporary;

    private final MemoryTokenStore source = new MemoryTokenStore();

    private static StoreCopy copy(TokenStore from, TokenStore to, StoreCopy.Options options) {
        return new StoreCopy(
                new Side(from, "memory:source"),
                new Side(to, "memory:target"),
                options,
                (_, _, _) -> {},
                InstantSource.fixed(NOW),
                new Random(1),
                PAGE);
    }

    private static void set(TokenStore store, String name, long value) throws StoreException {
        assertThat(store.setSetting(name, store.setting(name), Optional.of(sealed(value))))
                .isTrue();
    }

    private static void fill(TokenStore store, int rows) throws StoreException {
        set(store, Keystore.SETTING, 1);
        set(store, "site/0000000007", 2);
        set(store, "key-check/001", 3);
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            changes.add(new Change.Insert(row("t" + i, i, i)));
        }
        TokenPlace elsewhere = new TokenPlace(new SiteId(8), Domain.PERSONAL, new Token("t1"));
        changes.add(new Change.Insert(new TokenRow(elsewhere, Optional.of(fingerprint(1)), Optional.of(sealed(5)))));
        changes.add(new Change.Insert(new TokenRow(place("unique"), Optional.empty(), Optional.of(sealed(1)))));
        changes.add(new Change.Insert(new TokenRow(
                place("clear"), Optional.of(fingerprint(-1)), Optional.of(new SealedData(new byte[] {0, 4})))));
        changes.add(new Change.Purge(place("t3")));
        store.write(changes);
    }

    private static List<TokenRow> rows(TokenStore store) throws StoreException {
        List<TokenRow> rows = new ArrayList<>();
        Page<TokenRow> page = store.rows(Optional.empty(), 10_000);
        while (!page.isEmpty()) {
            rows.addAll(page.items());
            page = store.rows(Optional.of(page.last().place()), 10_000);
        }
        return rows;
    }

    private static Map<String, SealedData> settings(TokenStore store) throws StoreException {
        Map<String, SealedData> settings = new HashMap<>();
        for (String name : store.settingNames("")) {
            settings.put(name, store.setting(name).orElseThrow());
        }
        return settings;
    }

    private static void assertSame(TokenStore copied, TokenStore original) throws StoreException {
        assertThat(rows(copied)).isEqualTo(rows(original));
        assertThat(settings(copied)).isEqualTo(settings(original));
        for (TokenRow row : List.of(row("t3", 3, 3), row("t7", 7, 7))) {
            Optional<TokenRow> there = original.byToken(row.place());
            assertThat(copied.byToken(row.place())).isEqualTo(there);
            assertThat(copied.byFingerprint(
                            row.place().site(), row.fingerprint().orElseThrow()))
                    .isEqualTo(there);
        }
    }

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
        source.write(List.of(new Change.Remember(ahead)));
        for (TokenStore target : List.of(
                new MemoryTokenStore(),
                RocksTokenStore.open(temporary.resolve("marks"), SMALL),
                TestPostgres.open(TestPostgres.newDatabase()))) {
            try (target) {
                assertThat(copy(source, target, USUAL).copy().forgotten()).isEqualTo(NOW.plusSeconds(40));
                assertThat(target.write(List.of(
                                new Change.Remember(ahead),
                                new Change.Remember(StoreSamples.mark(NOW.getEpochSecond() - 5, 2)),
                                new Change.Remember(StoreSamples.mark(NOW.getEpochSecond() + 41, 3)))))
                        .containsExactly(
                                new Outcome.SeenBefore(), new Outcome.SeenBefore(), new Outcome.Remembered());
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

    /// Four pages were copied, and the mark says so; the fifth was not.
    private MemoryTokenStore interrupted() throws Exception {
        MemoryTokenStore target = new MemoryTokenStore();
        CrashingStore dying = new CrashingStore(target);
        dying.dieAt(7, true);
        assertThatThrownBy(() -> copy(source, dying, USUAL).copy()).isInstanceOf(StoreException.class);
        CopyMark mark = CopyMark.decode(target.setting(CopyMark.SETTING).orElseThrow());
        assertThat(mark.rows()).isEqualTo(4 * PAGE);
        assertThat(rows(target)).hasSize(4 * PAGE);
        return target;
    }

    @Test
    void whatWasCopiedForCertainIsNotWrittenOnceMore() throws Exception {
        fill(source, ROWS);
        MemoryTokenStore target = interrupted();
        List<Integer> batches = new ArrayList<>();
        TokenStore counting = new ForwardingTokenStore(target) {
            @Override
            public List<Outcome> write(List<Change> changes, OptionalLong generation) throws StoreException {
                batches.add(changes.size());
                return super.write(changes, generation);
            }
        };

        copy(source, counting, USUAL).copy();

        assertThat(batches).containsExactly(100, 100, 100, 100, 100, 100, 3, 1);
        assertSame(target, source);
    }

    @Test
    void aSourceThatHasChangedMeanwhileIsRefusedUntilItMayBeginAnew() throws Exception {
        fill(source, ROWS);
        MemoryTokenStore target = interrupted();
        TokenPlace copied = rows(target).getFirst().place();
        source.write(List.of(new Change.Purge(copied)));
        assertThatThrownBy(() -> copy(source, target, USUAL).copy())
                .isInstanceOf(StoresException.class)
                .hasMessage("memory:source has changed since the copy was begun");

        copy(source, target, ANEW).copy();

        assertSame(target, source);
    }

    @Test
    void rowsThatCameAreCopiedAndSettingsThatChangedAreReplaced() throws Exception {
        fill(source, ROWS);
        MemoryTokenStore target = interrupted();
        set(target, "site/0000000007", 99);
        set(target, "rsa/gone", 99);
        source.write(List.of(new Change.Insert(row("zzz", 50_000, 1))));

        copy(source, target, USUAL).copy();

        assertSame(target, source);
    }

    @Test
    void anUnfinishedCopyOfAnotherVaultIsRefusedUntilItMayBeDestroyed() throws Exception {
        fill(source, ROWS);
        MemoryTokenStore target = interrupted();
        MemoryTokenStore other = new MemoryTokenStore();
        fill(other, 5);
        set(other, Keystore.SETTING, 77);
        assertThatThrownBy(() -> copy(other, target, USUAL).copy())
                .isInstanceOf(StoresException.class)
                .hasMessageContaining("holds an unfinished copy of another vault")
                .hasMessageContaining("memory:source");

        copy(other, target, ANEW).copy();

        assertSame(target, other);
    }

    @Test
    void aTargetThatHoldsAVaultOrAnythingIsRefusedAndStaysAsItIs() throws Exception {
        fill(source, 10);
        MemoryTokenStore other = new MemoryTokenStore();
        fill(other, 5);
        set(other, Keystore.SETTING, 77);
        MemoryTokenStore rowsAlone = new MemoryTokenStore();
        rowsAlone.write(List.of(new Change.Insert(row("t1", 1, 1))));
        MemoryTokenStore same = new MemoryTokenStore();
        copy(source, same, USUAL).copy();
        for (StoreCopy.Options options : List.of(USUAL, ANEW)) {
            assertRefused(other, options, "memory:target holds another vault");
            assertRefused(same, options, "memory:target holds this vault already");
            assertRefused(rowsAlone, options, "memory:target is not empty");
        }
    }

    private void assertRefused(MemoryTokenStore target, StoreCopy.Options options, String message) throws Exception {
        List<TokenRow> rows = rows(target);
        Map<String, SealedData> settings = settings(target);
        assertThatThrownBy(() -> copy(source, target, options).copy())
                .isInstanceOf(StoresException.class)
                .hasMessage(message);
        assertThat(rows(target)).isEqualTo(rows);
        assertThat(settings(target)).isEqualTo(settings);
    }

    @Test
    void aSourceWithoutAVaultOrWithAnUnfinishedCopyIsRefused() throws Exception {
        MemoryTokenStore target = new MemoryTokenStore();
        assertThatThrownBy(() -> copy(source, target, USUAL).copy())
                .isInstanceOf(StoresException.class)
                .hasMessage("there is no vault in memory:source");
        fill(source, ROWS);
        assertThatThrownBy(() -> copy(interrupted(), target, USUAL).copy())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is an unfinished copy");
        assertThat(target.settingNames("")).isEmpty();
    }

    /// A store with another process on it.
    private static final class ServedStore extends ForwardingTokenStore {
        private final boolean leased;

        ServedStore(TokenStore store, boolean leased) {
            super(store);
            this.leased = leased;
        }

        @Override
        public Peers peers() {
            Peers none = Peers.none();
            return new Peers() {
                @Override
                public void onChange(Runnable listener) {
                    none.onChange(listener);
                }

                @Override
                public void report(long generation) throws StoreException {
                    none.report(generation);
                }

                @Override
                public List<Peer> live() {
                    return leased ? List.of() : List.of(new Peer("node-a/12", 1));
                }

                @Override
                public boolean lease(String name, Duration duration) {
                    return !leased;
                }

                @Override
                public void release(String name) throws StoreException {
                    none.release(name);
                }
            };
        }
    }

    @Test
    void aStoreThatIsServedOrBeingCopiedIsRefused() throws Exception {
        fill(source, 10);
        MemoryTokenStore target = new MemoryTokenStore();
        assertThatThrownBy(() -> copy(new ServedStore(source, false), target, USUAL).copy())
                .isInstanceOf(StoresException.class)
                .hasMessage("memory:source is being served, by node-a/12");
        assertThatThrownBy(() -> copy(source, new ServedStore(target, false), USUAL).copy())
                .isInstanceOf(StoresException.class)
                .hasMessage("memory:target is being served, by node-a/12");
        assertThatThrownBy(() -> copy(source, new ServedStore(target, true), USUAL).copy())
                .isInstanceOf(StoresException.class)
                .hasMessage("another copy uses memory:target at this moment");
        assertThat(target.settingNames("")).isEmpty();
    }

    @Test
    void aProcessThatServesPostgresqlKeepsItFromBeingCopied() throws Exception {
        fill(source, 10);
        var location = TestPostgres.newDatabase();
        try (TokenStore server = TestPostgres.open(location);
                TokenStore target = TestPostgres.open(location)) {
            server.peers().report(1);
            assertThatThrownBy(() -> copy(source, target, USUAL).copy())
                    .isInstanceOf(StoresException.class)
                    .hasMessageContaining("is being served, by ");
        }
        try (TokenStore target = TestPostgres.open(location)) {
            copy(source, target, USUAL).copy();
            assertSame(target, source);
        }
    }

    @Test
    void aTargetThatChangesARowIsFoundOut() throws Exception {
        fill(source, 10);
        MemoryTokenStore disk = new MemoryTokenStore();
        TokenStore changing = new ForwardingTokenStore(disk) {
            @Override
            public void forgetMarks(Instant before) throws StoreException {
                super.write(List.of(new Change.Purge(place("t5"))), OptionalLong.empty());
                super.forgetMarks(before);
            }
        };
        assertThatThrownBy(() -> copy(source, changing, USUAL).copy())
                .isInstanceOf(StoresException.class)
                .hasMessageStartingWith("the copy differs from its source: rows 13, checksum ");
        assertThat(disk.setting(CopyMark.SETTING)).isPresent();
        copy(source, disk, ANEW).copy();
        assertSame(disk, source);
    }

    @Test
    void damagedRowsAreLeftBehindOnlyIfThatIsSaid() throws Exception {
        fill(source, 10);
        DamagedEntry damaged = new DamagedEntry("00ff", Optional.of(place("bad")), "does not decode");
        TokenStore damagedSource = new ForwardingTokenStore(source) {
            @Override
            public Page<TokenRow> rows(Optional<TokenPlace> after, int max) throws StoreException {
                Page<TokenRow> page = super.rows(after, max);
                return page.isEmpty() ? new Page<>(List.of(), 1, List.of(damaged)) : page;
            }
        };
        MemoryTokenStore target = new MemoryTokenStore();
        assertThatThrownBy(() -> copy(damagedSource, target, USUAL).copy())
                .isInstanceOf(StoresException.class)
                .hasMessage("a row of memory:source is damaged and cannot be read:"
                        + " site 7, domain C, token bad, key 00ff");
        List<DamagedEntry> named = new ArrayList<>();

        StoreCopy.Copied copied = copy(damagedSource, target, new StoreCopy.Options(false, true, named::add)).copy();

        assertThat(copied.skipped()).isEqualTo(1);
        assertThat(named).containsExactly(damaged);
        assertSame(target, source);
    }
}
