package cardsecure.stores;

import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.Outcome;
import cardsecure.store.ReplayMark;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/// Lets nothing that came to the source once come to the copy again. Most marks are of a moment before now: in
/// their place the target counts all as seen that is so old. Those of a later time come one by one, because a
/// wallet's payload is marked with the moment at which it expires, and until then nobody else's requests may
/// count as seen.
final class MarkCopy {
    private final TokenStore from;
    private final TokenStore to;
    private final int pageSize;

    /// Told of each page.
    interface Step {
        /// Sees whether the copy may go on.
        void done() throws StoreException, StoresException;
    }

    MarkCopy(TokenStore from, TokenStore to, int pageSize) {
        this.from = from;
        this.to = to;
        this.pageSize = pageSize;
    }

    /// Copies.
    ///
    /// @return up to when all counts as seen
    Instant copy(Instant now, RandomGenerator random, Step step) throws StoreException, StoresException {
        Instant latest = from.newestForgottenMark().filter(now::isBefore).orElse(now);
        byte[] digest = new byte[ReplayMark.DIGEST_LENGTH];
        random.nextBytes(digest);
        // A store forgets up to the latest mark that it has: so it gets one.
        remember(List.of(new ReplayMark(new SiteId(1), latest, digest)));
        to.forgetMarks(latest.plusSeconds(1));
        List<ReplayMark> later = from.marks(latest.getEpochSecond() + 1, pageSize);
        while (!later.isEmpty()) {
            remember(later);
            step.done();
            later = from.marks(later.getLast().second() + 1, pageSize);
        }
        return latest;
    }

    /// A copy that goes on brings some again.
    private void remember(List<ReplayMark> marks) throws StoreException, StoresException {
        List<Change> changes =
                marks.stream().<Change>map(mark -> new Change.Remember(mark)).toList();
        if (to.write(changes).stream().anyMatch(Outcome.NoRoom.class::isInstance)) {
            throw StoreCopy.noRoom();
        }
    }
}
