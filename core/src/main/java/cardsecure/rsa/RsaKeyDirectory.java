package cardsecure.rsa;

import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.site.SiteId;
import cardsecure.store.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The RSA keys of all sites: at hand for requests, kept sealed in the store, changed by administrators. Those of a
/// site
/// are one setting, so that two nodes cannot give the same number. Safe for threads; look-ups never wait for a
/// change.
public final class RsaKeyDirectory {
    /// A renewal needs two; each one more costs every request a decryption.
    public static final int SITE_MAX = 4;

    private static final String PREFIX = "rsa-keys/";
    private static final SiteRsaKeys NONE = SiteRsaKeys.of(List.of());

    private final SealedSettings settings;

    /// Sites that are gone: their numbers never come again.
    private final Set<SiteId> removed = new HashSet<>();

    private volatile Map<SiteId, SiteRsaKeys> bySite;

    /// Reads all keys.
    ///
    /// @throws Refusal `0024` if they were changed in the store
    public RsaKeyDirectory(SealedSettings settings) throws StoreException {
        this.settings = settings;
        Map<SiteId, SiteRsaKeys> read = new HashMap<>();
        for (String name : settings.names(PREFIX)) {
            SiteId site = new SiteId(Integer.parseInt(name.substring(PREFIX.length())));
            read.put(site, SiteRsaKeys.of(decode(settings.read(name)).keys()));
        }
        this.bySite = Map.copyOf(read);
    }

    /// The keys of a site, which may be none.
    public SiteRsaKeys of(SiteId site) {
        return bySite.getOrDefault(site, NONE);
    }

    /// Gives a site one more key, durably. It is the one that callers get from now on; the others go on decrypting.
    ///
    /// @param key without a number
    /// @return the key with its number
    /// @throws Refusal `0044` if the site has too many, or is gone
    public synchronized RsaKey add(SiteId site, RsaKey key) throws StoreException {
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
            return new RsaKeyCodec.Keys(added[0].number(), keys);
        });
        return added[0];
    }

    /// Destroys a key, durably: what is encrypted for it can be decrypted nowhere any more.
    ///
    /// @return how many are left
    /// @throws Refusal `0044` if there is none of that number
    public synchronized int remove(SiteId site, int number) throws StoreException {
        settings.expectRemains();
        replace(site, before -> {
            List<RsaKey> keys = new ArrayList<>(before.keys());
            if (!keys.removeIf(key -> key.number() == number)) {
                throw new Refusal(
                        ErrorCode.CONFIG_ITEM_BAD,
                        "the site has no RSA key of that number; `cardsecure site rsa-key list` shows those it has");
            }
            return new RsaKeyCodec.Keys(before.lastNumber(), keys);
        });
        settings.destroyRemainsIfPossible();
        return of(site).all().size();
    }

    /// Removes all keys of a site that is no more, durably; whoever removes it destroys their remains.
    public synchronized void removeAll(SiteId site) throws StoreException {
        removed.add(site);
        String name = settingName(site);
        Optional<SealedSettings.Entry> kept = settings.read(name);
        if (kept.isPresent()) {
            requireUnchanged(settings.remove(name, kept.get()));
        }
        publish(site, List.of());
    }

    private interface Change {
        RsaKeyCodec.Keys apply(RsaKeyCodec.Keys before);
    }

    /// Another node may have changed them, too: what stands in the store counts, not what this node saw last.
    private void replace(SiteId site, Change change) throws StoreException {
        if (removed.contains(site)) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "the site was removed");
        }
        String name = settingName(site);
        Optional<SealedSettings.Entry> kept = settings.read(name);
        RsaKeyCodec.Keys before = decode(kept);
        // Also where the change is refused: after a write that failed the store may know more than was published.
        publish(site, before.keys());
        RsaKeyCodec.Keys after = change.apply(before);
        requireUnchanged(settings.write(name, kept, RsaKeyCodec.encode(after)));
        publish(site, after.keys());
    }

    private void publish(SiteId site, List<RsaKey> keys) {
        Map<SiteId, SiteRsaKeys> changed = new HashMap<>(bySite);
        if (keys.isEmpty()) {
            changed.remove(site);
        } else {
            changed.put(site, SiteRsaKeys.of(keys));
        }
        bySite = Map.copyOf(changed);
    }

    private static void requireUnchanged(boolean unchanged) {
        if (!unchanged) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD, "another node changed the site's RSA keys at the same time; try again");
        }
    }

    private static RsaKeyCodec.Keys decode(Optional<SealedSettings.Entry> kept) {
        return kept.map(entry -> RsaKeyCodec.decode(entry.value())).orElse(RsaKeyCodec.Keys.NONE);
    }

    private static String settingName(SiteId site) {
        return PREFIX + String.format(Locale.ROOT, "%010d", site.number());
    }
}
