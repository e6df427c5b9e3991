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

    /// Those that may have wrapped what stands in the store: the one in use, and one that a rewrapping
    /// of unknown outcome may have come to.
    private volatile List<KeyWrapper> keks;

    /// What was read or written last.
    private volatile Optional<Seen> seen = Optional.empty();

    private final RandomGenerator random;
    private final InstantSource clock;

    private record Seen(SealedData sealed, KeyRing ring) {}

    /// Takes its parts.
    ///
    /// @param random cryptographically strong
    public Keystore(TokenStore store, KeyWrapper kek, RandomGenerator random, InstantSource clock) {
        this.store = store;
        this.keks = List.of(kek);
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
                    "the store has settings but no keystore: it was lost, and a new one could open nothing;"
                            + " `cardsecure key restore` puts back one from a backup");
        }
        KeyRing ring = KeyRing.create(random, clock.instant());
        SealedData sealed = SealedRing.seal(ring, keks.getFirst(), random);
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
        KeyRing ring = SealedRing.open(kept, wrapperOf(kept));
        seen = Optional.of(new Seen(kept, ring));
        return ring;
    }

    private KeyWrapper wrapperOf(SealedData kept) {
        String kekId = SealedRing.kekId(kept);
        return keks.stream()
                .filter(kek -> kek.kekId().equals(kekId))
                .findFirst()
                .orElse(keks.getFirst());
    }

    /// Whether the store holds something else than was read or written here last. Does not need the KEK.
    public boolean changed() throws StoreException {
        return !store.setting(SETTING).equals(seen.map(Seen::sealed));
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
            KeyWrapper kek = wrapperOf(kept);
            KeyRing ring = SealedRing.open(kept, kek);
            KeyRing next = change.apply(ring);
            if (next.equals(ring)) {
                return ring;
            }
            SealedData sealed = SealedRing.seal(next, kek, random);
            if (store.setSetting(SETTING, Optional.of(kept), Optional.of(sealed))) {
                seen = Optional.of(new Seen(sealed, next));
                return next;
            }
        }
    }

    /// The id of the KEK that wraps what was read or written last.
    public String kekId() {
        return seen.map(last -> SealedRing.kekId(last.sealed()))
                .orElseGet(() -> keks.getFirst().kekId());
    }

    /// Whether the ring in the store is wrapped by a KEK that this process does not have: another one has rewrapped it.
    public boolean isWrappedByOther() throws StoreException {
        String kekId = SealedRing.kekId(kept());
        return keks.stream().noneMatch(kek -> kek.kekId().equals(kekId));
    }

    /// Wraps the ring by another KEK, durably: one write, before which the old one opens it, and after
    /// which the new one does. After a [StoreException] nobody knows which; [#read] works with either.
    ///
    /// The old KEK is not asked, if the store still holds what was read or written here last: so an HSM
    /// that is gone for good can be left as long as the server runs.
    ///
    /// @return the ring, which another node may have changed
    /// @throws Refusal `0027` if either KEK cannot be had, or the new one does not open what it
    ///         wrapped; nothing is changed then
    public synchronized KeyRing rewrap(KeyWrapper to) throws StoreException {
        while (true) {
            SealedData kept = kept();
            KeyWrapper from = wrapperOf(kept);
            KeyRing ring = seen.filter(last -> last.sealed().equals(kept))
                    .map(Seen::ring)
                    .orElseGet(() -> SealedRing.open(kept, from));
            SealedData sealed = SealedRing.seal(ring, to, random);
            if (!SealedRing.open(sealed, to).equals(ring)) {
                throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the new KEK does not open what it wrapped");
            }
            keks = List.of(from, to);
            if (store.setSetting(SETTING, Optional.of(kept), Optional.of(sealed))) {
                keks = List.of(to);
                seen = Optional.of(new Seen(sealed, ring));
                return ring;
            }
        }
    }
}
