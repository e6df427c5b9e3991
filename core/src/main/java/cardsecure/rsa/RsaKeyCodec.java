package cardsecure.rsa;

import cardsecure.secret.SecretBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The RSA keys of a site as bytes, for sealing: `version (1) | last number given (4) | number of keys (4) | each:
/// number
/// (4), padding (1), created (8), length (2), PKCS #8`.
final class RsaKeyCodec {
    private static final int VERSION = 1;

    /// @param lastNumber that was given to a key, which may be gone
    record Keys(int lastNumber, List<RsaKey> keys) {
        static final Keys NONE = new Keys(0, List.of());

        Keys {
            keys = List.copyOf(keys);
        }
    }

    private RsaKeyCodec() {}

    static SecretBytes encode(Keys keys) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(keys.lastNumber());
            out.writeInt(keys.keys().size());
            for (RsaKey key : keys.keys()) {
                byte[] pkcs8 = key.privateKey().getEncoded();
                out.writeInt(key.number());
                out.writeByte(key.padding().letter());
                out.writeLong(key.created().toEpochMilli());
                out.writeShort(pkcs8.length);
                out.write(pkcs8);
                Arrays.fill(pkcs8, (byte) 0);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return SecretBytes.owning(bytes.toByteArray());
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
