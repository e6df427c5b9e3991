package cardsecure.backup;

import cardsecure.crypto.Barrier;
import cardsecure.crypto.Binding;
import cardsecure.crypto.Fingerprinter;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.store.Fingerprint;
import cardsecure.store.TokenRow;
import java.util.Map;
import java.util.TreeMap;

/// Whether a ring's keys open what a store has, and find its rows; and what came of it. For one thread.
final class Trial {
    private final Barrier barrier;
    private final Fingerprinter fingerprinter;

    /// Whether any row is found by its data, by the version of its fingerprint.
    private final Map<Integer, Boolean> found = new TreeMap<>();

    private int tried;
    private int good;

    Trial(Barrier barrier, Fingerprinter fingerprinter) {
        this.barrier = barrier;
        this.fingerprinter = fingerprinter;
    }

    boolean opens(StoreFit.Setting setting) {
        tried++;
        try {
            barrier.open(new Binding.Setting(setting.name()), setting.sealed()).destroy();
            good++;
            return true;
        } catch (Refusal _) {
            return false;
        }
    }

    /// Whether a row's data open, of one in clear too. It is good only if its fingerprint is one that they may have:
    /// of a purged row that was filled again it is a wrapped one.
    boolean opens(TokenRow row) {
        tried++;
        try {
            SecretBytes data = barrier.openAlsoClear(
                    new Binding.Row(row.place()), row.data().orElseThrow());
            good += row.fingerprint().map(kept -> isFound(row, kept, data)).orElse(true) ? 1 : 0;
            data.destroy();
            return true;
        } catch (Refusal _) {
            return false;
        }
    }

    private boolean isFound(TokenRow row, Fingerprint kept, SecretBytes data) {
        boolean here = fingerprinter
                .candidates(row.place().site(), row.place().domain(), data)
                .contains(kept);
        found.merge(kept.version(), here, Boolean::logicalOr);
        return here;
    }

    /// That the fingerprint keys are those that the rows' fingerprints were made with. A ring that was restored and
    /// went its own way since may have another one of the same version.
    ///
    /// @throws Refusal `0063` with the version
    void requireFingerprints() {
        found.forEach((version, any) -> {
            if (!any) {
                throw new Refusal(
                        ErrorCode.KEYSTORE_IMPORT_FAILURE,
                        "the backup does not fit this store: by its fingerprint key " + version + " none of the rows is"
                                + " found that have a fingerprint of that version, so that all their data would get"
                                + " second tokens; it has another key of that version");
            }
        });
    }

    String line(long rows) {
        if (tried == 0) {
            return "warning: nothing in the store is sealed, so that nothing proves that the keys are its own";
        }
        String proved = good + " of " + tried + " settings and rows that were tried open, of " + rows + " rows";
        return good == tried ? proved : "warning: " + proved + "; the others are damaged, whatever the keys are";
    }
}
