package cardsecure.crypto;

import cardsecure.card.ClearData;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.FingerprintKey;
import cardsecure.site.SiteId;
import cardsecure.store.Fingerprint;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/// Makes fingerprints: HMAC-SHA-256 (RFC 2104) over `domain (1) | site (4) | normalised data`, under a key that is used
/// for nothing else (PCI DSS 4.0.1, 3.5.1.1: keyed hashes of the whole PAN). Safe for threads.
public final class Fingerprinter {
    private static final String ALGORITHM = "HmacSHA256";

    private final byte version;
    private final Pool<Mac> pool;

    /// Makes fingerprints under `key`.
    public Fingerprinter(FingerprintKey key) {
        this.version = (byte) key.version();
        Key spec = new SecretKeySpec(key.key().reveal(), ALGORITHM);
        this.pool = new Pool<>(() -> newMac(spec));
    }

    private static Mac newMac(Key key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new Refusal(ErrorCode.FINGERPRINT_FAILURE, "HMAC-SHA-256 is not to be had", e);
        }
    }

    /// The fingerprint of a site's datum.
    ///
    /// @throws Refusal `0050` if it cannot be made
    public Fingerprint fingerprint(SiteId site, ClearData data) {
        byte[] prefix = ByteBuffer.allocate(5)
                .put((byte) data.domain().letter())
                .putInt(site.number())
                .array();
        byte[] fingerprint = new byte[Fingerprint.LENGTH];
        fingerprint[0] = version;
        Mac mac = pool.take();
        try {
            mac.update(prefix);
            mac.update(data.normalised().reveal());
            mac.doFinal(fingerprint, 1);
        } catch (ShortBufferException e) {
            throw new Refusal(ErrorCode.FINGERPRINT_FAILURE, "the fingerprint could not be made", e);
        }
        pool.give(mac);
        return new Fingerprint(fingerprint);
    }
}
