package cardsecure.crypto;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.SealedData;
import cardsecure.store.StoreException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What each site may have one of: at hand for requests, kept sealed in the store, changed by administrators. A
/// site's is one setting, so that no two nodes can change it at once. Safe for threads; look-ups never wait for a
/// change.
public final class SealedPerSite<T> {
    /// How a site's value is kept.
    public interface Codec<T> {
        /// The value as bytes.
        SecretBytes encode(T value);

        /// The value of bytes.
        ///
        /// @throws Refusal if they are none
        T decode(SiteId site, SecretBytes bytes);
    }

    /// A change of a value.
    public interface Change<T> {
        /// The next value.
        ///
        /// @param before what stands in the store
        /// @throws Refusal if it is not to be changed
        T of(T before);
    }

    /// A value, and what it was when it was sealed.
    private record Held<T>(Optional<SealedData> sealed, T value) {}

    private final SealedSettings settings;
    private final String prefix;
    private final String what;
    private final T none;
    private final Codec<T> codec;

    /// Sites that are gone: their numbers never come again.
    private final Set<SiteId> removed = new HashSet<>();

    private volatile Map<SiteId, Held<T>> bySite = Map.of();

    /// Reads all values.
    ///
    /// @param prefix how the settings' names begin; the site's number follows
    /// @param what the values are, for people: `users`
    /// @param none the value of a site without a setting, and the one that is not kept
    /// @throws Refusal `0024` if they were changed in the store
    public SealedPerSite(SealedSettings settings, String prefix, String what, T none, Codec<T> codec)
            throws StoreException {
        this.settings = settings;
        this.prefix = prefix;
        this.what = what;
        this.none = none;
        this.codec = codec;
        follow();
    }

    /// A site's value.
    public T of(SiteId site) {
        Held<T> held = bySite.get(site);
        return held == null ? none : held.value();
    }

    /// The values of all sites that have one.
    public Map<SiteId, T> all() {
        Map<SiteId, T> all = new HashMap<>();
        bySite.forEach((site, held) -> all.put(site, held.value()));
        return all;
    }

    /// Takes what stands in the store, where another node has changed it.
    public synchronized void follow() throws StoreException {
        Map<SiteId, Held<T>> next = new HashMap<>();
        for (Map.Entry<String, SealedData> kept : settings.sealed(prefix).entrySet()) {
            SiteId site = new SiteId(Integer.parseInt(kept.getKey().substring(prefix.length())));
            Optional<SealedData> stands = Optional.of(kept.getValue());
            Held<T> held = bySite.get(site);
            next.put(
                    site,
                    held != null && held.sealed().equals(stands)
                            ? held
                            : new Held<>(stands, codec.decode(site, settings.open(kept.getKey(), kept.getValue()))));
        }
        bySite = Map.copyOf(next);
    }

    /// Changes a site's value, durably. Another node may have changed it, too: what stands in the store counts, not
    /// what this node saw last.
    ///
    /// @return the value as it is now
    /// @throws Refusal what `change` throws; `0044` if the site is gone, or another node changed it at the same
    ///         time
    public synchronized T change(SiteId site, Change<T> change) throws StoreException {
        if (removed.contains(site)) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "the site was removed");
        }
        String name = settingName(site);
        Optional<SealedSettings.Entry> kept = settings.read(name);
        T before = kept.map(entry -> codec.decode(site, entry.value())).orElse(none);
        // Also where the change is refused: after a write that failed the store may know more than was published.
        publish(site, new Held<>(kept.map(SealedSettings.Entry::sealed), before));
        T after = change.of(before);
        if (after.equals(before)) {
            return before;
        }
        requireUnchanged(settings.write(name, kept, codec.encode(after)));
        publish(site, new Held<>(Optional.empty(), after));
        return after;
    }

    /// Removes the value of a site that is no more, durably.
    public synchronized void remove(SiteId site) throws StoreException {
        removed.add(site);
        String name = settingName(site);
        Optional<SealedSettings.Entry> kept = settings.read(name);
        if (kept.isPresent()) {
            // Another node may be removing the same site.
            boolean gone =
                    settings.remove(name, kept.get()) || settings.read(name).isEmpty();
            requireUnchanged(gone);
        }
        publish(site, new Held<>(Optional.empty(), none));
    }

    private void publish(SiteId site, Held<T> held) {
        Map<SiteId, Held<T>> next = new HashMap<>(bySite);
        if (held.value().equals(none)) {
            next.remove(site);
        } else {
            next.put(site, held);
        }
        bySite = Map.copyOf(next);
    }

    private void requireUnchanged(boolean unchanged) {
        if (!unchanged) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "another node changed the site's " + what + " at the same time; try again");
        }
    }

    private String settingName(SiteId site) {
        return prefix + String.format(Locale.ROOT, "%010d", site.number());
    }
}
