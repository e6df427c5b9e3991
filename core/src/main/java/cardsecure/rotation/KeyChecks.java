package cardsecure.rotation;

import cardsecure.crypto.Barrier;
import cardsecure.crypto.Binding;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.DataKey;
import cardsecure.keys.DataKeys;
import cardsecure.keys.KeyId;
import cardsecure.secret.SecretBytes;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The data's own word on which keys they need, apart from the keystore: for each data key a setting that is sealed
/// under it, written before the key seals anything else and removed when the key is destroyed. So a keystore that is
/// older than the data, or another vault's, is found out at every start, without a look at every row.
final class KeyChecks {
    /// How the names of these settings begin; the key ID follows.
    static final String PREFIX = "key-check/";

    private static final SecretBytes CONTENT = SecretBytes.copyOf("cardsecure".getBytes(StandardCharsets.US_ASCII));

    private final TokenStore store;
    private final Barrier barrier;

    KeyChecks(TokenStore store, Barrier barrier) {
        this.store = store;
        this.barrier = barrier;
    }

    /// Writes a key's check, durably, unless it is there.
    void write(KeyId id) throws StoreException {
        String name = PREFIX + id;
        if (store.setting(name).isEmpty()) {
            SealedData sealed = barrier.sealUnder(id, new Binding.Setting(name), CONTENT);
            // Another node may have been faster: its check is as good.
            store.setSetting(name, Optional.empty(), Optional.of(sealed));
        }
    }

    /// Removes the check of a key that is destroyed.
    void remove(KeyId id) throws StoreException {
        Optional<SealedData> kept = store.setting(PREFIX + id);
        if (kept.isPresent()) {
            store.setSetting(PREFIX + id, kept, Optional.empty());
        }
    }

    /// Proves that the ring has every key that the data may need, and writes the checks of keys that have none yet.
    ///
    /// @throws Refusal `0027` with all key IDs that are missing, or whose key is another
    void require(DataKeys keys) throws StoreException {
        List<String> missing = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (String name : store.settingNames(PREFIX)) {
            String id = name.substring(PREFIX.length());
            Optional<DataKey> key = keys.all().stream()
                    .filter(one -> one.id().text().equals(id))
                    .findFirst();
            if (key.isEmpty()) {
                missing.add(id);
            } else if (key.get().state() == DataKey.State.DESTROYED) {
                // Its destruction was cut short after it was decided. What is left of it goes with other remains.
                remove(key.get().id());
            } else if (key.get().state().opens() && !opens(name)) {
                wrong.add(id);
            }
        }
        if (!missing.isEmpty() || !wrong.isEmpty()) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, reason(missing, wrong));
        }
        for (DataKey key : keys.opening()) {
            write(key.id());
        }
    }

    private boolean opens(String name) throws StoreException {
        Optional<SealedData> kept = store.setting(name);
        try {
            return kept.isEmpty()
                    || barrier.open(new Binding.Setting(name), kept.get()).equals(CONTENT);
        } catch (Refusal e) {
            return false;
        }
    }

    private static String reason(List<String> missing, List<String> wrong) {
        StringBuilder reason = new StringBuilder("the keystore does not fit the data:");
        if (!missing.isEmpty()) {
            reason.append(" they have rows under data key ")
                    .append(String.join(", ", missing))
                    .append(", which it lacks;");
        }
        if (!wrong.isEmpty()) {
            reason.append(" its data key ").append(String.join(", ", wrong)).append(" is another one;");
        }
        return reason.append(" put back the latest backup of the keystore (`cardsecure key restore`)")
                .toString();
    }
}
