package cardsecure.dukpt;

import cardsecure.secret.SecretBytes;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The base keys of a site as bytes, for sealing: `version (1) | number of keys (2) | each: key set, algorithm, variant
/// (as modified UTF-8 with a length of 2), added (8, epoch seconds), length (1), key`.
final class BaseKeyCodec {
    private static final int VERSION = 1;
    /// More than any key takes.
    private static final int KEY_MAX = 128;

    private BaseKeyCodec() {}

    static SecretBytes encode(List<SiteBaseKey> keys) {
        // Not a stream, which leaves copies behind as it grows.
        ByteBuffer out = ByteBuffer.allocate(Short.BYTES + 1 + keys.size() * KEY_MAX);
        out.put((byte) VERSION).putShort((short) keys.size());
        for (SiteBaseKey key : keys) {
            putText(out, key.keySet().digits());
            putText(out, key.key().algorithm().label());
            putText(out, key.variant().label());
            out.putLong(key.added().getEpochSecond());
            out.put((byte) key.key().key().length()).put(key.key().key().reveal());
        }
        SecretBytes encoded = SecretBytes.copyOf(out.array(), 0, out.position());
        Arrays.fill(out.array(), (byte) 0);
        return encoded;
    }

    private static void putText(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        out.putShort((short) bytes.length).put(bytes);
    }

    /// @throws IllegalArgumentException for bytes that [#encode] did not make
    static List<SiteBaseKey> decode(SecretBytes encoded) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded.reveal()))) {
            if (in.readByte() != VERSION) {
                throw new IllegalArgumentException("these are no base keys, or a later version's");
            }
            int count = in.readUnsignedShort();
            List<SiteBaseKey> keys = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                keys.add(readKey(in));
            }
            return List.copyOf(keys);
        } catch (IOException e) {
            throw new IllegalArgumentException("the base keys end too soon", e);
        }
    }

    private static SiteBaseKey readKey(DataInputStream in) throws IOException {
        KeySetId keySet = new KeySetId(in.readUTF());
        BaseKeyAlgorithm algorithm = BaseKeyAlgorithm.of(in.readUTF())
                .orElseThrow(() -> new IllegalArgumentException("a base key's algorithm of a later version"));
        KeyVariant variant = KeyVariant.of(in.readUTF())
                .orElseThrow(() -> new IllegalArgumentException("a base key's variant of a later version"));
        Instant added = Instant.ofEpochSecond(in.readLong());
        byte[] key = new byte[in.readUnsignedByte()];
        in.readFully(key);
        return new SiteBaseKey(keySet, variant, new BaseKey(algorithm, SecretBytes.owning(key)), added);
    }
}
