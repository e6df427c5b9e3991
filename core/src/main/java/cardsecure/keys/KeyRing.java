package cardsecure.keys;

import cardsecure.secret.SecretBytes;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// All keys of a vault, unwrapped. Immutable: a change makes another ring.
///
/// @param vault names the vault for ever, 16 bytes in hex; a copy of it has the same
/// @param dataKeys by key ID
/// @param current the key that seals new rows
/// @param fingerprintKey the key that fingerprints new rows
public record KeyRing(String vault, Map<KeyId, DataKey> dataKeys, KeyId current, FingerprintKey fingerprintKey) {
    /// Keeps a copy, in order.
    ///
    /// @throws IllegalArgumentException if the current key is not in the ring
    public KeyRing {
        dataKeys = Map.copyOf(dataKeys);
        if (!dataKeys.containsKey(current)) {
            throw new IllegalArgumentException("the current data key is in the ring");
        }
    }

    /// The ring of a new vault: one key of each kind.
    ///
    /// @param random cryptographically strong
    public static KeyRing create(RandomGenerator random, Instant now) {
        byte[] vault = new byte[16];
        random.nextBytes(vault);
        DataKey dataKey = new DataKey(KeyId.first(), draw(random, DataKey.LENGTH), now);
        FingerprintKey fingerprintKey = new FingerprintKey(1, draw(random, FingerprintKey.LENGTH), now);
        Map<KeyId, DataKey> dataKeys = new LinkedHashMap<>();
        dataKeys.put(dataKey.id(), dataKey);
        return new KeyRing(HexFormat.of().formatHex(vault), dataKeys, dataKey.id(), fingerprintKey);
    }

    static SecretBytes draw(RandomGenerator random, int length) {
        byte[] key = new byte[length];
        random.nextBytes(key);
        return SecretBytes.owning(key);
    }

    /// The key that seals new rows.
    public DataKey currentKey() {
        return dataKey(current).orElseThrow();
    }

    /// The key of an ID, if the ring has it.
    public Optional<DataKey> dataKey(KeyId id) {
        return Optional.ofNullable(dataKeys.get(id));
    }
}
