package cardsecure.crypto;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.DataKey;
import cardsecure.keys.KeyId;
import cardsecure.keys.KeyRing;
import cardsecure.secret.SecretBytes;
import cardsecure.store.SealedData;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;

/// The one place where data are sealed and opened, between a vault that is trusted and a store that is not.
/// AES-256-GCM (NIST SP 800-38D), random nonces, at most 2^32 a key, which it counts. Safe for threads; the ring
/// may be exchanged at any time.
///
/// Layout: `1 | key ID (3) | nonce (12) | ciphertext | tag (16)`; or `0 | datum` in clear, for a site whose operator
/// switched encryption off.
public final class Barrier {
    private static final byte CLEAR = 0;
    private static final byte SEALED = 1;
    private static final int NONCE_AT = 1 + KeyId.LENGTH;
    private static final int LENGTH_MIN = NONCE_AT + AesGcm.OVERHEAD;

    /// What is needed of one ring.
    private record Keys(long generation, KeyId current, Map<KeyId, SecretKeySpec> opening, SealCount seals) {
        static Keys of(KeyRing ring, SealCount seals) {
            return new Keys(
                    ring.generation(),
                    ring.dataKeys().current().id(),
                    ring.dataKeys().opening().stream().collect(Collectors.toUnmodifiableMap(DataKey::id, AesGcm::spec)),
                    seals);
        }
    }

    /// Looks for a later ring than the one in use.
    public interface LaterRing {
        /// Looks for one, and puts it to use.
        ///
        /// @return whether there was one
        boolean follow();
    }

    private final AesGcm aes;
    private volatile LaterRing laterRing = () -> false;
    private final SealCount.Reserve reserve;
    private volatile Keys keys;

    /// Takes its parts.
    ///
    /// @param random makes generators for nonces, cryptographically strong
    /// @param reserve where the current key's seals are counted
    public Barrier(KeyRing ring, Supplier<SecureRandom> random, SealCount.Reserve reserve) {
        this.reserve = reserve;
        this.keys = Keys.of(ring, new SealCount(ring.dataKeys().current().id(), reserve));
        this.aes = new AesGcm(random);
    }

    /// For a process that has the ring for itself, and not longer than it runs.
    public Barrier(KeyRing ring, Supplier<SecureRandom> random) {
        this(ring, random, SealCount.Reserve.none());
    }

    /// Goes on with another ring of the same vault. Who seals at the same moment may still do so under the key
    /// before; [#generation] tells who may have.
    public synchronized void follow(KeyRing ring) {
        KeyId current = ring.dataKeys().current().id();
        keys = Keys.of(ring, keys.current().equals(current) ? keys.seals() : new SealCount(current, reserve));
    }

    /// Has a later ring looked for when data are under a key that the one in use does not have: another node may have
    /// got it this very moment.
    public void whenKeyIsMissing(LaterRing looked) {
        laterRing = looked;
    }

    /// The generation of the ring: what is sealed after this was asked for is sealed under that ring or a later one.
    public long generation() {
        return keys.generation();
    }

    /// How often the current key has sealed.
    public SealCount seals() {
        return keys.seals();
    }

    /// Seals data under the current key.
    ///
    /// @throws Refusal `0017` if it cannot be done
    public SealedData seal(Binding binding, SecretBytes data) {
        Keys now = keys;
        now.seals().count();
        return seal(now, now.current(), binding, data);
    }

    /// As [#seal], for who has counted it, or cannot.
    SealedData sealUncounted(Binding binding, SecretBytes data) {
        Keys now = keys;
        return seal(now, now.current(), binding, data);
    }

    /// Seals data under a key that need not be the current one, uncounted: once in a key's life.
    ///
    /// @throws Refusal `0027` if the ring has no such key that opens, `0017` if it cannot be done
    public SealedData sealUnder(KeyId id, Binding binding, SecretBytes data) {
        return seal(keys, id, binding, data);
    }

    private SealedData seal(Keys now, KeyId id, Binding binding, SecretBytes data) {
        SecretKeySpec key = now.opening().get(id);
        if (key == null) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the ring has no data key " + id + " that opens");
        }
        byte[] sealed = new byte[LENGTH_MIN + data.length()];
        sealed[0] = SEALED;
        System.arraycopy(id.bytes(), 0, sealed, 1, KeyId.LENGTH);
        aes.seal(key, binding.aad(), data.reveal(), sealed, NONCE_AT);
        return new SealedData(sealed);
    }

    /// Data in clear, in a sealed row's place.
    public SealedData leaveClear(SecretBytes data) {
        byte[] clear = new byte[1 + data.length()];
        clear[0] = CLEAR;
        System.arraycopy(data.reveal(), 0, clear, 1, data.length());
        return new SealedData(clear);
    }

    /// Opens what [#seal] made.
    ///
    /// @throws Refusal `0027` if the ring has not its key, `0024` if it was changed, or sealed for another binding
    public SecretBytes open(Binding binding, SealedData data) {
        byte[] sealed = data.bytes();
        if (sealed.length < LENGTH_MIN || sealed[0] != SEALED) {
            throw new Refusal(ErrorCode.DECRYPTION_FAILURE, "what the store holds is not a sealed datum");
        }
        KeyId id = keyIdOf(sealed);
        SecretKeySpec key = keys.opening().get(id);
        if (key == null && laterRing.follow()) {
            key = keys.opening().get(id);
        }
        if (key == null) {
            throw new Refusal(
                    ErrorCode.KEYSTORE_NOT_INITIALIZED, "a row's data key is missing from the ring, or is retired");
        }
        try {
            return SecretBytes.owning(aes.open(key, binding.aad(), sealed, NONCE_AT));
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.DECRYPTION_FAILURE, "a row does not open: changed, or moved", e);
        }
    }

    /// Opens what [#seal] or [#leaveClear] made.
    ///
    /// @throws Refusal as [#open]
    public SecretBytes openAlsoClear(Binding binding, SealedData data) {
        byte[] bytes = data.bytes();
        if (isClear(data)) {
            return SecretBytes.owning(Arrays.copyOfRange(bytes, 1, bytes.length));
        }
        return open(binding, data);
    }

    /// Whether data are in clear.
    public static boolean isClear(SealedData data) {
        return data.bytes().length > 0 && data.bytes()[0] == CLEAR;
    }

    /// Whether data are sealed under another key than the current one.
    public boolean isUnderOtherKey(SealedData data) {
        return keyId(data).filter(id -> !id.equals(keys.current())).isPresent();
    }

    /// The ID of the key that data were sealed under; none of data in clear, or of what is no sealed datum.
    public static Optional<KeyId> keyId(SealedData data) {
        byte[] sealed = data.bytes();
        if (sealed.length < LENGTH_MIN || sealed[0] != SEALED) {
            return Optional.empty();
        }
        try {
            return Optional.of(KeyId.at(sealed, 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static KeyId keyIdOf(byte[] sealed) {
        try {
            return KeyId.at(sealed, 1);
        } catch (IllegalArgumentException e) {
            throw new Refusal(ErrorCode.DECRYPTION_FAILURE, "what the store holds names no data key", e);
        }
    }
}
