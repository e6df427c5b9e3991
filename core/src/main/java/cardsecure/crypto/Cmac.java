package cardsecure.crypto;

import cardsecure.secret.SecretBytes;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.engines.DESedeEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.KeyParameter;

/// CMAC (NIST SP 800-38B), which the JDK does not have: check values, and what key blocks are made with. Every call has
/// a key of its own; it is for keys that people load, not for requests.
public final class Cmac {
    private Cmac() {}

    /// The 16 bytes of a CMAC with AES.
    ///
    /// @param key 16, 24 or 32 bytes
    public static byte[] aes(SecretBytes key, byte[] message) {
        return of(AESEngine.newInstance(), key, message);
    }

    /// The 8 bytes of a CMAC with triple DES.
    ///
    /// @param key 16 or 24 bytes
    public static byte[] tripleDes(SecretBytes key, byte[] message) {
        return of(new DESedeEngine(), key, message);
    }

    private static byte[] of(BlockCipher cipher, SecretBytes key, byte[] message) {
        CMac mac = new CMac(cipher);
        mac.init(new KeyParameter(key.reveal()));
        mac.update(message, 0, message.length);
        byte[] code = new byte[mac.getMacSize()];
        mac.doFinal(code, 0);
        return code;
    }
}
