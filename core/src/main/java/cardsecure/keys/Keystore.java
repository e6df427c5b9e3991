package cardsecure.keys;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Keeps the ring in the store. The KEK wraps a key of the ring's own, and that seals the ring as a whole, so that no
/// key of it can be lost, exchanged or added alone, and another KEK means to wrap one key anew.
///
/// Layout: `version (1) | KEK id | wrapped ring key | nonce (12) | ring, AES-256-GCM, with all before as AAD`; KEK id
/// and wrapped key with a length of 2 before them.
public final class Keystore {
    /// The name of the setting that the ring is kept in.
    public static final String SETTING = "keystore";

    private static final int VERSION = 1;
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;
    private static final int RING_KEY_LENGTH = 32;

    private final TokenStore store;
    private final KeyWrapper kek;
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
        Optional<SealedData> kept = store.setting(SETTING);
        if (kept.isPresent()) {
            return open(kept.get(), kek);
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
        SealedData sealed = seal(ring);
        if (store.setSetting(SETTING, Optional.empty(), Optional.of(sealed))) {
            return open(sealed, kek);
        }
        return openOrCreate();
    }

    private SealedData seal(KeyRing ring) {
        SecretBytes ringKey = KeyRing.draw(random, RING_KEY_LENGTH);
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeUTF(kek.kekId());
            byte[] wrapped = kek.wrap(ringKey);
            out.writeShort(wrapped.length);
            out.write(wrapped);
            out.write(nonce);
            out.flush();
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, ringKey, nonce);
            cipher.updateAAD(bytes.toByteArray());
            out.write(cipher.doFinal(KeyRingCodec.encode(ring).reveal()));
        } catch (IOException | GeneralSecurityException e) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the ring could not be sealed", e);
        }
        return new SealedData(bytes.toByteArray());
    }

    /// The ring that a store's setting holds.
    ///
    /// @throws Refusal `0027` if the KEK is not the one that wrapped it, or it is damaged
    public static KeyRing open(SealedData sealed, KeyWrapper kek) {
        byte[] bytes = sealed.bytes();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != VERSION) {
                throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the keystore is of a later version");
            }
            String kekId = in.readUTF();
            if (!kekId.equals(kek.kekId())) {
                throw new Refusal(
                        ErrorCode.KEYSTORE_NOT_INITIALIZED,
                        "wrong KEK: the vault's keys are wrapped by KEK " + printable(kekId) + ", given was KEK "
                                + kek.kekId());
            }
            byte[] wrapped = new byte[in.readUnsignedShort()];
            in.readFully(wrapped);
            byte[] nonce = new byte[NONCE_LENGTH];
            in.readFully(nonce);
            int header = bytes.length - in.available();
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, kek.unwrap(wrapped), nonce);
            cipher.updateAAD(bytes, 0, header);
            return KeyRingCodec.decode(SecretBytes.owning(cipher.doFinal(bytes, header, bytes.length - header)));
        } catch (IOException | GeneralSecurityException e) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the keystore is damaged", e);
        }
    }

    private static String printable(String kekId) {
        return new String(kekId.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII)
                .replaceAll("[^0-9A-Za-z:._-]", "?");
    }

    private static Cipher cipher(int mode, SecretBytes key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key.reveal(), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }
}
