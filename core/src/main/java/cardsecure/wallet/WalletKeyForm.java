package cardsecure.wallet;

import cardsecure.crypto.NumberedKeys;
import cardsecure.crypto.NumberedKeys.Form;
import cardsecure.secret.SecretBytes;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/// A key that a site has for a wallet, among its [NumberedKeys], the newest first: `number (4) | algorithm (1) |
/// created (8) | length (2) | PKCS #8 | length or 0 (2) | certificate`.
final class WalletKeyForm implements Form<WalletKey> {
    @Override
    public void write(WalletKey key, DataOutputStream out) throws IOException {
        out.writeInt(key.number());
        out.writeByte(key.pair().algorithm().letter());
        out.writeLong(key.created().toEpochMilli());
        byte[] pkcs8 = key.pair().privateKey().getEncoded();
        Form.writeBytes(out, pkcs8);
        Arrays.fill(pkcs8, (byte) 0);
        Form.writeBytes(out, key.certificate().map(MerchantCertificate::encoded).orElse(new byte[0]));
    }

    @Override
    public WalletKey read(DataInputStream in) throws IOException {
        int number = in.readInt();
        WalletKeyPair.Algorithm algorithm = WalletKeyPair.Algorithm.of((char) in.readUnsignedByte())
                .orElseThrow(() -> new IllegalArgumentException("a wallet key of a later version"));
        Instant created = Instant.ofEpochMilli(in.readLong());
        SecretBytes pkcs8 = SecretBytes.owning(Form.readBytes(in));
        try {
            byte[] certificate = Form.readBytes(in);
            return new WalletKey(
                    number,
                    WalletKeyPair.of(algorithm, pkcs8),
                    created,
                    certificate.length == 0 ? Optional.empty() : Optional.of(MerchantCertificate.parse(certificate)));
        } finally {
            pkcs8.destroy();
        }
    }
}
