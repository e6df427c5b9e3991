package cardsecure.signing;

import cardsecure.crypto.Remains;
import cardsecure.crypto.SealedPerSite;
import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The keys that sites sign with: a site has none, one, or for a while the one before beside it. Kept sealed in the
/// store, one setting a site: `version (1) | key (32) | the one before (32), if it still counts`. Safe for threads;
/// look-ups never wait for a change.
public final class SigningKeys {
    private static final String PREFIX = "signing/";
    private static final byte VERSION = 1;

    private final SealedSettings settings;

    private final SealedPerSite<Keys> bySite;

    /// A site's keys, the newest first, and their signers.
    private record Keys(List<SecretBytes> kept, List<RequestSigner> signers) {
        static final Keys NONE = of(List.of());

        static Keys of(List<SecretBytes> kept) {
            return new Keys(
                    List.copyOf(kept), kept.stream().map(RequestSigner::new).toList());
        }
    }

    /// Reads all keys.
    ///
    /// @throws Refusal `0024` if they were changed in the store
    public SigningKeys(SealedSettings settings) throws StoreException {
        this.settings = settings;
        this.bySite = new SealedPerSite<>(settings, PREFIX, "signing keys", Keys.NONE, new SealedPerSite.Codec<>() {
            @Override
            public SecretBytes encode(Keys keys) {
                return SigningKeys.encode(keys.kept());
            }

            @Override
            public Keys decode(SiteId site, SecretBytes bytes) {
                return Keys.of(SigningKeys.decode(bytes.reveal()));
            }
        });
    }

    /// Takes what stands in the store, where another node has changed it.
    public void follow() throws StoreException {
        bySite.follow();
    }

    /// Signers with the keys of a site, the newest first; none if it has no key.
    public List<RequestSigner> of(SiteId site) {
        return bySite.of(site).signers();
    }

    /// Makes a key the site's, durably.
    ///
    /// @param keepBefore whether the key that the site has now counts on beside it
    /// @throws Refusal `0044` if the site is gone, or two keys count already and one is to be kept: nobody here
    ///        knows which of them clients use
    /// @throws IllegalArgumentException for a key of another length
    public void renew(SiteId site, SecretBytes key, boolean keepBefore) throws StoreException {
        if (key.length() != RequestSigner.KEY_LENGTH) {
            throw new IllegalArgumentException("a key has " + RequestSigner.KEY_LENGTH + " bytes");
        }
        try (Remains remains = settings.expectRemains()) {
            bySite.change(site, before -> {
                if (keepBefore && before.kept().size() > 1) {
                    throw new Refusal(
                            ErrorCode.CONFIG_ITEM_BAD,
                            "two keys of the site count already, maybe of an attempt that seemed to fail; drop the one"
                                + " that no client has: `cardsecure site signing drop-old` the older one, `drop-new`"
                                + " the newer one");
                }
                List<SecretBytes> keys = new ArrayList<>(List.of(key));
                if (keepBefore) {
                    keys.addAll(before.kept());
                }
                return Keys.of(keys);
            });
            remains.destroyIfPossible();
        }
    }

    /// Which of two keys.
    public enum Which {
        /// The one that was made first.
        OLD,
        /// The one that was made last.
        NEW
    }

    /// Lets one of two keys count no more, durably.
    ///
    /// @return whether there were two
    public boolean drop(SiteId site, Which which) throws StoreException {
        try (Remains remains = settings.expectRemains()) {
            boolean[] dropped = new boolean[1];
            bySite.change(site, before -> {
                dropped[0] = before.kept().size() > 1;
                if (!dropped[0]) {
                    return before;
                }
                return Keys.of(List.of(
                        switch (which) {
                            case OLD -> before.kept().getFirst();
                            case NEW -> before.kept().getLast();
                        }));
            });
            remains.destroyIfPossible();
            return dropped[0];
        }
    }

    /// Removes the keys of a site that is no more, durably; whoever removes it destroys their remains.
    public void removeAll(SiteId site) throws StoreException {
        bySite.remove(site);
    }

    private static SecretBytes encode(List<SecretBytes> keys) {
        ByteBuffer bytes = ByteBuffer.allocate(1 + keys.size() * RequestSigner.KEY_LENGTH);
        bytes.put(VERSION);
        keys.forEach(key -> bytes.put(key.reveal()));
        return SecretBytes.owning(bytes.array());
    }

    /// The newest first.
    private static List<SecretBytes> decode(byte[] bytes) {
        if (bytes.length < 1 || bytes[0] != VERSION || (bytes.length - 1) % RequestSigner.KEY_LENGTH != 0) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "a site's signing keys are of a later version");
        }
        List<SecretBytes> keys = new ArrayList<>();
        for (int at = 1; at < bytes.length; at += RequestSigner.KEY_LENGTH) {
            keys.add(SecretBytes.copyOf(bytes, at, RequestSigner.KEY_LENGTH));
        }
        return keys;
    }
}
