package cardsecure.wallet;

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
import java.util.Optional;

/// The keys that a site has for a wallet as bytes, for sealing: `version (1) | last number given (4) | number
/// of keys (4) | each: number (4), algorithm (1), created (8), length (2), PKCS #8, length or 0 (2),
/// certificate`.
final class WalletKeyCodec {
    private static final int VERSION = 1;

    /// @param lastNumber that was given to a key, which may be gone
    /// @param keys the newest first
    record Keys(int lastNumber, List<WalletKey> keys) {
        static final Keys NONE = new Keys(0, List.of());

        Keys {
            keys = List.copyOf(keys);
        }
    }

    private WalletKeyCodec() {}

    static SecretBytes encode(Keys keys) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeInt(keys.lastNumber());
            out.writeInt(keys.keys().size());
            for (WalletKey key : keys.keys()) {
                byte[] pkcs8 = key.pair().privateKey().getEncoded();
                byte[] certificate =
                        key.certificate().map(MerchantCertificate::encoded).orElse(new byte[0]);
                out.writeInt(key.number());
                out.writeByte(key.pair().algorithm().letter());
                out.writeLong(key.created().toEpochMilli());
                out.writeShort(pkcs8.length);
                out.write(pkcs8);
                out.writeShort(certificate.length);
                out.write(certificate);
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
        byte[] certificate = readBytes(in);
        WalletKey key = new WalletKey(
                number,
                WalletKeyPair.of(algorithm, pkcs8),
                created,
                certificate.length == 0 ? Optional.empty() : Optional.of(MerchantCertificate.parse(certificate)));
        pkcs8.destroy();
        return key;
    }

    private static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readUnsignedShort()];
        in.readFully(bytes);
        return bytes;
    }
}
