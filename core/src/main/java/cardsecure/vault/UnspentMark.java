package cardsecure.vault;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.store.Change;
import cardsecure.store.GroupCommit;
import cardsecure.store.Outcome;
import cardsecure.store.ReplayMark;
import cardsecure.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What has to be remembered of a request before it is answered: that it came, where it is signed, and that the
/// payload that it brings was taken, where it brings one of a wallet. Both go to the store with the first thing
/// that the request writes, in one decision, so that it pays for one synced write; or alone, if it writes
/// nothing. So no payload is used up without a token. For the request's own thread.
final class UnspentMark {
    private final GroupCommit commits;
    private Optional<ReplayMark> request;
    private Optional<Payload> payload = Optional.empty();

    /// What comes once beside the request.
    ///
    /// @param refusal of one that came before
    private record Payload(ReplayMark mark, Refusal refusal) {}

    /// @param request none for a request that may come again
    UnspentMark(GroupCommit commits, Optional<ReplayMark> request) {
        this.commits = commits;
        this.request = request;
    }

    /// Has a payload remembered with what the request writes.
    ///
    /// @param refusal of the request, if the payload was taken before
    void bring(ReplayMark mark, Refusal refusal) {
        payload = Optional.of(new Payload(mark, refusal));
    }

    /// Makes a change that no key had a part in, and remembers the request with it if it was made.
    ///
    /// @throws Refusal `0060` if the request came before, or the payload's own if that was taken; nothing was
    ///         changed
    Outcome commit(Change change) throws StoreException {
        return commit(change, Long.MAX_VALUE);
    }

    /// Makes a change, and remembers the request with it if it was made.
    ///
    /// @param generation as [GroupCommit#commit(Change, long)]
    /// @throws Refusal `0060` if the request came before, or the payload's own if that was taken; nothing was
    ///         changed
    Outcome commit(Change change, long generation) throws StoreException {
        if (isSpent()) {
            return commits.commit(change, generation);
        }
        // What has left no mark goes on with another change, or is refused.
        Outcome outcome = requireFirst(commits.commit(new Change.Once(marks(), change), generation));
        if (outcome.isMade()) {
            spent();
        }
        return outcome;
    }

    /// Remembers the request and its payload, unless that is done.
    ///
    /// @throws Refusal `0060` if the request came before, the payload's own if that was taken, `0046` if the
    ///         store has no room
    void spend() throws StoreException {
        if (isSpent()) {
            return;
        }
        if (requireFirst(commits.commit(new Change.Remember(marks()))) instanceof Outcome.NoRoom) {
            throw new Refusal(
                    ErrorCode.TOKEN_DATABASE_PROBLEM, "the store has too little room to remember what comes once");
        }
        spent();
    }

    /// Remembers a request that is refused: whatever becomes of it, it comes once. Its payload is not used up.
    ///
    /// @throws Refusal as [#spend]
    void spendRefused() throws StoreException {
        payload = Optional.empty();
        spend();
    }

    private boolean isSpent() {
        return request.isEmpty() && payload.isEmpty();
    }

    private void spent() {
        request = Optional.empty();
        payload = Optional.empty();
    }

    private List<ReplayMark> marks() {
        return payload.isEmpty()
                ? List.of(request.orElseThrow())
                : Stream.concat(payload.map(Payload::mark).stream(), request.stream())
                        .toList();
    }

    /// One that was sent twice has both marks twice, and is told that it is the same request.
    private Outcome requireFirst(Outcome outcome) {
        if (outcome instanceof Outcome.SeenBefore seen) {
            if (request.filter(seen.marks()::contains).isPresent()) {
                spent();
                throw new Refusal(ErrorCode.SIGNATURE_FAILURE, "the request was seen before");
            }
            Refusal refusal = payload.orElseThrow().refusal();
            payload = Optional.empty();
            throw refusal;
        }
        return outcome;
    }
}
