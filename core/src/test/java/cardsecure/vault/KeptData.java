package cardsecure.vault;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.store.Change;
import cardsecure.store.GroupCommit;
import cardsecure.store.Outcome;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;

/// Short-lived data beside tokens that are there, for tests of what becomes of them.
public final class KeptData {
    private KeptData() {}

    /// Keeps data, durably, in the place of those that are there.
    public static void keep(GroupCommit commits, TokenPlace place, ShortLivedContent content) throws StoreException {
        assertThat(commits.commit(new Change.Keep(content.at(place)))).isEqualTo(new Outcome.Kept());
    }
}
