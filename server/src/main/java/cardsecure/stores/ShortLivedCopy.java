package cardsecure.stores;

import cardsecure.store.Change;
import cardsecure.store.Outcome;
import cardsecure.store.Page;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Copies short-lived rows, when the rows of their tokens are copied. There are few, so they are copied anew each time
/// that a copy goes on. Their keys are settings, and come with those.
final class ShortLivedCopy {
    private final TokenStore from;
    private final TokenStore to;
    private final int pageSize;
    private final Tally copied = new Tally();

    /// Told of each page of the source.
    interface Check {
        /// Sees whether the copy may go on.
        ///
        /// @throws StoresException if what is damaged there must not be left behind
        void page(Page<?> page) throws StoresException;
    }

    ShortLivedCopy(TokenStore from, TokenStore to, int pageSize) {
        this.from = from;
        this.to = to;
        this.pageSize = pageSize;
    }

    /// Copies and compares.
    void copy(Check check) throws StoreException, StoresException {
        to.destroyShortLived(Instant.MAX);
        Page<ShortLivedRow> page = from.shortLivedRows(Optional.empty(), pageSize);
        while (!page.isEmpty()) {
            check.page(page);
            write(page.items());
            page = from.shortLivedRows(Optional.of(page.last().place()), pageSize);
        }
        check.page(page);
        Tally there = new Tally();
        page = to.shortLivedRows(Optional.empty(), pageSize);
        while (!page.isEmpty()) {
            page.items().forEach(there::add);
            page = to.shortLivedRows(Optional.of(page.last().place()), pageSize);
        }
        there.requireSameAs(copied, "short-lived data");
    }

    private void write(List<ShortLivedRow> rows) throws StoreException, StoresException {
        List<Change> changes = new ArrayList<>(rows.size());
        rows.forEach(row -> changes.add(new Change.Keep(row)));
        List<Outcome> outcomes = to.write(changes);
        for (int i = 0; i < outcomes.size(); i++) {
            switch (outcomes.get(i)) {
                case Outcome.Kept _ -> copied.add(rows.get(i));
                case Outcome.Absent _, Outcome.Differs _ -> {
                    // The token's row was damaged, and is left behind.
                }
                case Outcome.NoRoom _ -> throw StoreCopy.noRoom();
                case Outcome.Inserted _,
                        Outcome.Exists _,
                        Outcome.TokenTaken _,
                        Outcome.Changed _,
                        Outcome.Taken _,
                        Outcome.Superseded _,
                        Outcome.SiteClosed _,
                        Outcome.Remembered _,
                        Outcome.SeenBefore _ -> throw new StoreException("the target answered what is no answer");
            }
        }
    }
}
