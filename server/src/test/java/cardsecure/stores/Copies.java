package cardsecure.stores;

import static cardsecure.store.StoreSamples.fingerprint;
import static cardsecure.store.StoreSamples.place;
import static cardsecure.store.StoreSamples.row;
import static cardsecure.store.StoreSamples.sealed;
import static cardsecure.store.StoreSamples.shortLived;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.card.Domain;
import cardsecure.keys.Keystore;
import cardsecure.rocks.RocksSettings;
import cardsecure.rotation.CrashingStore;
import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.MemoryTokenStore;
import cardsecure.store.Outcome;
import cardsecure.store.Page;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import cardsecure.token.Token;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Vaults to copy, and what a copy has to be like.
final class Copies {
    static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
    static final StoreCopy.Options USUAL = new StoreCopy.Options(false, false, _ -> {});
    static final StoreCopy.Options ANEW = new StoreCopy.Options(true, false, _ -> {});
    static final RocksSettings SMALL = new RocksSettings(1 << 20, 1 << 20, 0);

    static final int PAGE = 100;

    /// Some pages, so that a copy can end early at many places.
    static final int ROWS = 1000;

    private Copies() {}

    static StoreCopy copy(TokenStore from, TokenStore to, StoreCopy.Options options) {
        return new StoreCopy(
                new Side(from, "memory:source"),
                new Side(to, "memory:target"),
                options,
                (_, _, _) -> {},
                InstantSource.fixed(NOW),
                new Random(1),
                PAGE);
    }

    static void set(TokenStore store, String name, long value) throws StoreException {
        assertThat(store.setSetting(name, store.setting(name), Optional.of(sealed(value))))
                .isTrue();
    }

    static void fill(TokenStore store, int rows) throws StoreException {
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
        for (int i = 5; i < rows; i += 4) {
            changes.add(new Change.Keep(shortLived("t" + i, 1200, i)));
        }
        assertThat(store.write(changes)).filteredOn(new Outcome.Kept()::equals).hasSize((rows - 2) / 4);
    }

    static List<TokenRow> rows(TokenStore store) throws StoreException {
        List<TokenRow> rows = new ArrayList<>();
        Page<TokenRow> page = store.rows(Optional.empty(), 10_000);
        while (!page.isEmpty()) {
            rows.addAll(page.items());
            page = store.rows(Optional.of(page.last().place()), 10_000);
        }
        return rows;
    }

    static Map<String, SealedData> settings(TokenStore store) throws StoreException {
        Map<String, SealedData> settings = new HashMap<>();
        for (String name : store.settingNames("")) {
            settings.put(name, store.setting(name).orElseThrow());
        }
        return settings;
    }

    static void assertSame(TokenStore copied, TokenStore original) throws StoreException {
        assertThat(rows(copied)).isEqualTo(rows(original));
        assertThat(settings(copied)).isEqualTo(settings(original));
        assertThat(copied.shortLivedRows(Optional.empty(), 10_000).items())
                .isEqualTo(original.shortLivedRows(Optional.empty(), 10_000).items());
        for (TokenRow row : List.of(row("t3", 3, 3), row("t7", 7, 7))) {
            Optional<TokenRow> there = original.byToken(row.place());
            assertThat(copied.byToken(row.place())).isEqualTo(there);
            assertThat(copied.byFingerprint(
                            row.place().site(), row.fingerprint().orElseThrow()))
                    .isEqualTo(there);
        }
    }

    /// Four pages were copied, and the mark says so; the fifth was not.
    static MemoryTokenStore interrupted(MemoryTokenStore source) throws Exception {
        MemoryTokenStore target = new MemoryTokenStore();
        CrashingStore dying = new CrashingStore(target);
        dying.dieAt(7, true);
        assertThatThrownBy(() -> copy(source, dying, USUAL).copy()).isInstanceOf(StoreException.class);
        CopyMark mark = CopyMark.decode(target.setting(CopyMark.SETTING).orElseThrow());
        assertThat(mark.rows()).isEqualTo(4 * PAGE);
        assertThat(rows(target)).hasSize(4 * PAGE);
        return target;
    }
}
