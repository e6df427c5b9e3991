package cardsecure.vault;

import cardsecure.dukpt.Ksn;
import cardsecure.dukpt.SiteBaseKey;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.CardPresent;
import cardsecure.site.ReaderSettings;
import cardsecure.site.Site;
import cardsecure.store.StoreException;
import cardsecure.swipe.CardRead;
import cardsecure.swipe.EncryptedSwipe;
import cardsecure.swipe.Source;
import cardsecure.swipe.SwipeKey;
import cardsecure.swipe.SwipeOpener;
import cardsecure.swipe.SwipeReader;
import cardsecure.swipe.SwipeSettings;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What card readers send, to cards: whether the site takes anything of that reader, then what it says. Safe
/// for threads.
public final class CardReaders {
    private final SiteDirectory sites;
    private final boolean dev;

    /// As many as sites have their readers set up differently.
    private final Map<ReaderSettings, SwipeReader> readers = new ConcurrentHashMap<>();

    private final SwipeOpener opener;

    /// Takes its parts.
    ///
    /// @param sites has the base keys of each, and the counters of its readers
    /// @param dev whether published test keys count: to who tries the vault out
    public CardReaders(SiteDirectory sites, InstantSource clock, boolean dev) {
        this.sites = sites;
        this.dev = dev;
        this.opener = new SwipeOpener(clock);
    }

    /// The card of a swipe, a dip or a tap. Whoever asked for it destroys its tracks.
    ///
    /// @throws Refusal `0066` for a reader that the site does not list, `0072`, `0073` or `0078` for data that
    ///         are not what a reader sends, or do not agree with themselves
    CardRead read(Site site, SecretBytes data) {
        EncryptedSwipe swipe = readers.computeIfAbsent(site.cardPresent().readers(), CardReaders::reader)
                .read(data);
        requireListed(site.cardPresent(), swipe.source());
        return opener.open(swipe, ksn -> key(site, ksn));
    }

    private static SwipeReader reader(ReaderSettings settings) {
        return new SwipeReader(new SwipeSettings(
                settings.magTekSeparator(), settings.ciphertextTag(), settings.ksnTag(), settings.maskTag()));
    }

    /// Counts a swipe, where the site wants its readers' counters to grow; after it was decrypted, as nothing
    /// else may move a counter, and after the request is remembered. Else the second of two equal ones at once
    /// would be refused for its counter, and use up the signature of the first.
    ///
    /// @throws Refusal `0060` if the request came before, `0078` if the counter did not grow
    void count(Site site, CardRead read, UnspentMark once) throws StoreException {
        if (site.cardPresent().countersGrow()) {
            once.spend();
            sites.readerCounters().advance(site.id(), read.source().ksn());
        }
    }

    private Optional<SwipeKey> key(Site site, Ksn ksn) {
        Optional<SiteBaseKey> found = sites.baseKeys().find(site.id(), ksn);
        if (!dev
                && found.filter(key -> key.key().isPublished() || key.key().isDegenerate())
                        .isPresent()) {
            throw new Refusal(
                    ErrorCode.INVALID_SWIPE_DATA,
                    "the base key of key set " + found.get().keySet() + " is a published or a weak one, which counts"
                            + " with --dev alone; `cardsecure bdk remove` it");
        }
        return found.map(key -> new SwipeKey(key.key(), Optional.of(key.variant())));
    }

    private static void requireListed(CardPresent listed, Source source) {
        String device = source.ksn().device();
        boolean keySet = listed.keySets().isEmpty() || listed.keySets().stream().anyMatch(device::startsWith);
        if (!keySet) {
            throw unauthorized("key set " + source.keySetForLog() + " is not among the site's key-sets");
        }
        boolean terminal = listed.terminals().isEmpty()
                || source.serialNumber().filter(listed.terminals()::contains).isPresent();
        if (!terminal) {
            throw unauthorized(source.serialForLog()
                    .map(serial -> "reader " + serial + " is not among the site's terminals")
                    .orElse("the reader does not say its serial number, and the site lists its terminals"));
        }
    }

    private static Refusal unauthorized(String reason) {
        return new Refusal(ErrorCode.UNAUTHORIZED_TERMINAL, reason);
    }
}
