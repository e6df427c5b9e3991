package cardsecure.keys;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.store.SealedData;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A ring as the store keeps it. The KEK wraps a key that is the ring's own, and that seals the ring as a whole, so
/// that no key of it can be lost, exchanged or added alone, and another KEK means to wrap one key anew.
///
/// Layout: `version (1) | KEK id | wrapped ring key | nonce (12) | ring, AES-256-GCM, with all before as AAD`; KEK id
/// and wrapped key with a length of 2 before them.
public final class SealedRing {
    private static final int VERSION = 1;
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;
    private static final int RING_KEY_LENGTH = 32;

    private SealedRing() {}

    /// A ring sealed under a fresh key, which the KEK wraps.
    ///
    /// @param random cryptographically strong
    /// @throws Refusal `0027` if the KEK cannot wrap, an HSM that is away for instance
    public static SealedData seal(KeyRing ring, KeyWrapper kek, RandomGenerator random) {
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
            String kekId = readKekId(in);
            if (!kekId.equals(kek.kekId())) {
                throw new Refusal(
                        ErrorCode.KEYSTORE_NOT_INITIALIZED,
                        "wrong KEK: the vault's keys are wrapped by KEK " + KekName.of(kekId) + ", given was KEK "
                                + KekName.of(kek.kekId()));
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

    /// The id of the KEK that wrapped a ring, as nobody has proved yet.
    ///
    /// @throws Refusal `0027` if it is damaged
    public static String kekId(SealedData sealed) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(sealed.bytes()))) {
            return readKekId(in);
        } catch (IOException e) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the keystore is damaged", e);
        }
    }

    private static String readKekId(DataInputStream in) throws IOException {
        if (in.readByte() != VERSION) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the keystore is of another version");
        }
        return in.readUTF();
    }

    private static Cipher cipher(int mode, SecretBytes key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key.reveal(), "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }
}
