package cardsecure.crypto;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.KeyId;
import cardsecure.secret.SecretBytes;
import cardsecure.store.StoreException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Reserves seals in the store, a sealed setting a key: `key-seals/ID`, the number that is reserved (8). Whoever has
/// such a setting has sealed under that key, or was about to. Safe for threads, and for several processes.
public final class KeptSeals implements SealCount.Reserve {
    /// The name of a key's setting, before its ID.
    public static final String PREFIX = "key-seals/";

    private final SealedSettings settings;

    /// Keeps counts among `settings`.
    public KeptSeals(SealedSettings settings) {
        this.settings = settings;
    }

    @Override
    public long take(KeyId key, long number) {
        try {
            while (true) {
                Optional<SealedSettings.Entry> kept = settings.read(PREFIX + key);
                long before = reserved(kept);
                if (number > 0 && before + number > SealCount.MAX) {
                    throw SealCount.usedUp(key);
                }
                byte[] after =
                        ByteBuffer.allocate(Long.BYTES).putLong(before + number).array();
                boolean written = settings.writeUncounted(PREFIX + key, kept, SecretBytes.owning(after));
                // What is given back is not given back again where nobody knows whether it was: rather too high.
                if (written || number < 0) {
                    return before;
                }
            }
        } catch (StoreException e) {
            throw new Refusal(ErrorCode.ENCRYPTION_FAILURE, "the store could not count the seals of a key", e);
        }
    }

    /// How many seals of a key are reserved, by all who have it.
    public long reserved(KeyId key) throws StoreException {
        return reserved(settings.read(PREFIX + key));
    }

    private static long reserved(Optional<SealedSettings.Entry> kept) {
        return kept.map(entry -> ByteBuffer.wrap(entry.value().reveal()).getLong())
                .orElse(0L);
    }
}
