package cardsecure.backup;

import cardsecure.crypto.Barrier;
import cardsecure.crypto.Fingerprinter;
import cardsecure.crypto.KeptSeals;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.DataKey;
import cardsecure.keys.FingerprintKeys;
import cardsecure.keys.KeyId;
import cardsecure.keys.KeyRing;
import cardsecure.keys.Keystore;
import cardsecure.rotation.Census;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Whether a ring has the keys that a store's data need: all rows and settings are counted by key, and some under
/// each key are opened. The store is only read.
public final class StoreFit {
    private static final int PAGE = 1000;
    private static final int SAMPLE = 100;

    private final TokenStore store;
    private final Map<String, Use> uses = new TreeMap<>();

    /// The keys' own checks, by key: they prove a key, and need none.
    private final Map<String, Setting> checks = new TreeMap<>();
    private final Map<Integer, Long> fingerprints = new TreeMap<>();

    /// How many rows of each version of fingerprints are to be tried.
    private final Map<Integer, Integer> fingerprintSamples = new TreeMap<>();

    /// Rows in clear, to be tried for their fingerprints.
    private final List<TokenRow> clearSample = new ArrayList<>();

    /// Keys that have sealed, of the vault or of callers, by their ID: what callers keep is not here to be counted.
    private final Set<String> sealing = new TreeSet<>();

    private long rows;
    private long damaged;

    /// What is sealed under one key.
    private static final class Use {
        private long rows;
        private final List<TokenRow> sample = new ArrayList<>();
        private final List<Setting> settings = new ArrayList<>();
    }

