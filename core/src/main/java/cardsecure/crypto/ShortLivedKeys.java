package cardsecure.crypto;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.store.SealedData;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;

/// Seals short-lived data under keys that end with them. What a row leaves behind when it is deleted, in tables, logs,
/// replicas and backups, is worth nothing once its key is gone (cryptographic erase, NIST SP 800-88 Rev. 1, 2.6).
/// Safe for threads.
///
/// Deadlines are full seconds, and keys end with full minutes: a key lives until the first full minute that is
/// not before the deadline of what it seals. For each such minute a node makes an AES-256 key when it first
/// needs it, as a setting `short-lived/MINUTE/ID` that is durable before anything is sealed under it. Others
/// read it when they open what it has sealed. AES-GCM with random nonces; a key seals for as long as data that
/// end in one minute come in, and so stays far below 2^32.
///
/// Layout: `1 | key ID (8) | nonce (12) | ciphertext | tag (16)`. AAD: `T | deadline, seconds (8) | key ID (8) |
/// site (4) | domain (1) | token`.
public final class ShortLivedKeys {
    /// How the settings' names begin.
    public static final String PREFIX = "short-lived/";

    private static final Pattern NAME = Pattern.compile(PREFIX + "([0-9]{10})/([0-9a-f]{16})");
    private static final byte VERSION = 1;
    private static final int KEY_LENGTH = 32;
    private static final int NONCE_AT = 1 + Long.BYTES;
    private static final int MINUTE = 60;

    /// @param minute at whose begin it ends, since 1970
    private record Id(long minute, long number) {
        String setting() {
            return PREFIX + String.format(Locale.ROOT, "%010d/%016x", minute, number);
        }
    }

    private record Key(Id id, SecretKeySpec spec) {}

    private final SealedSettings settings;
    private final SecureRandom random;
    private final AesGcm aes;
    private final Map<Long, Key> own = new ConcurrentHashMap<>();
    private final Map<Id, SecretKeySpec> known = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Key>> making = new ConcurrentHashMap<>();

    /// Held by who destroys keys: to make one must not wait for that.
    private final Lock destroying = new ReentrantLock();

    /// Takes its parts.
    ///
    /// @param random makes generators for keys and nonces, cryptographically strong
    public ShortLivedKeys(SealedSettings settings, Supplier<SecureRandom> random) {
        this.settings = settings;
        this.random = random.get();
        this.aes = new AesGcm(random);
    }

    /// The deadline of what is to be kept until a moment: the first full second that is not before it.
    public static Instant deadline(Instant until) {
        return Instant.ofEpochSecond(until.getEpochSecond() + (until.getNano() > 0 ? 1 : 0));
    }

    /// When the key of what has a deadline ends: the first full minute that is not before it.
    public static Instant keyDeadline(Instant deadline) {
        return Instant.ofEpochSecond(minute(deadline) * MINUTE);
    }

    private static long minute(Instant deadline) {
        return Math.ceilDiv(deadline.getEpochSecond(), MINUTE);
    }

    /// Seals data for a place, until a deadline.
    ///
    /// @param deadline as of [#deadline]
    /// @throws Refusal `0017` if it cannot be done
    /// @throws StoreException if there is no key for that minute yet, and none can be kept
    public ShortLivedRow seal(TokenPlace place, Instant deadline, SecretBytes data) throws StoreException {
        long minute = minute(deadline);
        Key known = own.get(minute);
        Key key = known == null ? create(minute) : known;
        byte[] sealed = new byte[NONCE_AT + AesGcm.OVERHEAD + data.length()];
        ByteBuffer.wrap(sealed).put(VERSION).putLong(key.id().number());
        aes.seal(key.spec(), aad(place, deadline, key.id()), data.reveal(), sealed, NONCE_AT);
        return new ShortLivedRow(place, deadline, new SealedData(sealed));
    }

    /// One makes it, all others who need it wait for that one: should the store not answer, all fail together.
    private Key create(long minute) throws StoreException {
        CompletableFuture<Key> mine = new CompletableFuture<>();
        CompletableFuture<Key> there = making.putIfAbsent(minute, mine);
        if (there != null) {
            return await(there);
        }
        try {
            // Another one may have come to an end since.
            Key known = own.get(minute);
            Key key = known == null ? make(minute) : known;
            mine.complete(key);
            return key;
        } catch (StoreException | RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            making.remove(minute, mine);
        }
    }

    private static Key await(CompletableFuture<Key> made) throws StoreException {
        try {
            return made.join();
        } catch (CompletionException e) {
            // Each its own, with its own trace.
            if (e.getCause() instanceof Refusal cause) {
                throw new Refusal(cause.code(), cause.reason(), cause);
            }
            throw e.getCause() instanceof StoreException cause
                    ? new StoreException(String.valueOf(cause.getMessage()), cause)
                    : new StoreException("no key for short-lived data could be made", e);
        }
    }

