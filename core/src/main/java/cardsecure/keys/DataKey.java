package cardsecure.keys;

import cardsecure.secret.SecretBytes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/// A data-encryption key (DEK) of the ring, or what is remembered of one that was destroyed.
///
/// @param created when it was made, in full milliseconds
/// @param since when it came into its state, in full milliseconds
/// @param key 32 bytes, AES-256; none once it is destroyed
public record DataKey(KeyId id, State state, Instant created, Instant since, Optional<SecretBytes> key) {
    /// Bytes.
    public static final int LENGTH = 32;

    /// Where a key is in its life. It passes from one to the next, and none is left out; from `RETIRED` it can be
    /// taken back.
    public enum State {
        /// It is durable and every node may come to know it, but nothing is sealed under it yet.
        INSTALLED,
        /// It seals, and opens.
        CURRENT,
        /// Another one seals; it still opens.
        OPENING,
        /// It is kept, and neither seals nor opens.
        RETIRED,
        /// It is gone. Its ID is remembered, so that it is never given to another.
        DESTROYED;

        /// Whether what was sealed under it can be opened.
        public boolean opens() {
            return switch (this) {
                case INSTALLED, CURRENT, OPENING -> true;
                case RETIRED, DESTROYED -> false;
            };
        }

        /// As people read it.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for a key of another length, or one that is there and destroyed
    public DataKey {
        // As a keystore keeps them, so that a key that was read is the one that was written.
        created = created.truncatedTo(ChronoUnit.MILLIS);
        since = since.truncatedTo(ChronoUnit.MILLIS);
        if (key.isPresent() == (state == State.DESTROYED)) {
            throw new IllegalArgumentException("a data key is there until it is destroyed");
        }
        if (key.isPresent() && key.get().length() != LENGTH) {
            throw new IllegalArgumentException("a data key has " + LENGTH + " bytes");
        }
    }

    /// A key that was just drawn.
    static DataKey installed(KeyId id, SecretBytes key, Instant now) {
        return new DataKey(id, State.INSTALLED, now, now, Optional.of(key));
    }

    /// The same in another state.
    DataKey in(State other, Instant now) {
        return new DataKey(id, other, created, now, other == State.DESTROYED ? Optional.empty() : key);
    }

    /// The key's bytes.
    ///
    /// @throws IllegalStateException once it is destroyed
    public SecretBytes material() {
        return key.orElseThrow(() -> new IllegalStateException("data key " + id + " is destroyed"));
    }
}
