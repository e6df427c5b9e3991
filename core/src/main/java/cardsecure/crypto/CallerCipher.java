package cardsecure.crypto;

import cardsecure.card.Pan;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.DataKey;
import cardsecure.keys.KeyId;
import cardsecure.keys.KeyRing;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;

/// Encrypts card numbers that callers keep themselves, and decrypts them, under keys that are for nothing else:
/// AES-256-GCM, random nonces, at most 2^32 a key, which it counts. Nothing is stored. Safe for threads; the
/// ring may be exchanged at any time.
///
/// The plaintext is the number's digits, and zero bytes up to 19. The AAD is
/// `E | layout (1) | key ID (3) | site (4)`, so a ciphertext is good for the site that it was made for, and under
/// the key ID that it was given.
public final class CallerCipher {
    private static final int DIGITS_MIN = 12;

    /// What is needed of one key.
    ///
    /// @param encrypts not before every node may know it
    private record Key(KeyId id, SecretKeySpec spec, boolean encrypts, SealCount seals) {}

    /// What is needed of one ring.
    ///
    /// @param decrypting by ID
    private record Keys(Key current, Map<KeyId, Key> decrypting) {}

    private final AesGcm aes;
    private volatile Barrier.LaterRing laterRing = () -> false;
    private final SealCount.Reserve reserve;
    private final Map<KeyId, SealCount> counts = new ConcurrentHashMap<>();
    private volatile Keys keys;

    /// Takes its parts.
    ///
    /// @param random makes generators for nonces, cryptographically strong
    /// @param reserve where the keys' seals are counted
    public CallerCipher(KeyRing ring, Supplier<SecureRandom> random, SealCount.Reserve reserve) {
        this.aes = new AesGcm(random);
        this.reserve = reserve;
        this.keys = keysOf(ring);
    }

    /// For a process that has the ring for itself, and not longer than it runs.
    public CallerCipher(KeyRing ring, Supplier<SecureRandom> random) {
        this(ring, random, SealCount.Reserve.none());
    }

    /// Goes on with another ring of the same vault.
    public synchronized void follow(KeyRing ring) {
        keys = keysOf(ring);
    }

    private Keys keysOf(KeyRing ring) {
        return new Keys(
                keyOf(ring.callerKeys().current()),
                ring.callerKeys().opening().stream().collect(Collectors.toUnmodifiableMap(DataKey::id, this::keyOf)));
    }

    private Key keyOf(DataKey key) {
        boolean encrypts = switch (key.state()) {
            case CURRENT, OPENING -> true;
            case INSTALLED, RETIRED, DESTROYED -> false;
        };
        return new Key(
                key.id(),
                AesGcm.spec(key),
                encrypts,
                counts.computeIfAbsent(key.id(), id -> new SealCount(id, reserve)));
    }

    /// As [Barrier#whenKeyIsMissing].
    public void whenKeyIsMissing(Barrier.LaterRing looked) {
        laterRing = looked;
    }

    /// How often the current key has encrypted.
    public SealCount seals() {
        return keys.current().seals();
    }

    /// How often each key has encrypted that was in use here, current or not.
    public Collection<SealCount> allSeals() {
        return List.copyOf(counts.values());
    }

    /// Encrypts under the current key.
    ///
    /// @throws Refusal `0017` if it cannot be done
    public CallerCiphertext encrypt(SiteId site, Pan pan) {
        return encrypt(keys.current(), site, pan);
    }

    /// Encrypts under a key that need not be the current one, for a caller whose ciphertexts are all under it.
    ///
    /// @throws Refusal `0012` for one that is neither current nor prior and in use, `0017` if it cannot be done
    public CallerCiphertext encryptUnder(KeyId id, SiteId site, Pan pan) {
        return encrypt(findOrFollow(id).filter(Key::encrypts).orElseThrow(CallerCipher::unknown), site, pan);
    }

    private Optional<Key> find(KeyId id) {
        return Optional.ofNullable(keys.decrypting().get(id));
    }

    private Optional<Key> findOrFollow(KeyId id) {
        Optional<Key> known = find(id);
        return known.isEmpty() && laterRing.follow() ? find(id) : known;
    }

    private CallerCiphertext encrypt(Key key, SiteId site, Pan pan) {
        key.seals().count();
        CallerCiphertext ciphertext = CallerCiphertext.under(key.id());
        byte[] plain = Arrays.copyOf(pan.normalised().reveal(), CallerCiphertext.PLAINTEXT_LENGTH);
        try {
            aes.seal(key.spec(), aad(ciphertext, site), plain, ciphertext.bytes(), CallerCiphertext.SEALED_AT);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
        return ciphertext;
    }

    /// Decrypts what [#encrypt] or [#encryptUnder] made for the same site.
    ///
    /// @throws Refusal `0012` if no key of its ID decrypts (any more), `0024` if it was changed or is of another
    ///         site, `0022` if it is authentic, and too short for a card number
    public Pan decrypt(SiteId site, CallerCiphertext ciphertext) {
        Key key = findOrFollow(ciphertext.keyId()).orElseThrow(CallerCipher::unknown);
        byte[] plain;
        try {
            plain = aes.open(key.spec(), aad(ciphertext, site), ciphertext.bytes(), CallerCiphertext.SEALED_AT);
        } catch (GeneralSecurityException _) {
            throw new Refusal(ErrorCode.DECRYPTION_FAILURE, "a ciphertext that was changed, or is another site's");
        }
        try {
            return read(plain);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static Pan read(byte[] plain) {
        int length = plain.length;
        while (length > 0 && plain[length - 1] == 0) {
            length--;
        }
        if (length < DIGITS_MIN) {
            throw new Refusal(ErrorCode.CCN_WRONG_LENGTH, "a ciphertext holds " + length + " digits");
        }
        try {
            return Pan.parse(SecretBytes.copyOf(plain, 0, length));
        } catch (Refusal e) {
            throw new Refusal(ErrorCode.DECRYPTION_FAILURE, "a ciphertext that is authentic holds no card number", e);
        }
    }

    private static byte[] aad(CallerCiphertext ciphertext, SiteId site) {
        return ByteBuffer.allocate(2 + KeyId.LENGTH + Integer.BYTES)
                .put((byte) 'E')
                .put(ciphertext.bytes()[0])
                .put(ciphertext.keyId().bytes())
                .putInt(site.number())
                .array();
    }

    /// Without the ID: it may be the first digits of a card number in the wrong place.
    private static Refusal unknown() {
        return new Refusal(ErrorCode.KEY_ID_NOT_FOUND, "callers have no key of that ID, or it is not in use");
    }
}
