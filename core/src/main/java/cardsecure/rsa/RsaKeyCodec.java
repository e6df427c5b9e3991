package cardsecure.rsa;

import cardsecure.secret.SecretBytes;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The RSA keys of a site as bytes, for sealing: `version (1) | last number given (4) | number of keys (4) | each:
/// number
/// (4), padding (1), created (8), length (2), PKCS #8`.
final class RsaKeyCodec {
    private static final int VERSION = 1;
    private static final int FIXED_LENGTH = 1 + 2 * Integer.BYTES;
    private static final int KEY_FIXED_LENGTH = Integer.BYTES + 1 + Long.BYTES + Short.BYTES;

    /// @param lastNumber that was given to a key, which may be gone
    record Keys(int lastNumber, List<RsaKey> keys) {
        static final Keys NONE = new Keys(0, List.of());

        Keys {
            keys = List.copyOf(keys);
        }
    }

    private RsaKeyCodec() {}

    /// A key, and its private half's bytes.
    private record Encoded(RsaKey key, SecretBytes pkcs8) {
        static Encoded of(RsaKey key) {
            return new Encoded(key, SecretBytes.owning(key.privateKey().getEncoded()));
        }

        int length() {
            return KEY_FIXED_LENGTH + pkcs8.length();
        }
    }

    /// Into an array of the right length at once: one that grows would leave private keys behind.
    static SecretBytes encode(Keys keys) {
        List<Encoded> parts = keys.keys().stream().map(Encoded::of).toList();
        ByteBuffer out = ByteBuffer.allocate(
                FIXED_LENGTH + parts.stream().mapToInt(Encoded::length).sum());
        out.put((byte) VERSION);
        out.putInt(keys.lastNumber());
        out.putInt(parts.size());
        for (Encoded part : parts) {
            out.putInt(part.key().number());
            out.put((byte) part.key().padding().letter());
            out.putLong(part.key().created().toEpochMilli());
            out.putShort((short) part.pkcs8().length());
            out.put(part.pkcs8().reveal());
            part.pkcs8().destroy();
        }
        return SecretBytes.owning(out.array());
    }

    /// @throws IllegalArgumentException for bytes that [#encode] did not make
    static Keys decode(SecretBytes encoded) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded.reveal()))) {
            if (in.readByte() != VERSION) {
                throw new IllegalArgumentException("these are no RSA keys, or a later version's");
            }
            int lastNumber = in.readInt();
            int count = in.readInt();
            List<RsaKey> keys = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                keys.add(readKey(in));
            }
            return new Keys(lastNumber, keys);
        } catch (IOException e) {
            throw new IllegalArgumentException("the RSA keys end too soon", e);
        }
    }

    private static RsaKey readKey(DataInputStream in) throws IOException {
        int number = in.readInt();
        RsaPadding padding = RsaPadding.of((char) in.readUnsignedByte())
                .orElseThrow(() -> new IllegalArgumentException("an RSA padding of a later version"));
        Instant created = Instant.ofEpochMilli(in.readLong());
        byte[] pkcs8 = new byte[in.readUnsignedShort()];
        in.readFully(pkcs8);
        RsaKey key = RsaKey.of(number, padding, created, pkcs8);
        Arrays.fill(pkcs8, (byte) 0);
        return key;
    }
}
