package cardsecure.vault;

import cardsecure.crypto.ShortLivedKeys;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.Site;
import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.GroupCommit;
import cardsecure.store.Outcome;
import cardsecure.store.Page;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Data that are kept beside a token for a short time, and given out once: track data of a swipe, the cryptogram of a
/// wallet. Always sealed, whatever the site's storage is. Safe for threads.
public final class ShortLivedData {
    /// How many bytes there may be.
    public static final int LENGTH_MAX = 4 << 10;

    /// The least time that they are kept: less than that is no time for a caller to ask for them.
    public static final Duration LIFETIME_MIN = Duration.ofMinutes(1);

    /// The longest.
    public static final Duration LIFETIME_MAX = Duration.ofDays(1);

    private static final int PAGE = 1000;

    private final TokenStore store;
    private final GroupCommit commits;
    private final ShortLivedKeys keys;
    private final InstantSource clock;

    /// Takes its parts.
    ///
    /// @param commits writes to `store`
    public ShortLivedData(TokenStore store, GroupCommit commits, ShortLivedKeys keys, InstantSource clock) {
        this.store = store;
        this.commits = commits;
        this.keys = keys;
        this.clock = clock;
    }

    /// What is to be kept, from now on, for its lifetime: as long as asked for, to the second.
    ///
    /// @param data must not be destroyed before they are kept
    /// @throws Refusal `0014` if there are none, `0013` if there are more than [#LENGTH_MAX] bytes
    /// @throws IllegalArgumentException for a lifetime that is none of this class's
    public ShortLivedContent content(SecretBytes data, Duration lifetime) {
        if (lifetime.compareTo(LIFETIME_MIN) < 0 || lifetime.compareTo(LIFETIME_MAX) > 0) {
            throw new IllegalArgumentException("short-lived data live from a minute to a day");
        }
        if (data.length() == 0) {
            throw new Refusal(ErrorCode.DATA_EMPTY, "there are no short-lived data");
        }
        if (data.length() > LENGTH_MAX) {
            throw new Refusal(ErrorCode.DATA_TOO_LONG, "short-lived data have at most " + LENGTH_MAX + " bytes");
        }
        return new ShortLivedContent(
                keys, data, ShortLivedKeys.deadline(clock.instant().plus(lifetime)));
    }

    /// What is to be kept of data that came with a site's card; nothing if the site keeps none.
    ///
    /// @param data must not be destroyed before they are kept
    /// @throws Refusal as [#content(SecretBytes, Duration)]
    Optional<ShortLivedContent> content(Site site, SecretBytes data) {
        Duration retention = site.cardPresent().retention();
        return retention.isZero() ? Optional.empty() : Optional.of(content(data, retention));
    }

    /// As [#take(TokenPlace, UnspentMark)], for what may be asked again.
    ///
    /// @throws Refusal as [ShortLivedKeys#open]
    public Optional<SecretBytes> take(TokenPlace place) throws StoreException {
        return take(place, new UnspentMark(commits, Optional.empty()));
    }

    /// The data that are kept beside a token, if there are any, and their time is not over. They are destroyed,
    /// durably, before this returns: of all who ask, on whatever node, one gets them.
    ///
    /// Where nothing is there, or its time is over, nothing is written for it, and this returns sooner. That
    /// says no more than the answer itself: whether there is such a token, or was such a row, makes no
    /// difference.
    ///
    /// @param once remembers the request with what is written; still unspent if nothing is
    /// @throws Refusal `0049`, `0024` or `0027` if they do not open, `0060` if the request came before
    Optional<SecretBytes> take(TokenPlace place, UnspentMark once) throws StoreException {
        Instant now = clock.instant();
        Optional<ShortLivedRow> there = store.shortLived(place).filter(row -> !row.isPast(now));
        if (there.isEmpty()) {
            return Optional.empty();
        }
        // Before it is destroyed: where its key cannot be read at this moment, it may be asked for once more.
        keys.require(there.get());
        return switch (once.commit(new Change.Take(place, now))) {
            case Outcome.Taken(ShortLivedRow row) -> Optional.of(keys.open(row));
            case Outcome.Absent _ -> Optional.empty();
            case Outcome.Inserted _,
                    Outcome.Exists _,
                    Outcome.TokenTaken _,
                    Outcome.Changed _,
                    Outcome.Differs _,
                    Outcome.Kept _,
                    Outcome.NoRoom _,
                    Outcome.Superseded _,
                    Outcome.SiteClosed _,
                    Outcome.Remembered _,
                    Outcome.SeenBefore _ -> throw new IllegalStateException("no answer to a take");
        };
    }

    /// Destroys all that is kept of a site, durably, each as if it were taken: where it keeps nothing any more.
    /// What is kept meanwhile may stay, until its deadline.
    ///
    /// @return how many
    public int destroyAll(SiteId site) throws StoreException {
        int destroyed = 0;
        Page<ShortLivedRow> page = store.shortLivedRows(Optional.empty(), PAGE);
        while (!page.isEmpty()) {
            // Past ones, too.
            List<Change.Take> takes = page.items().stream()
                    .filter(row -> row.place().site().equals(site))
                    .map(row -> new Change.Take(row.place(), Instant.EPOCH))
                    .toList();
            for (Outcome outcome : commits.commitAll(takes, Long.MAX_VALUE)) {
                destroyed += outcome instanceof Outcome.Taken ? 1 : 0;
            }
            page = store.shortLivedRows(Optional.of(page.last().place()), PAGE);
        }
        return destroyed;
    }
}
