package cardsecure.backup;

import cardsecure.crypto.Barrier;
import cardsecure.crypto.Binding;
import cardsecure.crypto.Fingerprinter;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.DataKey;
import cardsecure.keys.FingerprintKeys;
import cardsecure.keys.KeyId;
import cardsecure.keys.KeyRing;
import cardsecure.keys.Keystore;
import cardsecure.secret.SecretBytes;
import cardsecure.store.Fingerprint;
import cardsecure.store.Page;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Whether a ring has the keys that a store's data need: all rows and settings are counted by key, and some under
/// each key are opened. The store is only read.
public final class StoreFit {
    private static final int PAGE = 1000;
    private static final int SAMPLE = 100;

    private final TokenStore store;
    private final Map<String, Use> uses = new TreeMap<>();
    private final Map<Integer, Long> fingerprints = new TreeMap<>();
    private long rows;
    private long damaged;

    /// What is sealed under one key.
    private static final class Use {
        private long rows;
        private final List<TokenRow> sample = new ArrayList<>();
        private final List<Setting> settings = new ArrayList<>();
        private int opened;
    }

    private record Setting(String name, SealedData sealed) {}

    /// A ring that fits.
    ///
    /// @param ring with what the data need brought back: keys that were retired, a rotation that went on
    /// @param lines for people: what was proved
    public record Fit(KeyRing ring, List<String> lines) {}

    private StoreFit(TokenStore store) {
        this.store = store;
    }

    /// Looks at all of a store.
    public static StoreFit of(TokenStore store) throws StoreException {
        StoreFit fit = new StoreFit(store);
        fit.countSettings();
        fit.countRows();
        return fit;
    }

    private void countSettings() throws StoreException {
        for (String name : store.settingNames("")) {
            if (!name.equals(Keystore.SETTING)) {
                store.setting(name)
                        .ifPresent(kept -> Barrier.keyId(kept)
                                .ifPresent(id -> use(id).settings.add(new Setting(name, kept))));
            }
        }
    }

    private void countRows() throws StoreException {
        Page<TokenRow> page = store.rows(Optional.empty(), PAGE);
        damaged += page.damagedCount();
        while (!page.isEmpty()) {
            page.items().forEach(this::count);
            page = store.rows(Optional.of(page.last().place()), PAGE);
            damaged += page.damagedCount();
        }
    }

    private void count(TokenRow row) {
        rows++;
        row.fingerprint().ifPresent(fingerprint -> fingerprints.merge(fingerprint.version(), 1L, Long::sum));
        row.data().flatMap(Barrier::keyId).ifPresent(id -> {
            Use use = use(id);
            use.rows++;
            if (use.sample.size() < SAMPLE) {
                use.sample.add(row);
            }
        });
    }

    private Use use(KeyId id) {
        return uses.computeIfAbsent(id.text(), _ -> new Use());
    }

    /// Makes sure that a ring has every key, and that they are this store's.
    ///
    /// @throws Refusal `0068` with what would be unreadable, if keys are missing; `0063` if they are
    ///         another vault's
    public Fit require(KeyRing backup, Instant now) {
        requireKeys(backup);
        List<String> lines = new ArrayList<>();
        KeyRing ring = backup;
        for (String id : uses.keySet()) {
            KeyId key = new KeyId(id);
            if (ring.dataKeys().find(key).orElseThrow().state() == DataKey.State.RETIRED) {
                ring = ring.withDataKeys(keys -> keys.reinstate(key, now));
                lines.add("data key " + id + " was retired in the backup and opens again: data are under it");
            }
        }
        ring = ring.withFingerprintKeys(this::goOn);
        lines.addAll(prove(ring));
        if (damaged > 0) {
            lines.add(
                    "warning: " + damaged + " entries among the rows are damaged and cannot be read, so that nobody can"
                            + " tell which keys they need; `cardsecure store verify` names each");
        }
        return new Fit(ring, lines);
    }

    private void requireKeys(KeyRing ring) {
        List<String> lost = new ArrayList<>();
        uses.forEach((id, use) -> {
            Optional<DataKey> key = ring.dataKeys().find(new KeyId(id));
            if (key.isEmpty() || key.get().state() == DataKey.State.DESTROYED) {
                lost.add("under key " + id + " " + use.rows + " rows and " + use.settings.size() + " settings");
            }
        });
        FingerprintKeys keys = ring.fingerprintKeys();
        fingerprints.forEach((version, count) -> {
            boolean newest = version == keys.all().getLast().version();
            boolean before = !keys.installed()
                    && version == keys.current() - 1
                    && version >= keys.all().getFirst().version();
            if (!newest && version != keys.current() && !before) {
                lost.add(
                        "under fingerprint key " + version + " " + count + " rows, whose data would get second tokens");
            }
        });
        if (!lost.isEmpty()) {
            throw new Refusal(
                    ErrorCode.KEYSTORE_ROLLBACK_FAILURE,
                    "the backup is older than the store's data, of which would be unreadable: "
                            + String.join(", ", lost) + "; take a later backup, nothing was changed");
        }
    }

    /// Where the store shows that a rotation of fingerprints came further than the backup knows, it goes on from
    /// there.
    private FingerprintKeys goOn(FingerprintKeys keys) {
        int newest = keys.all().getLast().version();
        if (keys.installed() && fingerprints.containsKey(newest)) {
            return keys.activate();
        }
        boolean older = fingerprints.containsKey(keys.current() - 1);
        return older && !keys.installed() ? new FingerprintKeys(keys.all(), keys.current(), true) : keys;
    }

    private List<String> prove(KeyRing ring) {
        Barrier barrier = new Barrier(ring, SecureRandom::new);
        Fingerprinter fingerprinter = new Fingerprinter(ring.fingerprintKeys());
        int tried = 0;
        int opened = 0;
        for (Map.Entry<String, Use> entry : uses.entrySet()) {
            Use use = entry.getValue();
            for (Setting setting : use.settings) {
                use.opened += opens(barrier, new Binding.Setting(setting.name()), setting.sealed()) ? 1 : 0;
            }
            for (TokenRow row : use.sample) {
                use.opened += opens(barrier, fingerprinter, row) ? 1 : 0;
            }
            if (use.opened == 0) {
                throw new Refusal(
                        ErrorCode.KEYSTORE_IMPORT_FAILURE,
                        "the backup does not fit this store: its key " + entry.getKey() + " opens nothing of what the"
                                + " store has under that ID; it is of another vault");
            }
            tried += use.settings.size() + use.sample.size();
            opened += use.opened;
        }
        if (tried == 0) {
            return List.of("warning: nothing in the store is sealed, so that nothing proves that the keys are its own");
        }
        String proved = opened + " of " + tried + " settings and rows that were tried open, of " + rows + " rows";
        return opened == tried
                ? List.of(proved)
                : List.of("warning: " + proved + "; the others are damaged, whatever the keys are");
    }

    private static boolean opens(Barrier barrier, Binding binding, SealedData sealed) {
        try {
            barrier.open(binding, sealed).destroy();
            return true;
        } catch (Refusal _) {
            return false;
        }
    }

    private static boolean opens(Barrier barrier, Fingerprinter fingerprinter, TokenRow row) {
        try {
            SecretBytes data =
                    barrier.open(new Binding.Row(row.place()), row.data().orElseThrow());
            Optional<Fingerprint> kept = row.fingerprint().filter(some -> some.version() == fingerprinter.version());
            boolean same = kept.isEmpty()
                    || fingerprinter.mayHave(row.place().site(), row.place().domain(), data, kept.get());
            data.destroy();
            return same;
        } catch (Refusal _) {
            return false;
        }
    }
}
