package cardsecure.rsa;

import cardsecure.crypto.NumberedKeys;
import cardsecure.crypto.Remains;
import cardsecure.crypto.SealedPerSite;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.StoreException;
import java.util.ArrayList;
import java.util.List;

/// The RSA keys of all sites: at hand for requests, kept sealed in the store, changed by administrators. Those of
/// a site are one setting, so that two nodes cannot give the same number. Safe for threads; look-ups never wait
/// for a change.
public final class RsaKeyDirectory {
    /// A renewal needs two; each one more costs every request a decryption.
    public static final int SITE_MAX = 4;

    private static final String PREFIX = "rsa-keys/";
    private static final RsaKeyForm FORM = new RsaKeyForm();

    private final SealedSettings settings;
    private final SealedPerSite<Held> bySite;

    /// A site's keys, as they are kept and as they are used.
    private record Held(NumberedKeys<RsaKey> kept, SiteRsaKeys used) {
        static final Held NONE = of(NumberedKeys.none());

        static Held of(NumberedKeys<RsaKey> kept) {
            return new Held(kept, SiteRsaKeys.of(kept.keys()));
        }
    }

    /// Reads all keys.
    ///
    /// @throws Refusal `0024` if they were changed in the store
    public RsaKeyDirectory(SealedSettings settings) throws StoreException {
        this.settings = settings;
        this.bySite = new SealedPerSite<>(settings, PREFIX, "RSA keys", Held.NONE, new SealedPerSite.Codec<>() {
            @Override
            public SecretBytes encode(Held keys) {
                return keys.kept().encode(FORM);
            }

            @Override
            public Held decode(SiteId site, SecretBytes bytes) {
                return Held.of(NumberedKeys.decode(bytes, FORM));
            }
        });
    }

    /// Takes what stands in the store, where another node has changed it.
    public void follow() throws StoreException {
        bySite.follow();
    }

    /// The keys of a site, which may be none.
    public SiteRsaKeys of(SiteId site) {
        return bySite.of(site).used();
    }

    /// Gives a site one more key, durably. It is the one that callers get from now on; the others go on decrypting.
    ///
    /// @param key without a number
    /// @return the key with its number
    /// @throws Refusal `0044` if the site has too many, or is gone
    public RsaKey add(SiteId site, RsaKey key) throws StoreException {
        RsaKey[] added = new RsaKey[1];
        replace(site, before -> {
            if (before.keys().size() >= SITE_MAX) {
                throw new Refusal(
                        ErrorCode.CONFIG_ITEM_BAD,
                        "the site has " + SITE_MAX + " RSA keys, which is the most; remove one that no caller uses any"
                                + " more, with `cardsecure site rsa-key remove`");
            }
            added[0] = key.numbered(before.lastNumber() + 1);
            List<RsaKey> keys = new ArrayList<>(before.keys());
            keys.add(added[0]);
            return new NumberedKeys<>(added[0].number(), keys);
        });
        return added[0];
    }

    /// Destroys a key, durably: what is encrypted for it can be decrypted nowhere any more.
    ///
    /// @return how many are left
    /// @throws Refusal `0044` if there is none of that number
    public int remove(SiteId site, int number) throws StoreException {
        try (Remains remains = settings.expectRemains()) {
            replace(site, before -> {
                List<RsaKey> keys = new ArrayList<>(before.keys());
                if (!keys.removeIf(key -> key.number() == number)) {
                    throw new Refusal(
                            ErrorCode.CONFIG_ITEM_BAD,
                            "the site has no RSA key of that number; `cardsecure site rsa-key list` shows those it"
                                    + " has");
                }
                return new NumberedKeys<>(before.lastNumber(), keys);
            });
            remains.destroyIfPossible();
        }
        return of(site).all().size();
    }

    /// Removes all keys of a site that is no more, durably; whoever removes it destroys their remains.
    public void removeAll(SiteId site) throws StoreException {
        bySite.remove(site);
    }

    private interface Change {
        NumberedKeys<RsaKey> apply(NumberedKeys<RsaKey> before);
    }

    private void replace(SiteId site, Change change) throws StoreException {
        bySite.change(site, before -> Held.of(change.apply(before.kept())));
    }
}
