package cardsecure.signing;

import cardsecure.crypto.Pool;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs requests and checks signatures with one key: HMAC-SHA-256 (RFC 2104). Safe for threads.
public final class RequestSigner {
    /// Bytes of a key.
    public static final int KEY_LENGTH = 32;

    /// Bytes of a signature.
    public static final int LENGTH = 32;

    private static final String ALGORITHM = "HmacSHA256";

    private final Pool<Mac> pool;

    /// A signer with a key.
    public RequestSigner(SecretBytes key) {
        Key spec = new SecretKeySpec(key.reveal(), ALGORITHM);
        this.pool = new Pool<>(() -> newMac(spec));
    }

    private static Mac newMac(Key key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.SERVER_FAILED, "HMAC-SHA-256 is not to be had", e);
        }
    }

    /// The signature of a [SigningText].
    public byte[] sign(SecretBytes text) {
        Mac mac = pool.take();
        byte[] signature = mac.doFinal(text.reveal());
        pool.give(mac);
        return signature;
    }

    /// Whether a signature is the text's, in a time that does not depend on where it differs.
    public boolean verifies(SecretBytes text, byte[] signature) {
        return MessageDigest.isEqual(sign(text), signature);
    }
}
