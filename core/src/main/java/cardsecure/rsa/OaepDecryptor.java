package cardsecure.rsa;

import cardsecure.crypto.Pool;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/// OAEP with SHA-256 and MGF1 with SHA-256. Whatever the JDK throws is one failure (Manger, CRYPTO 2001, needs
/// two), and comes out as an empty message, which no kind of data is. The JDK names neither hash unless it is
/// told, and takes SHA-1 for MGF1 then.
final class OaepDecryptor implements RsaDecryptor {
    static final OAEPParameterSpec PARAMETERS =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

    private final Pool<Cipher> ciphers;

    OaepDecryptor(RsaKey key) {
        this.ciphers = new Pool<>(() -> newCipher(key));
        ciphers.give(newCipher(key));
    }

    private static Cipher newCipher(RsaKey key) {
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
            cipher.init(Cipher.DECRYPT_MODE, key.privateKey(), PARAMETERS);
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.APPLICATION_NOT_INITIALIZED, "RSA-OAEP is not to be had", e);
        }
    }

    @Override
    public Opened decrypt(byte[] ciphertext) {
        Cipher cipher = ciphers.take();
        try {
            SecretBytes message = SecretBytes.owning(cipher.doFinal(ciphertext));
            ciphers.give(cipher);
            return new Opened(message, true);
        } catch (GeneralSecurityException | RuntimeException _) {
            return new Opened(SecretBytes.owning(new byte[0]), false);
        }
    }
}
