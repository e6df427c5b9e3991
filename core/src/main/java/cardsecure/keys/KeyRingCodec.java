package cardsecure.keys;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.secret.SecretOutput;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A ring as bytes, for sealing.
/// ```
/// version (1) | vault | generation (8) | data keys | fingerprint keys | callers' keys
/// data keys, callers' keys: number (4) | each: id, state (1), created (8), since (8), key
/// fingerprint keys: number (4) | each: version (1), created (8), key | current (1) | rewriting (1)
/// ```
/// Texts and keys have a length of 2 before them; times are milliseconds since 1970.
public final class KeyRingCodec {
    private static final int VERSION = 2;
    private static final int KEYS_MAX = 46_656;

    /// The states by the byte that stands for them; never to be put in another order.
    private static final List<DataKey.State> STATES = List.of(
            DataKey.State.INSTALLED,
            DataKey.State.CURRENT,
            DataKey.State.OPENING,
            DataKey.State.RETIRED,
            DataKey.State.DESTROYED);

    private KeyRingCodec() {}

    /// The ring as bytes.
    public static SecretBytes encode(KeyRing ring) {
        try (SecretOutput bytes = new SecretOutput();
                DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeUTF(ring.vault());
            out.writeLong(ring.generation());
            writeDataKeys(out, ring.dataKeys());
            writeFingerprintKeys(out, ring.fingerprintKeys());
            writeDataKeys(out, ring.callerKeys());
            return bytes.take();
        } catch (IOException e) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the ring could not be written", e);
        }
    }

    private static void writeDataKeys(DataOutputStream out, DataKeys keys) throws IOException {
        out.writeInt(keys.all().size());
        for (DataKey key : keys.all()) {
            out.writeUTF(key.id().text());
            out.writeByte(STATES.indexOf(key.state()));
            out.writeLong(key.created().toEpochMilli());
            out.writeLong(key.since().toEpochMilli());
            writeKey(out, key.key().orElseGet(() -> SecretBytes.owning(new byte[0])));
        }
    }

    private static void writeFingerprintKeys(DataOutputStream out, FingerprintKeys keys) throws IOException {
        out.writeInt(keys.all().size());
        for (FingerprintKey key : keys.all()) {
            out.writeByte(key.version());
            out.writeLong(key.created().toEpochMilli());
            writeKey(out, key.key());
        }
        out.writeByte(keys.current());
        out.writeBoolean(keys.rewriting());
    }

    /// The ring of bytes.
    ///
    /// @throws Refusal `0027` if they are none
    public static KeyRing decode(SecretBytes encoded) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded.reveal()))) {
            if (in.readByte() != VERSION) {
                throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the keystore is of another version");
            }
            KeyRing ring = new KeyRing(
                    in.readUTF(), in.readLong(), readDataKeys(in), readFingerprintKeys(in), readDataKeys(in));
            if (in.read() >= 0) {
                throw new IOException("bytes after the ring");
            }
            return ring;
        } catch (IOException | IllegalArgumentException e) {
            throw new Refusal(ErrorCode.KEYSTORE_NOT_INITIALIZED, "the keystore is damaged", e);
        }
    }

    private static DataKeys readDataKeys(DataInputStream in) throws IOException {
        int count = readCount(in);
        List<DataKey> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            KeyId id = new KeyId(in.readUTF());
            int state = in.readUnsignedByte();
            if (state >= STATES.size()) {
                throw new IOException("no state of a key");
            }
            Instant created = Instant.ofEpochMilli(in.readLong());
            Instant since = Instant.ofEpochMilli(in.readLong());
            SecretBytes key = readKey(in);
            keys.add(new DataKey(
                    id, STATES.get(state), created, since, key.length() == 0 ? Optional.empty() : Optional.of(key)));
        }
        return new DataKeys(keys);
    }

    private static FingerprintKeys readFingerprintKeys(DataInputStream in) throws IOException {
        int count = readCount(in);
        List<FingerprintKey> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int version = in.readByte();
            Instant created = Instant.ofEpochMilli(in.readLong());
            keys.add(new FingerprintKey(version, readKey(in), created));
        }
        return new FingerprintKeys(keys, in.readByte(), in.readBoolean());
    }

    private static int readCount(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 1 || count > KEYS_MAX) {
            throw new IOException("a ring has 1 to " + KEYS_MAX + " keys of a kind");
        }
        return count;
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
