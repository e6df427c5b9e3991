package cardsecure.keys;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// Keeps the ring in the store, sealed ([SealedRing]), and changes it there: what is changed is what stands in the
/// store at that moment, whoever put it there. Safe for threads.
public final class Keystore {
    /// The name of the setting that the ring is kept in.
    public static final String SETTING = "keystore";

    private final TokenStore store;
    private volatile KeyWrapper kek;

    /// What was read or written last.
    private volatile Optional<SealedData> seen = Optional.empty();
    private final RandomGenerator random;
    private final InstantSource clock;

    /// Takes its parts.
    ///
    /// @param random cryptographically strong
    public Keystore(TokenStore store, KeyWrapper kek, RandomGenerator random, InstantSource clock) {
        this.store = store;
        this.kek = kek;
        this.random = random;
        this.clock = clock;
    }

    /// The ring of the store, made and kept durably if there is none yet.
    ///
    /// @throws Refusal `0027` if the KEK is not the one that wrapped it, or the store has lost its ring; nothing is
    ///         changed then
    public KeyRing openOrCreate() throws StoreException {
        if (store.setting(SETTING).isPresent()) {
            return read();
        }
        List<String> others = store.settingNames("");
        if (others.contains(SETTING)) {
            // Another node made it since.
            return openOrCreate();
        }
        if (!others.isEmpty()) {
            throw new Refusal(
                    ErrorCode.KEYSTORE_NOT_INITIALIZED,
                    "the store has settings but no keystore: it was lost, and a new one could open nothing");
        }
        KeyRing ring = KeyRing.create(random, clock.instant());
        SealedData sealed = SealedRing.seal(ring, kek, random);
        if (store.setSetting(SETTING, Optional.empty(), Optional.of(sealed))) {
            return read();
        }
        return openOrCreate();
    }

    /// The ring that stands in the store now.
    ///
    /// @throws Refusal `0027` if it does not open, or is not there any more
    public KeyRing read() throws StoreException {
        SealedData kept = kept();
        KeyRing ring = SealedRing.open(kept, kek);
        seen = Optional.of(kept);
        return ring;
    }

    /// Whether the store holds something else than was read or written here last. Does not need the KEK.
    public boolean changed() throws StoreException {
        return !store.setting(SETTING).equals(seen);
    }

    private SealedData kept() throws StoreException {
        return store.setting(SETTING)
                .orElseThrow(() -> new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the store has lost its keystore"));
    }

    /// Changes the ring, durably. After a [StoreException] nobody knows whether it is changed: [#read] tells.
    ///
    /// @param change makes the next ring of the one that stands in the store; may be asked again
    /// @return the ring as it is now
    /// @throws Refusal what `change` throws, and `0027` if the KEK cannot be had
    public KeyRing change(UnaryOperator<KeyRing> change) throws StoreException {
        while (true) {
            SealedData kept = kept();
            KeyRing ring = SealedRing.open(kept, kek);
            KeyRing next = change.apply(ring);
            if (next.equals(ring)) {
                return ring;
            }
            SealedData sealed = SealedRing.seal(next, kek, random);
            if (store.setSetting(SETTING, Optional.of(kept), Optional.of(sealed))) {
                seen = Optional.of(sealed);
                return next;
            }
        }
    }
}
