package cardsecure.keys;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// A ring as bytes, for sealing: `version (1) | vault | number of data keys (4) | each: id, created (8), key | current
/// id | fingerprint key: version (1), created (8), key`; texts and keys with a length of 2 before them.
final class KeyRingCodec {
    private static final int VERSION = 1;
    private static final int KEYS_MAX = 46_656;

    private KeyRingCodec() {}

    static SecretBytes encode(KeyRing ring) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeUTF(ring.vault());
            out.writeInt(ring.dataKeys().size());
            for (DataKey key : ring.dataKeys().values()) {
                out.writeUTF(key.id().text());
                out.writeLong(key.created().toEpochMilli());
                writeKey(out, key.key());
            }
            out.writeUTF(ring.current().text());
            out.writeByte(ring.fingerprintKey().version());
            out.writeLong(ring.fingerprintKey().created().toEpochMilli());
            writeKey(out, ring.fingerprintKey().key());
        } catch (IOException e) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the ring could not be written", e);
        }
        return SecretBytes.owning(bytes.toByteArray());
    }

    static KeyRing decode(SecretBytes encoded) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded.reveal()))) {
            if (in.readByte() != VERSION) {
                throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the keystore is of a later version");
            }
            String vault = in.readUTF();
            int count = in.readInt();
            if (count < 1 || count > KEYS_MAX) {
                throw new IOException("a ring has 1 to " + KEYS_MAX + " keys");
            }
            Map<KeyId, DataKey> dataKeys = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                KeyId id = new KeyId(in.readUTF());
                Instant created = Instant.ofEpochMilli(in.readLong());
                dataKeys.put(id, new DataKey(id, readKey(in), created));
            }
            KeyId current = new KeyId(in.readUTF());
            int version = in.readByte();
            Instant created = Instant.ofEpochMilli(in.readLong());
            return new KeyRing(vault, dataKeys, current, new FingerprintKey(version, readKey(in), created));
        } catch (IOException | IllegalArgumentException e) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the keystore is damaged", e);
        }
    }

    private static void writeKey(DataOutputStream out, SecretBytes key) throws IOException {
        out.writeShort(key.length());
        out.write(key.reveal());
    }

    private static SecretBytes readKey(DataInputStream in) throws IOException {
        byte[] key = new byte[in.readUnsignedShort()];
        in.readFully(key);
        return SecretBytes.owning(key);
    }
}
