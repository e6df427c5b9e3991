package cardsecure.signing;

import cardsecure.crypto.SealedSettings;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.StoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The keys that sites sign with: a site has none, one, or for a while the one before beside it. Kept sealed in the
/// store, one setting a site: `version (1) | key (32) | the one before (32), if it still counts`. Safe for threads;
/// look-ups never wait for a change.
public final class SigningKeys {
    private static final String PREFIX = "signing/";
    private static final byte VERSION = 1;

    private final SealedSettings settings;

    /// Sites that are gone: their numbers never come again.
    private final Set<SiteId> removed = new HashSet<>();

    private volatile Map<SiteId, List<RequestSigner>> signers;

    /// Reads all keys.
    ///
    /// @throws Refusal `0024` if they were changed in the store
    public SigningKeys(SealedSettings settings) throws StoreException {
        this.settings = settings;
        Map<SiteId, List<RequestSigner>> read = new HashMap<>();
        for (String name : settings.names(PREFIX)) {
            SiteId site = new SiteId(Integer.parseInt(name.substring(PREFIX.length())));
            read.put(site, signersOf(decode(settings.read(name))));
        }
        this.signers = Map.copyOf(read);
    }

    /// Signers with the keys of a site, the newest first; none if it has no key.
    public List<RequestSigner> of(SiteId site) {
        return signers.getOrDefault(site, List.of());
    }

    /// Makes a key the site's, durably.
    ///
    /// @param keepBefore whether the key that the site has now counts on beside it
    /// @throws Refusal `0044` if the site is gone, or two keys count already and one is to be kept: nobody here
    ///        knows which of them clients use
    /// @throws IllegalArgumentException for a key of another length
    public synchronized void renew(SiteId site, SecretBytes key, boolean keepBefore) throws StoreException {
        if (key.length() != RequestSigner.KEY_LENGTH) {
            throw new IllegalArgumentException("a key has " + RequestSigner.KEY_LENGTH + " bytes");
        }
        if (removed.contains(site)) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "the site was removed");
        }
        String name = settingName(site);
        Optional<SealedSettings.Entry> kept = settings.read(name);
        List<SecretBytes> before = read(site, kept);
        if (keepBefore && before.size() > 1) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "two keys of the site count already, maybe of an attempt that seemed to fail; drop the one that no"
                        + " client has: `cardsecure site signing drop-old` the older one, `drop-new` the newer one");
        }
        List<SecretBytes> keys = new ArrayList<>(List.of(key));
        if (keepBefore) {
            keys.addAll(before);
        }
        settings.expectRemains();
        write(site, kept, keys);
        settings.destroyRemainsIfPossible();
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
    public synchronized boolean drop(SiteId site, Which which) throws StoreException {
        Optional<SealedSettings.Entry> kept = settings.read(settingName(site));
        List<SecretBytes> keys = read(site, kept);
        if (keys.size() < 2) {
            return false;
        }
        SecretBytes stays = switch (which) {
            case OLD -> keys.getFirst();
            case NEW -> keys.getLast();
        };
        settings.expectRemains();
        write(site, kept, List.of(stays));
        settings.destroyRemainsIfPossible();
        return true;
    }

    /// After a write that failed the store may know more than was published.
    private List<SecretBytes> read(SiteId site, Optional<SealedSettings.Entry> kept) {
        List<SecretBytes> keys = decode(kept);
        publish(site, signersOf(keys));
        return keys;
    }

    /// Removes the keys of a site that is no more, durably; whoever removes it destroys their remains.
    public synchronized void removeAll(SiteId site) throws StoreException {
        removed.add(site);
        String name = settingName(site);
        Optional<SealedSettings.Entry> kept = settings.read(name);
        if (kept.isPresent()) {
            requireUnchanged(settings.remove(name, kept.get()));
        }
        publish(site, List.of());
    }

    private void write(SiteId site, Optional<SealedSettings.Entry> expected, List<SecretBytes> keys)
            throws StoreException {
        ByteBuffer bytes = ByteBuffer.allocate(1 + keys.size() * RequestSigner.KEY_LENGTH);
        bytes.put(VERSION);
        keys.forEach(key -> bytes.put(key.reveal()));
        requireUnchanged(settings.write(settingName(site), expected, SecretBytes.owning(bytes.array())));
        publish(site, signersOf(keys));
    }

    private void publish(SiteId site, List<RequestSigner> now) {
        Map<SiteId, List<RequestSigner>> changed = new HashMap<>(signers);
        changed.put(site, now);
        signers = Map.copyOf(changed);
    }

    private static void requireUnchanged(boolean unchanged) {
        if (!unchanged) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD, "another node changed the site's keys at the same time; try again");
        }
    }

    private static List<RequestSigner> signersOf(List<SecretBytes> keys) {
        return keys.stream().map(RequestSigner::new).toList();
    }

    /// The newest first.
    private static List<SecretBytes> decode(Optional<SealedSettings.Entry> kept) {
        if (kept.isEmpty()) {
            return List.of();
        }
        byte[] bytes = kept.get().value().reveal();
        if (bytes.length < 1 || bytes[0] != VERSION || (bytes.length - 1) % RequestSigner.KEY_LENGTH != 0) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "a site's signing keys are of a later version");
        }
        List<SecretBytes> keys = new ArrayList<>();
        for (int at = 1; at < bytes.length; at += RequestSigner.KEY_LENGTH) {
            keys.add(SecretBytes.copyOf(bytes, at, RequestSigner.KEY_LENGTH));
        }
        return keys;
    }

    private static String settingName(SiteId site) {
        return PREFIX + String.format(Locale.ROOT, "%010d", site.number());
    }
}
