package cardsecure.dukpt;

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
import java.util.Optional;

/// The base keys of all sites' readers: at hand for requests, kept sealed in the store, changed by administrators; and
/// the key-block key, which is the vault's, and under which base keys come in. Safe for threads; look-ups never wait
/// for a change.
public final class BaseKeys {
    /// So many key sets of a site.
    public static final int SITE_MAX = 64;

    private static final String PREFIX = "base-keys/";
    private static final String KEY_BLOCK_KEY = "key-block-key";

    private final SealedSettings settings;
    private final SealedPerSite<List<SiteBaseKey>> bySite;

    /// Reads all base keys.
    ///
    /// @throws Refusal `0024` if they were changed in the store
    public BaseKeys(SealedSettings settings) throws StoreException {
        this.settings = settings;
        this.bySite = new SealedPerSite<>(settings, PREFIX, "base keys", List.of(), new SealedPerSite.Codec<>() {
            @Override
            public SecretBytes encode(List<SiteBaseKey> keys) {
                return BaseKeyCodec.encode(keys);
            }

            @Override
            public List<SiteBaseKey> decode(SiteId site, SecretBytes bytes) {
                return BaseKeyCodec.decode(bytes);
            }
        });
    }

    /// Takes what stands in the store, where another node has changed it.
    public void follow() throws StoreException {
        bySite.follow();
    }

    /// All of a site's, in the order in which they were loaded.
    public List<SiteBaseKey> of(SiteId site) {
        return bySite.of(site);
    }

    /// The base key of the reader that a KSN is of: of those of the KSN's scheme the one with the longest key set that
    /// fits.
    public Optional<SiteBaseKey> find(SiteId site, Ksn ksn) {
        List<SiteBaseKey> ofScheme = bySite.of(site).stream()
                .filter(each -> each.key().algorithm().scheme() == ksn.scheme())
                .toList();
        return KeySetId.longest(ofScheme, SiteBaseKey::keySet, ksn);
    }

    /// Loads a base key, durably.
    ///
    /// @throws Refusal `0044` if the site has one for this key set, or too many, or is gone
    public void add(SiteId site, SiteBaseKey key) throws StoreException {
        bySite.change(site, before -> {
            requireNone(before, key.keySet(), key.key().algorithm().scheme());
            if (before.size() >= SITE_MAX) {
                throw refused("the site has " + SITE_MAX
                        + " base keys, which is the most; remove one that no reader has" + " any more");
            }
            List<SiteBaseKey> keys = new ArrayList<>(before);
            keys.add(key);
            return List.copyOf(keys);
        });
    }

    /// Makes sure that [#add] can be called for a key set, before people are asked for its key.
    ///
    /// @throws Refusal `0044` if the site has a base key for it
    public void requireNone(SiteId site, KeySetId keySet, Scheme scheme) {
        requireNone(of(site), keySet, scheme);
    }

    private static void requireNone(List<SiteBaseKey> keys, KeySetId keySet, Scheme scheme) {
        if (keys.stream()
                .anyMatch(key ->
                        key.keySet().equals(keySet) && key.key().algorithm().scheme() == scheme)) {
            throw refused("the site has a base key for this key set; `cardsecure bdk list` shows its check value,"
                    + " `cardsecure bdk remove` destroys it");
        }
    }

    /// Destroys the base key of a key set (of both schemes), durably: what its readers send can be read no more.
    ///
    /// @throws Refusal `0044` if there is none
    public void remove(SiteId site, KeySetId keySet) throws StoreException {
        try (Remains remains = settings.expectRemains()) {
            bySite.change(site, before -> {
                List<SiteBaseKey> keys = new ArrayList<>(before);
                if (!keys.removeIf(key -> key.keySet().equals(keySet))) {
                    throw refused(
                            "the site has no base key for this key set; `cardsecure bdk list` shows those it has");
                }
                return List.copyOf(keys);
            });
            remains.destroyIfPossible();
        }
    }

    /// Removes all base keys of a site that is no more, durably; whoever removes it destroys their remains.
    public void removeAll(SiteId site) throws StoreException {
        bySite.remove(site);
    }

    /// The key under which key blocks come in, if one is loaded. It is read from the store, where another node may have
    /// put it.
    ///
    /// @throws Refusal `0024` if it was changed in the store
    public Optional<LoadedKeyBlockKey> keyBlockKey() throws StoreException {
        return settings.read(KEY_BLOCK_KEY).map(entry -> LoadedKeyBlockKey.decode(entry.value()));
    }

    /// Loads the key-block key, durably.
    ///
    /// @throws Refusal `0044` if there is one, or another node loaded one at the same time
    public synchronized void loadKeyBlockKey(LoadedKeyBlockKey key) throws StoreException {
        if (!settings.write(KEY_BLOCK_KEY, Optional.empty(), key.encode())) {
            throw refused("there is a key-block key; `cardsecure bdk kek remove` destroys it");
        }
    }

    /// Destroys the key-block key, durably.
    ///
    /// @throws Refusal `0044` if there is none
    public synchronized void removeKeyBlockKey() throws StoreException {
        try (Remains remains = settings.expectRemains()) {
            Optional<SealedSettings.Entry> kept = settings.read(KEY_BLOCK_KEY);
            if (kept.isEmpty() || !settings.remove(KEY_BLOCK_KEY, kept.get())) {
                throw refused("there is no key-block key; `cardsecure bdk kek add` loads one");
            }
            remains.destroyIfPossible();
        }
    }

    private static Refusal refused(String reason) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, reason);
    }
}
