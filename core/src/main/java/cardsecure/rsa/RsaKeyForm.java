package cardsecure.rsa;

import cardsecure.crypto.NumberedKeys;
import cardsecure.crypto.NumberedKeys.Form;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;

/// An RSA key of a site among its [NumberedKeys]: `number (4) | padding (1) | created (8) | length (2) | PKCS #8`.
final class RsaKeyForm implements Form<RsaKey> {
    @Override
    public void write(RsaKey key, DataOutputStream out) throws IOException {
        out.writeInt(key.number());
        out.writeByte(key.padding().letter());
        out.writeLong(key.created().toEpochMilli());
        byte[] pkcs8 = key.privateKey().getEncoded();
        Form.writeBytes(out, pkcs8);
        Arrays.fill(pkcs8, (byte) 0);
    }

    @Override
    public RsaKey read(DataInputStream in) throws IOException {
        int number = in.readInt();
        RsaPadding padding = RsaPadding.of((char) in.readUnsignedByte())
                .orElseThrow(() -> new IllegalArgumentException("an RSA padding of a later version"));
        Instant created = Instant.ofEpochMilli(in.readLong());
        byte[] pkcs8 = Form.readBytes(in);
        try {
            return RsaKey.of(number, padding, created, pkcs8);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }
}
