package cardsecure.rotation;

import cardsecure.crypto.Barrier;
import cardsecure.crypto.Binding;
import cardsecure.crypto.Fingerprinter;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.site.SiteId;
import cardsecure.store.Change;
import cardsecure.store.Fingerprint;
import cardsecure.store.SealedData;
import cardsecure.store.TokenPlace;
import cardsecure.store.TokenRow;
import java.util.Optional;
import java.util.function.Predicate;

/// What a [Job] does to one row. Safe for threads.
interface RowWork {
    /// The change that the row needs; none if it is as it should be.
    ///
    /// @throws Refusal if the row cannot be brought there
    Optional<Change> change(TokenRow row);

    /// Seals data anew that are sealed under another key than the current one. Data in clear stay so: they need no
    /// key.
    record Reseal(Barrier barrier) implements RowWork {
        @Override
        public Optional<Change> change(TokenRow row) {
            return row.data().filter(barrier::isUnderOtherKey).map(data -> {
                TokenPlace place = row.place();
                Binding binding = new Binding.Row(place);
                SealedData anew = barrier.seal(binding, barrier.open(binding, data));
                return new Change.Replace(place, Optional.of(data), anew);
            });
        }
    }

    /// Gives rows fingerprints under the current key: made of their data, or where those are purged, of the one
    /// before.
    ///
    /// @param clearRows which sites may have rows in clear
    record Refingerprint(Barrier barrier, Fingerprinter fingerprinter, Predicate<SiteId> clearRows) implements RowWork {
        @Override
        public Optional<Change> change(TokenRow row) {
            return row.fingerprint()
                    .filter(old -> old.version() != fingerprinter.version())
                    .map(old -> new Change.Refingerprint(row.place(), old, anew(row, old)));
        }

        private Fingerprint anew(TokenRow row, Fingerprint old) {
            Fingerprint wrapped = fingerprinter.wrap(old);
            TokenPlace place = row.place();
            return row.data()
                    .map(data -> fingerprinter.renew(place.site(), place.domain(), open(place, data)))
                    .orElse(wrapped);
        }

        private SecretBytes open(TokenPlace place, SealedData data) {
            Binding binding = new Binding.Row(place);
            return clearRows.test(place.site()) ? barrier.openAlsoClear(binding, data) : barrier.open(binding, data);
        }
    }
}
