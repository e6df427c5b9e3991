package cardsecure.rocks;

import cardsecure.card.Domain;
import cardsecure.site.SiteId;
import cardsecure.store.Fingerprint;
import cardsecure.store.IndexEntry;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import cardsecure.token.Token;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Rows as keys and values. Numbers are big-endian, so that a site's rows stand together.
/// ```
/// tokens        site (4) | domain (1) | token (1 to 64)  ->  parts (1) | fingerprint (33, if any) | sealed data (rest)
/// fingerprints  site (4) | fingerprint (33)              ->  domain (1) | token (1 to 64)
/// ```
final class RowCodec {
    private static final int SITE_LENGTH = Integer.BYTES;
    private static final int DOMAIN_LENGTH = 1;
    private static final int PARTS_LENGTH = 1;

    /// Bits of `parts`.
    private static final int HAS_FINGERPRINT = 1;

    private static final int HAS_DATA = 2;

    private RowCodec() {}

    static byte[] tokenKey(TokenPlace place) {
        byte[] token = place.token().bytes();
        return ByteBuffer.allocate(SITE_LENGTH + DOMAIN_LENGTH + token.length)
                .putInt(place.site().number())
                .put((byte) place.domain().letter())
                .put(token)
                .array();
    }

    static byte[] fingerprintKey(SiteId site, Fingerprint fingerprint) {
        return ByteBuffer.allocate(SITE_LENGTH + Fingerprint.LENGTH)
                .putInt(site.number())
                .put(fingerprint.bytes())
                .array();
    }

    /// The first key that a row of the site may have, in both families.
    static byte[] firstKey(SiteId site) {
        return ByteBuffer.allocate(SITE_LENGTH).putInt(site.number()).array();
    }

    /// The first key after all rows of the site. Compared as unsigned, it comes after them for the last site too.
    static byte[] endKey(SiteId site) {
        return ByteBuffer.allocate(SITE_LENGTH).putInt(site.number() + 1).array();
    }

    static byte[] encodeRow(TokenRow row) {
        byte[] fingerprint = row.fingerprint().map(Fingerprint::bytes).orElse(new byte[0]);
        byte[] data = row.data().map(SealedData::bytes).orElse(new byte[0]);
        int parts = (row.fingerprint().isPresent() ? HAS_FINGERPRINT : 0)
                | (row.data().isPresent() ? HAS_DATA : 0);
        return ByteBuffer.allocate(PARTS_LENGTH + fingerprint.length + data.length)
                .put((byte) parts)
                .put(fingerprint)
                .put(data)
                .array();
    }

    static TokenRow decodeRow(TokenPlace place, byte[] value) throws StoreException {
        if (value.length == 0 || (value[0] & ~(HAS_FINGERPRINT | HAS_DATA)) != 0) {
            throw damaged();
        }
        boolean hasFingerprint = (value[0] & HAS_FINGERPRINT) != 0;
        boolean hasData = (value[0] & HAS_DATA) != 0;
        int dataStart = PARTS_LENGTH + (hasFingerprint ? Fingerprint.LENGTH : 0);
        if (value.length < dataStart || (!hasData && value.length > dataStart)) {
            throw damaged();
        }
        Optional<Fingerprint> fingerprint = hasFingerprint
                ? Optional.of(new Fingerprint(Arrays.copyOfRange(value, PARTS_LENGTH, dataStart)))
                : Optional.empty();
        Optional<SealedData> data = hasData
                ? Optional.of(new SealedData(Arrays.copyOfRange(value, dataStart, value.length)))
                : Optional.empty();
        return new TokenRow(place, fingerprint, data);
    }

    static byte[] encodePlace(TokenPlace place) {
        byte[] key = tokenKey(place);
        return Arrays.copyOfRange(key, SITE_LENGTH, key.length);
    }

    static TokenPlace decodePlace(SiteId site, byte[] value) throws StoreException {
        if (value.length <= DOMAIN_LENGTH) {
            throw damaged();
        }
        Domain domain = Domain.of((char) value[0]).orElseThrow(RowCodec::damaged);
        String text = new String(value, DOMAIN_LENGTH, value.length - DOMAIN_LENGTH, StandardCharsets.US_ASCII);
        try {
            return new TokenPlace(site, domain, new Token(text));
        } catch (IllegalArgumentException e) {
            throw new StoreException("a row is damaged", e);
        }
    }

    static TokenPlace decodeTokenKey(byte[] key) throws StoreException {
        if (key.length <= SITE_LENGTH) {
            throw damaged();
        }
        SiteId site = decodeSite(key);
        return decodePlace(site, Arrays.copyOfRange(key, SITE_LENGTH, key.length));
    }

    static byte[] fingerprintKey(FingerprintKey key) {
        return fingerprintKey(key.site(), key.fingerprint());
    }

    static byte[] fingerprintKey(IndexEntry entry) {
        return fingerprintKey(entry.site(), entry.fingerprint());
    }

    static IndexEntry decodeIndexEntry(byte[] key, byte[] value) throws StoreException {
        if (key.length != SITE_LENGTH + Fingerprint.LENGTH) {
            throw damaged();
        }
        SiteId site = decodeSite(key);
        Fingerprint fingerprint = new Fingerprint(Arrays.copyOfRange(key, SITE_LENGTH, key.length));
        return new IndexEntry(site, fingerprint, decodePlace(site, value));
    }

    private static SiteId decodeSite(byte[] key) throws StoreException {
        int number = ByteBuffer.wrap(key).getInt();
        if (number <= 0) {
            throw damaged();
        }
        return new SiteId(number);
    }

    private static StoreException damaged() {
        return new StoreException("a row is damaged");
    }
}
