package cardsecure.crypto;

import cardsecure.card.ClearData;
import cardsecure.card.Domain;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.keys.FingerprintKey;
import cardsecure.keys.FingerprintKeys;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.Fingerprint;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/// Makes fingerprints: HMAC-SHA-256 (RFC 2104) over `domain (1) | site (4) | normalised data`, under a key that is
/// used for nothing else (PCI DSS 4.0.1, 3.5.1.1: keyed hashes of the whole PAN); or, of a row whose data are gone,
/// over `W | its fingerprint under the key before (33)`. Safe for threads; the keys may be exchanged at any time.
public final class Fingerprinter {
    private static final String ALGORITHM = "HmacSHA256";

    /// What stands in a domain's place before a fingerprint that is wrapped; no domain has this letter.
    private static final byte WRAPPED = 'W';

    private record Maker(byte version, Pool<Mac> pool) {
        static Maker of(FingerprintKey key) {
            Key spec = new SecretKeySpec(key.key().reveal(), ALGORITHM);
            return new Maker((byte) key.version(), new Pool<>(() -> newMac(spec)));
        }

        Fingerprint make(byte[] prefix, byte[] content) {
            byte[] fingerprint = new byte[Fingerprint.LENGTH];
            fingerprint[0] = version;
            Mac mac = pool.take();
            try {
                mac.update(prefix);
                mac.update(content);
                mac.doFinal(fingerprint, 1);
            } catch (ShortBufferException e) {
                throw new Refusal(ErrorCode.FINGERPRINT_FAILURE, "the fingerprint could not be made", e);
            }
            pool.give(mac);
            return new Fingerprint(fingerprint);
        }

        Fingerprint wrap(Fingerprint older) {
            return make(new byte[] {WRAPPED}, older.bytes());
        }
    }

    /// What is needed of some keys.
    ///
    /// @param makers by version, ascending
    /// @param current the index of the one that makes those of new rows
    /// @param lowest the index of the oldest one that rows may be found by
    private record Makers(List<Maker> makers, int current, int lowest) {
        static Makers of(FingerprintKeys keys) {
            int current = keys.current() - keys.all().getFirst().version();
            return new Makers(
                    keys.all().stream().map(Maker::of).toList(), current, keys.rewriting() ? current - 1 : current);
        }
    }

    private volatile Makers makers;

    /// Makes fingerprints under `keys`.
    public Fingerprinter(FingerprintKeys keys) {
        this.makers = Makers.of(keys);
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

    /// Goes on with other keys of the same vault.
    public void follow(FingerprintKeys keys) {
        makers = Makers.of(keys);
    }

    /// The fingerprints that a row of a site's datum may have: first the one that a new row gets, then the others.
    ///
    /// @throws Refusal `0050` if they cannot be made
    public List<Fingerprint> candidates(SiteId site, ClearData data) {
        return candidates(site, data.domain(), data.normalised());
    }

    /// As [#candidates(SiteId, ClearData)], of data that a row holds.
    ///
    /// @param normalised the data as they are kept
    /// @throws Refusal `0050` if they cannot be made
    public List<Fingerprint> candidates(SiteId site, Domain domain, SecretBytes normalised) {
        return candidates(makers, prefix(site, domain), normalised.reveal());
    }

    private static List<Fingerprint> candidates(Makers now, byte[] prefix, byte[] content) {
        Fingerprint own = now.makers().get(now.current()).make(prefix, content);
        if (now.makers().size() == 1) {
            return List.of(own);
        }
        List<Fingerprint> candidates = new ArrayList<>();
        candidates.add(own);
        // Each row that follows is one key's fingerprint, wrapped by all keys after it.
        for (int from = 0; from < now.makers().size(); from++) {
            Fingerprint fingerprint =
                    from == now.current() ? own : now.makers().get(from).make(prefix, content);
            for (int at = from; at < now.makers().size(); at++) {
                if (at > from) {
                    fingerprint = now.makers().get(at).wrap(fingerprint);
                }
                if (at >= now.lowest() && !fingerprint.equals(own)) {
                    candidates.add(fingerprint);
                }
            }
        }
        return List.copyOf(candidates);
    }

    /// Whether a row of a datum may have a fingerprint: it is one of [#candidates].
    ///
    /// @param normalised the data as they are kept
    /// @throws Refusal `0050` if that cannot be found out
    public boolean mayHave(SiteId site, Domain domain, SecretBytes normalised, Fingerprint fingerprint) {
        Makers now = makers;
        byte[] prefix = prefix(site, domain);
        byte[] content = normalised.reveal();
        return now.makers().get(now.current()).make(prefix, content).equals(fingerprint)
                || candidates(now, prefix, content).contains(fingerprint);
    }

    /// Whether rows are looked for by fingerprints of a version.
    public boolean looksFor(int version) {
        Makers now = makers;
        return now.makers().stream().skip(now.lowest()).anyMatch(maker -> maker.version() == version);
    }

    /// The fingerprint of a row that holds data, under the current key.
    ///
    /// @param normalised the data as they are kept
    /// @throws Refusal `0050` if it cannot be made
    public Fingerprint renew(SiteId site, Domain domain, SecretBytes normalised) {
        Makers now = makers;
        return now.makers().get(now.current()).make(prefix(site, domain), normalised.reveal());
    }

    /// The fingerprint of a row whose data are gone, under the current key: it is made of the one that it has.
    ///
    /// @throws Refusal `0050` if it is not of the version before
    public Fingerprint wrap(Fingerprint older) {
        Makers now = makers;
        Maker maker = now.makers().get(now.current());
        if (older.version() != maker.version() - 1) {
            throw new Refusal(
                    ErrorCode.FINGERPRINT_FAILURE,
                    "a row has a fingerprint of version " + older.version() + ", neither the current one nor the one"
                            + " before");
        }
        return maker.wrap(older);
    }

    /// The version of the fingerprints of new rows.
    public int version() {
        Makers now = makers;
        return now.makers().get(now.current()).version();
    }

    private static byte[] prefix(SiteId site, Domain domain) {
        return ByteBuffer.allocate(5)
                .put((byte) domain.letter())
                .putInt(site.number())
                .array();
    }
}
