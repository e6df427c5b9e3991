package cardsecure.stores;

import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.stores.Copies.ANEW;
import static cardsecure.stores.Copies.ROWS;
import static cardsecure.stores.Copies.USUAL;
import static cardsecure.stores.Copies.assertSame;
import static cardsecure.stores.Copies.copy;
import static cardsecure.stores.Copies.fill;
import static cardsecure.stores.Copies.interrupted;
import static cardsecure.stores.Copies.rows;
import static cardsecure.stores.Copies.set;
import static cardsecure.stores.Copies.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.keys.Keystore;
import cardsecure.postgres.TestPostgres;
import cardsecure.store.Change;
import cardsecure.store.DamagedEntry;
import cardsecure.store.ForwardingTokenStore;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.Page;
import cardsecure.store.Peers;
import cardsecure.store.QuietPeers;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is not copied, and what is not copied over.
@Timeout(120)
class StoreCopyRefusalTest {
    private final MemoryTokenStore source = new MemoryTokenStore();

    @Test
    void aSourceThatHasChangedMeanwhileIsRefusedUntilItMayBeginAnew() throws Exception {
        fill(source, ROWS);
        MemoryTokenStore target = interrupted(source);
        TokenPlace copied = rows(target).getFirst().place();
        source.write(List.of(new Change.Purge(copied)));
        assertThatThrownBy(() -> copy(source, target, USUAL).copy())
                .isInstanceOf(StoresException.class)
                .hasMessage("memory:source has changed since the copy was begun");

        copy(source, target, ANEW).copy();

        assertSame(target, source);
    }

    @Test
    void anUnfinishedCopyOfAnotherVaultIsRefusedUntilItMayBeDestroyed() throws Exception {
        fill(source, ROWS);
        MemoryTokenStore target = interrupted(source);
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
        assertThatThrownBy(() -> copy(interrupted(source), target, USUAL).copy())
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
            return new QuietPeers() {
                @Override
                public List<Peer> live() {
                    return leased ? List.of() : List.of(new Peer("node-a/12", 1, ""));
                }

                @Override
                public boolean lease(String name, Duration duration) {
                    return !leased;
                }
            };
        }
    }

    @Test
    void aStoreThatIsServedOrBeingCopiedIsRefused() throws Exception {
        fill(source, 10);
        MemoryTokenStore target = new MemoryTokenStore();
        assertThatThrownBy(() ->
                        copy(new ServedStore(source, false), target, USUAL).copy())
                .isInstanceOf(StoresException.class)
                .hasMessage("memory:source is being served, by node-a/12");
        assertThatThrownBy(() ->
                        copy(source, new ServedStore(target, false), USUAL).copy())
                .isInstanceOf(StoresException.class)
                .hasMessage("memory:target is being served, by node-a/12");
        assertThatThrownBy(
                        () -> copy(source, new ServedStore(target, true), USUAL).copy())
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
            server.peers().report(1, "");
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

        StoreCopy.Copied copied = copy(damagedSource, target, new StoreCopy.Options(false, true, named::add))
                .copy();

        assertThat(copied.skipped()).isEqualTo(1);
        assertThat(named).containsExactly(damaged);
        assertSame(target, source);
    }
}