    record Setting(String name, SealedData sealed) {}

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
                        .ifPresent(kept -> Barrier.keyId(kept).ifPresent(id -> count(id, new Setting(name, kept))));
            }
            if (name.startsWith(KeptSeals.PREFIX)) {
                sealing.add(name.substring(KeptSeals.PREFIX.length()));
            }
        }
    }

    private void count(KeyId id, Setting setting) {
        if (Census.isOfKeys(setting.name())) {
            checks.put(id.text(), setting);
        } else {
            use(id).settings.add(setting);
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
        Optional<Integer> version = row.fingerprint().map(Fingerprint::version);
        version.ifPresent(one -> fingerprints.merge(one, 1L, Long::sum));
        if (row.data().isEmpty()) {
            return;
        }
        boolean wanted = version.filter(one -> fingerprintSamples.getOrDefault(one, 0) < SAMPLE)
                .isPresent();
        Optional<Use> use = row.data().flatMap(Barrier::keyId).map(this::use);
        use.ifPresent(one -> one.rows++);
        List<TokenRow> sample = use.map(one -> one.sample).orElse(clearSample);
        if (wanted || (use.isPresent() && sample.size() < SAMPLE)) {
            sample.add(row);
            version.ifPresent(one -> fingerprintSamples.merge(one, 1, Integer::sum));
        }
    }

    private Use use(KeyId id) {
        return uses.computeIfAbsent(id.text(), _ -> new Use());
    }

    /// Makes sure that a ring has every key, and that they are this store's.
    ///
    /// @param callersLost keys of callers that are in no backup: their IDs are remembered, and given to no other
    /// @throws Refusal `0068` with what would be unreadable, if other keys are missing; `0063` if they are
    ///         another vault's; `0044` if one is not lost
    public Fit require(KeyRing backup, Set<KeyId> callersLost, Instant now) {
        List<String> lines = new ArrayList<>();
        KeyRing ring = backup;
        for (KeyId lost : callersLost) {
            ring = lose(ring, lost, now);
            lines.add("warning: callers' key " + lost + " is lost: what it encrypted cannot be decrypted any more, and"
                    + " no key gets this ID again");
        }
        requireKeys(ring);
        for (String id : uses.keySet()) {
            KeyId key = new KeyId(id);
            if (ring.dataKeys().find(key).orElseThrow().state() == DataKey.State.RETIRED) {
                ring = ring.withDataKeys(keys -> keys.reinstate(key, now));
                lines.add("data key " + id + " was retired in the backup and opens again: data are under it");
            }
        }
        ring = ring.withFingerprintKeys(this::goOn);
        lines.addAll(prove(ring, now));
        if (damaged > 0) {
            lines.add(
                    "warning: " + damaged + " entries among the rows are damaged and cannot be read, so that nobody can"
                            + " tell which keys they need; `cardsecure store verify` names each");
        }
        return new Fit(ring, lines);
    }

    private KeyRing lose(KeyRing ring, KeyId id, Instant now) {
        if (!id.isOfCallers() || !sealing.contains(id.text())) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD, "no key " + id + " of callers has encrypted here, that could be lost");
        }
        return ring.withCallerKeys(keys -> keys.lose(id, now));
    }

    private void requireKeys(KeyRing ring) {
        List<String> lost = new ArrayList<>();
        uses.forEach((id, use) -> {
            Optional<DataKey> key = ring.dataKeys().find(new KeyId(id));
            if (key.isEmpty() || key.get().state() == DataKey.State.DESTROYED) {
                lost.add("under key " + id + " " + use.rows + " rows and " + use.settings.size() + " settings");
            }
        });
        for (String id : checks.keySet()) {
            if (!uses.containsKey(id) && ring.dataKeys().find(new KeyId(id)).isEmpty()) {
                lost.add("under key " + id + " nothing yet, but there is such a key");
            }
        }
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
        List<String> callers = new ArrayList<>(sealing);
        callers.removeIf(id -> uses.containsKey(id) || checks.containsKey(id) || knows(ring, id));
        callers.forEach(id -> lost.add("what callers encrypted under key " + id));
        if (!lost.isEmpty()) {
            String onward = callers.size() == lost.size()
                    ? "; if no later one is left, `--callers-keys-lost " + String.join(",", callers)
                            + "` gives up what callers encrypted under " + (callers.size() > 1 ? "these" : "this")
                    : "";
            throw new Refusal(
                    ErrorCode.KEYSTORE_ROLLBACK_FAILURE,
                    "the backup is older than the store's data, of which would be unreadable: "
                            + String.join(", ", lost) + "; take a later backup, nothing was changed" + onward);
        }
    }

    private static boolean knows(KeyRing ring, String id) {
        return Stream.concat(ring.dataKeys().all().stream(), ring.callerKeys().all().stream())
                .anyMatch(key -> key.id().text().equals(id));
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

    /// Every key that the ring has and the store knows, whatever its state: one that is retired opens nothing in
    /// the vault, and is to be the store's own all the same.
    private List<String> prove(KeyRing ring, Instant now) {
        Trial trial = new Trial(
                new Barrier(withoutRetirements(ring, now), SecureRandom::new),
                new Fingerprinter(ring.fingerprintKeys()));
        Set<String> known = new TreeSet<>(uses.keySet());
        known.addAll(checks.keySet());
        known.removeIf(id -> ring.dataKeys().find(new KeyId(id)).orElseThrow().state() == DataKey.State.DESTROYED);
        for (String id : known) {
            List<Setting> settings =
                    new ArrayList<>(Optional.ofNullable(checks.get(id)).stream().toList());
            Use use = uses.getOrDefault(id, new Use());
            settings.addAll(use.settings);
            long opened = settings.stream().filter(trial::opens).count()
                    + use.sample.stream().filter(trial::opens).count();
            if (opened == 0) {
                throw new Refusal(
                        ErrorCode.KEYSTORE_IMPORT_FAILURE,
                        "the backup does not fit this store: its key " + id + " opens nothing of what the store has"
                                + " under that ID; it is of another vault");
            }
        }
        clearSample.forEach(trial::opens);
        trial.requireFingerprints();
        return List.of(trial.line(rows));
    }

    private static KeyRing withoutRetirements(KeyRing ring, Instant now) {
        KeyRing opening = ring;
        for (DataKey key : ring.dataKeys().all()) {
            if (key.state() == DataKey.State.RETIRED) {
                opening = opening.withDataKeys(keys -> keys.reinstate(key.id(), now));
            }
        }
        return opening;
    }
}
