package cardsecure.wallet;

import cardsecure.secret.SecretBytes;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The keys that a site has for a wallet as bytes, for sealing: `version (1) | last number given (4) | number
/// of keys (4) | each: number (4), algorithm (1), created (8), length (2), PKCS #8, length or 0 (2),
/// certificate`.
final class WalletKeyCodec {
    private static final int VERSION = 1;
    private static final int FIXED_LENGTH = 1 + 2 * Integer.BYTES;
    private static final int KEY_FIXED_LENGTH = Integer.BYTES + 1 + Long.BYTES + 2 * Short.BYTES;

    /// @param lastNumber that was given to a key, which may be gone
    /// @param keys the newest first
    record Keys(int lastNumber, List<WalletKey> keys) {
        static final Keys NONE = new Keys(0, List.of());

        Keys {
            keys = List.copyOf(keys);
        }
    }

    private WalletKeyCodec() {}

    /// A key's parts that have a length of their own.
    private record Encoded(WalletKey key, SecretBytes pkcs8, SecretBytes certificate) {
        static Encoded of(WalletKey key) {
            return new Encoded(
                    key,
                    SecretBytes.owning(key.pair().privateKey().getEncoded()),
                    SecretBytes.owning(
                            key.certificate().map(MerchantCertificate::encoded).orElse(new byte[0])));
        }

        int length() {
            return KEY_FIXED_LENGTH + pkcs8.length() + certificate.length();
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
            out.put((byte) part.key().pair().algorithm().letter());
            out.putLong(part.key().created().toEpochMilli());
            out.putShort((short) part.pkcs8().length());
            out.put(part.pkcs8().reveal());
            out.putShort((short) part.certificate().length());
            out.put(part.certificate().reveal());
            part.pkcs8().destroy();
        }
        return SecretBytes.owning(out.array());
    }

    /// @throws IllegalArgumentException for bytes that [#encode] did not make
    static Keys decode(SecretBytes encoded) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(encoded.reveal()))) {
            if (in.readByte() != VERSION) {
                throw new IllegalArgumentException("these are no wallet keys, or a later version's");
            }
            int lastNumber = in.readInt();
            int count = in.readInt();
            List<WalletKey> keys = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                keys.add(readKey(in));
            }
            return new Keys(lastNumber, keys);
        } catch (IOException e) {
            throw new IllegalArgumentException("the wallet keys end too soon", e);
        }
    }

    private static WalletKey readKey(DataInputStream in) throws IOException {
        int number = in.readInt();
        WalletKeyPair.Algorithm algorithm = WalletKeyPair.Algorithm.of((char) in.readUnsignedByte())
                .orElseThrow(() -> new IllegalArgumentException("a wallet key of a later version"));
        Instant created = Instant.ofEpochMilli(in.readLong());
        SecretBytes pkcs8 = SecretBytes.owning(readBytes(in));
        try {
            byte[] certificate = readBytes(in);
            return new WalletKey(
                    number,
                    WalletKeyPair.of(algorithm, pkcs8),
                    created,
                    certificate.length == 0 ? Optional.empty() : Optional.of(MerchantCertificate.parse(certificate)));
        } finally {
            pkcs8.destroy();
        }
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readUnsignedShort()];
        in.readFully(bytes);
        return bytes;
    }
}