    private Key make(long minute) throws StoreException {
        byte[] material = new byte[KEY_LENGTH];
        random.nextBytes(material);
        SecretBytes secret = SecretBytes.owning(material);
        Id id = new Id(minute, random.nextLong());
        while (!settings.writeUntold(id.setting(), Optional.empty(), secret)) {
            // Another key's, by chance.
            id = new Id(minute, random.nextLong());
        }
        Key key = new Key(id, new SecretKeySpec(material, "AES"));
        secret.destroy();
        known.put(id, key.spec());
        own.put(minute, key);
        return key;
    }

    private static byte[] aad(TokenPlace place, Instant deadline, Id id) {
        byte[] token = place.token().bytes();
        return ByteBuffer.allocate(1 + 2 * Long.BYTES + Integer.BYTES + 1 + token.length)
                .put((byte) 'T')
                .putLong(deadline.getEpochSecond())
                .putLong(id.number())
                .putInt(place.site().number())
                .put((byte) place.domain().letter())
                .put(token)
                .array();
    }

    /// Gets the key of a row ready, so that to open it cannot fail for the store's sake.
    ///
    /// @throws Refusal `0049` if the key is destroyed, `0024` or `0027` if it does not open, or the row names none
    public void require(ShortLivedRow row) throws StoreException {
        spec(id(row));
    }

    /// Opens what [#seal] made.
    ///
    /// @throws Refusal as [#require], and `0024` if it was changed, or sealed for another place or deadline
    public SecretBytes open(ShortLivedRow row) throws StoreException {
        Id id = id(row);
        SecretKeySpec spec = spec(id);
        try {
            return SecretBytes.owning(aes.open(
                    spec, aad(row.place(), row.deadline(), id), row.data().bytes(), NONCE_AT));
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.DECRYPTION_FAILURE, "short-lived data do not open: changed, or moved", e);
        }
    }

    private static Id id(ShortLivedRow row) {
        byte[] sealed = row.data().bytes();
        if (sealed.length < NONCE_AT + AesGcm.OVERHEAD || sealed[0] != VERSION) {
            throw new Refusal(ErrorCode.DECRYPTION_FAILURE, "what the store holds are no sealed short-lived data");
        }
        return new Id(minute(row.deadline()), ByteBuffer.wrap(sealed).getLong(1));
    }

    private SecretKeySpec spec(Id id) throws StoreException {
        SecretKeySpec spec = known.get(id);
        return spec == null ? read(id) : spec;
    }

    private SecretKeySpec read(Id id) throws StoreException {
        SecretBytes material = settings.read(id.setting())
                .orElseThrow(() -> new Refusal(ErrorCode.DATA_NOT_FOUND, "the key of short-lived data is destroyed"))
                .value();
        if (material.length() != KEY_LENGTH) {
            throw new Refusal(ErrorCode.DECRYPTION_FAILURE, "what should be a key of short-lived data is none");
        }
        SecretKeySpec spec = new SecretKeySpec(material.reveal(), "AES");
        material.destroy();
        known.put(id, spec);
        return spec;
    }

    /// Forgets, in this process, the keys of minutes that are past.
    public void forgetPast(Instant now) {
        long second = now.getEpochSecond();
        own.keySet().removeIf(minute -> minute * MINUTE <= second);
        known.keySet().removeIf(id -> id.minute() * MINUTE <= second);
    }

    /// As [SealedSettings#settleRemains]: by every node, before one of them calls [#destroyPast].
    public void settleRemains() throws StoreException {
        settings.settleRemains();
    }

    /// Destroys the keys of minutes that are past, durably, whichever node made them, and what is left of them on the
    /// disk, as far as the store can reach it. When the rows under them are destroyed.
    ///
    /// @return how many were destroyed
    /// @throws StoreException if some may be left; this, called again, goes on
    public int destroyPast(Instant now) throws StoreException {
        forgetPast(now);
        destroying.lock();
        try {
            List<String> past = settings.names(PREFIX).stream()
                    .filter(name -> isPast(name, now))
                    .toList();
            if (past.isEmpty()) {
                // What another process has left, or somebody who destroyed other keys.
                settings.destroyRemains();
            } else {
                destroy(past);
            }
            return past.size();
        } finally {
            destroying.unlock();
        }
    }

    private void destroy(List<String> names) throws StoreException {
        try (Remains remains = settings.expectRemains()) {
            for (String name : names) {
                settings.destroy(name);
            }
            remains.destroy();
        }
    }

    private static boolean isPast(String name, Instant now) {
        var matcher = NAME.matcher(name);
        return matcher.matches() && Long.parseLong(matcher.group(1)) * MINUTE <= now.getEpochSecond();
    }
}
