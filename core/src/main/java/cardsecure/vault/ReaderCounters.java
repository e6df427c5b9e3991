package cardsecure.vault;

import cardsecure.crypto.SealedSettings;
import cardsecure.dukpt.Ksn;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.StoreException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The highest counter that each reader of a site has come with, kept in the store, so that no swipe comes twice on
/// whatever node. DUKPT itself does not see to that (X9.24-1:2009, 7.1). Safe for threads.
public final class ReaderCounters {
    /// How the names of its settings begin; the site's number and the reader follow.
    private static final String PREFIX = "reader-counter/";

    private final SealedSettings settings;

    /// Sites that are gone: their numbers never come again.
    private final Set<SiteId> removed = ConcurrentHashMap.newKeySet();

    /// Takes its parts.
    public ReaderCounters(SealedSettings settings) {
        this.settings = settings;
    }

    /// Takes a KSN whose counter is higher than all before it of the same reader, durably.
    ///
    /// @throws Refusal `0078` for one that is not
    void advance(SiteId site, Ksn ksn) throws StoreException {
        String name = prefix(site) + ksn.device();
        while (!removed.contains(site)) {
            Optional<SealedSettings.Entry> kept = settings.read(name);
            if (kept.isPresent() && Integer.compareUnsigned(ksn.counter(), counter(kept.get())) <= 0) {
                throw new Refusal(
                        ErrorCode.INVALID_SWIPE_DATA,
                        "counter: reader " + ksn.device() + " came with " + Integer.toUnsignedString(ksn.counter())
                                + " after " + Integer.toUnsignedString(counter(kept.get())));
            }
            // Nobody keeps it in memory.
            if (settings.writeUntold(name, kept, SecretBytes.owning(bytes(ksn.counter())))) {
                return;
            }
        }
        throw new Refusal(ErrorCode.UNKNOWN_SITE, "the site was removed");
    }

    /// Forgets how far a reader has counted, durably: one that was given a new key counts from 1 again.
    ///
    /// @param device as [Ksn#device] has it, of either case
    /// @return whether anything was known of it
    public boolean forget(SiteId site, String device) throws StoreException {
        String name = prefix(site) + device.toUpperCase(Locale.ROOT);
        if (!settings.names(prefix(site)).contains(name)) {
            return false;
        }
        Optional<SealedSettings.Entry> kept = settings.read(name);
        return kept.isPresent() && settings.remove(name, kept.get());
    }

    private static int counter(SealedSettings.Entry kept) {
        return ByteBuffer.wrap(kept.value().reveal()).getInt();
    }

    private static byte[] bytes(int counter) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(counter).array();
    }

    /// Forgets the readers of a site that is no more, durably.
    public void removeAll(SiteId site) throws StoreException {
        removed.add(site);
        for (String name : settings.names(prefix(site))) {
            Optional<SealedSettings.Entry> kept = settings.read(name);
            if (kept.isPresent()) {
                settings.remove(name, kept.get());
            }
        }
    }

    /// The sites that there are.
    @FunctionalInterface
    public interface Sites {
        /// Asks the store for them.
        Set<SiteId> now() throws StoreException;
    }

    /// Forgets readers of sites that are no more, durably: a swipe at another node, before that one followed
    /// the removal of the site, may have left some. At a start.
    ///
    /// @param sites asked when it is known which counters there are, so that none is of a site that is newer
    public void removeOrphans(Sites sites) throws StoreException {
        List<String> names = settings.names(PREFIX);
        if (names.isEmpty()) {
            return;
        }
        List<String> known = sites.now().stream().map(ReaderCounters::prefix).toList();
        for (String name : names) {
            if (known.stream().noneMatch(name::startsWith)) {
                settings.destroy(name);
            }
        }
    }

    private static String prefix(SiteId site) {
        return PREFIX + String.format(Locale.ROOT, "%010d/", site.number());
    }
}
