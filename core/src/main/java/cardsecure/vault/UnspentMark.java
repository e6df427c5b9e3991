package cardsecure.vault;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.store.Change;
import cardsecure.store.GroupCommit;
import cardsecure.store.Outcome;
import cardsecure.store.ReplayMark;
import cardsecure.store.StoreException;
import java.util.Optional;

/// What has to be remembered of a request before it is answered. It goes to the store with the first thing that the
/// request writes, so that a signed request pays for one synced write, not two; or alone, if it writes nothing. For
/// the request's own thread.
final class UnspentMark {
    private final GroupCommit commits;
    private Optional<ReplayMark> mark;

    /// @param mark none for a request that may come again
    UnspentMark(GroupCommit commits, Optional<ReplayMark> mark) {
        this.commits = commits;
        this.mark = mark;
    }

    /// Makes a change that no key had a part in, and remembers the request with it.
    ///
    /// @throws Refusal `0060` if the request came before; nothing was changed
    Outcome commit(Change change) throws StoreException {
        return commit(change, Long.MAX_VALUE);
    }

    /// Makes a change, and remembers the request with it, unless the change is superseded.
    ///
    /// @param generation as [GroupCommit#commit(Change, long)]
    /// @throws Refusal `0060` if the request came before; nothing was changed
    Outcome commit(Change change, long generation) throws StoreException {
        if (mark.isEmpty()) {
            return commits.commit(change, generation);
        }
        Optional<ReplayMark> unspent = mark;
        Change once = new Change.Once(mark.get(), change);
        mark = Optional.empty();
        Outcome outcome;
        try {
            outcome = commits.commit(once, generation);
        } catch (Refusal e) {
            // Nothing was done, nor remembered.
            mark = unspent;
            throw e;
        }
        if (outcome instanceof Outcome.Superseded) {
            // The same, and it is made again.
            mark = unspent;
        }
        return requireFirst(outcome);
    }

    /// Remembers the request, unless that is done.
    ///
    /// @throws Refusal `0060` if the request came before, `0046` if the store has no room
    void spend() throws StoreException {
        if (mark.isEmpty()) {
            return;
        }
        Change remember = new Change.Remember(mark.get());
        mark = Optional.empty();
        if (requireFirst(commits.commit(remember)) instanceof Outcome.NoRoom) {
            throw new Refusal(
                    ErrorCode.TOKEN_DATABASE_PROBLEM, "the store has too little room to remember a signed request");
        }
    }

    private static Outcome requireFirst(Outcome outcome) {
        if (outcome instanceof Outcome.SeenBefore) {
            throw new Refusal(ErrorCode.SIGNATURE_FAILURE, "the request was seen before");
        }
        return outcome;
    }
}
