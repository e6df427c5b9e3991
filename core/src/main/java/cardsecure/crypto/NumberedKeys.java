package cardsecure.crypto;

import cardsecure.secret.SecretBytes;
import cardsecure.secret.SecretOutput;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/// A site's keys of one kind, each of which has a number that no other gets. As bytes, for sealing: `version (1) |
/// last number given (4) | number of keys (4) | the keys`.
///
/// @param lastNumber that was given to a key, which may be gone
public record NumberedKeys<K>(int lastNumber, List<K> keys) {
    private static final int VERSION = 1;

    /// Keeps a copy.
    public NumberedKeys {
        keys = List.copyOf(keys);
    }

    /// No keys, and no number given.
    public static <K> NumberedKeys<K> none() {
        return new NumberedKeys<>(0, List.of());
    }

    /// How one of the keys is written.
    public interface Form<K> {
        /// Writes a key.
        void write(K key, DataOutputStream out) throws IOException;

        /// Reads what [#write] wrote.
        ///
        /// @throws IOException if it ends too soon
        /// @throws IllegalArgumentException for anything else
        K read(DataInputStream in) throws IOException;

        /// Writes bytes behind their length (2).
        static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
            out.writeShort(bytes.length);
            out.write(bytes);
        }

        /// Reads what [#writeBytes] wrote.
        static byte[] readBytes(DataInputStream in) throws IOException {
            byte[] bytes = new byte[in.readUnsignedShort()];
            in.readFully(bytes);
            return bytes;
        }
    }

    /// The keys as bytes.
    public SecretBytes encode(Form<K> form) {
        // What a key's form throws leaves nothing of the keys before it.
        try (SecretOutput bytes = new SecretOutput();
                DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(lastNumber);
            out.writeInt(keys.size());
            for (K key : keys) {
                form.write(key, out);
            }
            return bytes.take();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /// The keys of bytes.
    ///
    /// @throws IllegalArgumentException for bytes that [#encode] did not make
    public static <K> NumberedKeys<K> decode(SecretBytes encoded, Form<K> form) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded.reveal()))) {
            if (in.readByte() != VERSION) {
                throw new IllegalArgumentException("these are no keys, or a later version's");
            }
            int lastNumber = in.readInt();
            int count = in.readInt();
            List<K> keys = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                keys.add(form.read(in));
            }
            return new NumberedKeys<>(lastNumber, keys);
        } catch (IOException e) {
            throw new IllegalArgumentException("the keys end too soon", e);
        }
    }
}
