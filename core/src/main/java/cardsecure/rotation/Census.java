package cardsecure.rotation;

import cardsecure.crypto.Barrier;
import cardsecure.keys.KeyId;
import cardsecure.keys.Keystore;
import cardsecure.store.Fingerprint;
import cardsecure.store.Page;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.store.TokenStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/// What stands in a store, by the keys that it needs.
///
/// @param rows rows whose data are sealed, by data key
/// @param settings settings that are sealed, by data key, without the keys' own checks
/// @param fingerprints rows that have one, by the version of its key
/// @param clear rows whose data are in clear
/// @param purged rows without data
/// @param damaged what stands among the rows and cannot be read: nobody can tell what it needs, or get any data
///         out of it
public record Census(
        Map<KeyId, Long> rows,
        Map<KeyId, Long> settings,
        Map<Integer, Long> fingerprints,
        long clear,
        long purged,
        long damaged) {
    private static final int PAGE = 4096;

    /// Keeps copies.
    public Census {
        rows = Map.copyOf(rows);
        settings = Map.copyOf(settings);
        fingerprints = Map.copyOf(fingerprints);
    }

    /// Looks at every row and setting of a store.
    ///
    /// @param progress told now and then how many rows were looked at
    public static Census of(TokenStore store, LongConsumer progress) throws StoreException {
        Map<KeyId, Long> rows = new HashMap<>();
        Map<Integer, Long> fingerprints = new HashMap<>();
        long clear = 0;
        long purged = 0;
        long damaged = 0;
        long seen = 0;
        Optional<TokenPlace> after = Optional.empty();
        boolean more = true;
        while (more) {
            Page<TokenRow> page = store.rows(after, PAGE);
            damaged += page.damagedCount();
            for (TokenRow row : page.items()) {
                row.fingerprint()
                        .map(Fingerprint::version)
                        .ifPresent(version -> fingerprints.merge(version, 1L, Long::sum));
                Optional<SealedData> data = row.data();
                Optional<KeyId> id = data.flatMap(Barrier::keyId);
                id.ifPresent(one -> rows.merge(one, 1L, Long::sum));
                purged += data.isEmpty() ? 1 : 0;
                clear += data.isPresent() && id.isEmpty() ? 1 : 0;
            }
            seen += page.items().size();
            progress.accept(seen);
            more = !page.isEmpty();
            after = more ? Optional.of(page.last().place()) : after;
        }
        return new Census(rows, settings(store), fingerprints, clear, purged, damaged);
    }

    private static Map<KeyId, Long> settings(TokenStore store) throws StoreException {
        Map<KeyId, Long> settings = new HashMap<>();
        for (String name : store.settingNames("")) {
            if (!isOfKeys(name)) {
                store.setting(name).flatMap(Barrier::keyId).ifPresent(id -> settings.merge(id, 1L, Long::sum));
            }
        }
        return settings;
    }

    /// Whether a setting is the keystore, or a key's own check: these are not resealed.
    public static boolean isOfKeys(String setting) {
        return setting.equals(Keystore.SETTING) || setting.startsWith(KeyChecks.PREFIX);
    }

    /// How many rows and settings need a data key.
    public long needing(KeyId id) {
        return rows.getOrDefault(id, 0L) + settings.getOrDefault(id, 0L);
    }
}
