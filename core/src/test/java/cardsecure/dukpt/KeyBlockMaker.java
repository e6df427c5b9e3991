package cardsecure.dukpt;

import cardsecure.secret.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.KeyParameter;

/// Makes key blocks of version D (TR-31:2018, 5.3.3), which the product only reads.
public final class KeyBlockMaker {
    private static final int BLOCK = 16;

    private KeyBlockMaker() {}

    /// So many random bytes.
    static SecretBytes random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return SecretBytes.owning(bytes);
    }

    /// A block without optional blocks.
    ///
    /// @param use usage, algorithm, mode, key version, exportability: `B0AX00N`
    public static String aes(KeyBlockKey protection, String use, SecretBytes key, Random random) {
        return aes(protection, use, "", 0, key, random);
    }

    static String aes(KeyBlockKey protection, String use, String optional, int count, SecretBytes key, Random random) {
        int padded = (2 + key.length() + BLOCK - 1) / BLOCK * BLOCK;
        int length = 16 + optional.length() + 2 * (padded + BLOCK);
        String head = String.format(Locale.ROOT, "D%04d%s%02d00%s", length, use, count, optional);
        byte[] clear = new byte[padded];
        random.nextBytes(clear);
        ByteBuffer.wrap(clear).putShort((short) (key.length() * 8)).put(key.reveal());
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        message.writeBytes(clear);
        byte[] mac = cmac(derive(protection.key(), 1), message.toByteArray());
        try {
            Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
            SecretKeySpec encryption = new SecretKeySpec(derive(protection.key(), 0), "AES");
            cipher.init(Cipher.ENCRYPT_MODE, encryption, new IvParameterSpec(mac));
            HexFormat hex = HexFormat.of().withUpperCase();
            return head + hex.formatHex(cipher.doFinal(clear)) + hex.formatHex(mac);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] derive(SecretBytes key, int usage) {
        int length = key.length();
        ByteBuffer derived = ByteBuffer.allocate(2 * BLOCK);
        for (int counter = 1; counter <= 2; counter++) {
            byte[] data = {(byte) counter, 0, (byte) usage, 0, 0, (byte) (length / 8), 0, 0};
            ByteBuffer.wrap(data).putShort(6, (short) (length * 8));
            derived.put(cmac(key.reveal(), data));
        }
        return Arrays.copyOf(derived.array(), length);
    }

    private static byte[] cmac(byte[] key, byte[] message) {
        CMac mac = new CMac(AESEngine.newInstance());
        mac.init(new KeyParameter(key));
        mac.update(message, 0, message.length);
        byte[] code = new byte[BLOCK];
        mac.doFinal(code, 0);
        return code;
    }
}
