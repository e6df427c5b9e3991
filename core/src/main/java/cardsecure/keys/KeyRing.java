package cardsecure.keys;

import cardsecure.secret.SecretBytes;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// All keys of a vault, unwrapped. Immutable: a change makes another ring, of the next generation.
///
/// @param vault names the vault for ever, 16 bytes in hex; a copy of it has the same
/// @param generation counts the changes; of two rings of a vault the one with the higher is the later
/// @param dataKeys seal rows and settings
/// @param fingerprintKeys fingerprint rows
/// @param callerKeys encrypt what callers keep themselves (`EC`), and nothing of the vault's
public record KeyRing(
        String vault, long generation, DataKeys dataKeys, FingerprintKeys fingerprintKeys, DataKeys callerKeys) {

    /// The ring of a new vault: one key of each kind.
    ///
    /// @param random cryptographically strong
    public static KeyRing create(RandomGenerator random, Instant now) {
        byte[] vault = new byte[16];
        random.nextBytes(vault);
        return new KeyRing(
                HexFormat.of().formatHex(vault),
                1,
                DataKeys.create(KeyId.first(), random, now),
                FingerprintKeys.create(random, now),
                DataKeys.create(KeyId.firstOfCallers(), random, now));
    }

    static SecretBytes draw(RandomGenerator random, int length) {
        byte[] key = new byte[length];
        random.nextBytes(key);
        return SecretBytes.owning(key);
    }

    /// The next ring, with other data keys; this one, if they are the same.
    public KeyRing withDataKeys(UnaryOperator<DataKeys> change) {
        return next(change.apply(dataKeys), fingerprintKeys, callerKeys);
    }

    /// The next ring, with other fingerprint keys; this one, if they are the same.
    public KeyRing withFingerprintKeys(UnaryOperator<FingerprintKeys> change) {
        return next(dataKeys, change.apply(fingerprintKeys), callerKeys);
    }

    /// The next ring, with other keys for callers; this one, if they are the same.
    public KeyRing withCallerKeys(UnaryOperator<DataKeys> change) {
        return next(dataKeys, fingerprintKeys, change.apply(callerKeys));
    }

    private KeyRing next(DataKeys data, FingerprintKeys fingerprints, DataKeys callers) {
        KeyRing same = new KeyRing(vault, generation, data, fingerprints, callers);
        return same.equals(this) ? this : new KeyRing(vault, generation + 1, data, fingerprints, callers);
    }
}
