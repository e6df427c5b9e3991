package cardsecure.keys;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// The keys that fingerprints are made with. Immutable: a change makes others.
///
/// The current one makes those of new rows. Older ones stay as long as fingerprints are made from theirs: of a purged
/// row nothing but its fingerprint is left, so a rotation wraps that (`HMAC_new(HMAC_old)`), and whoever looks for
/// the row has to make both, one from the other.
///
/// @param all by version, ascending
/// @param current the version that makes the fingerprints of new rows: the newest, or the one before while the newest
///         is installed only
/// @param rewriting whether rows may still have fingerprints of the version before the current one
public record FingerprintKeys(List<FingerprintKey> all, int current, boolean rewriting) {
    /// Keeps a copy.
    ///
    /// @throws IllegalArgumentException for versions that do not ascend by one, or a current one that cannot be
    public FingerprintKeys {
        all = List.copyOf(all);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("there is a fingerprint key");
        }
        for (int i = 1; i < all.size(); i++) {
            if (all.get(i).version() != all.get(i - 1).version() + 1) {
                throw new IllegalArgumentException("fingerprint keys have versions one after another");
            }
        }
        int newest = all.getLast().version();
        boolean installed = newest == current + 1;
        boolean known = installed || newest == current;
        boolean both = installed && rewriting;
        boolean alone = all.size() < 2 && (installed || rewriting);
        if (!known || both || alone) {
            throw new IllegalArgumentException("the current fingerprint key is the newest, or the one before");
        }
    }

    /// One key.
    ///
    /// @param random cryptographically strong
    static FingerprintKeys create(RandomGenerator random, Instant now) {
        FingerprintKey key = new FingerprintKey(1, KeyRing.draw(random, FingerprintKey.LENGTH), now);
        return new FingerprintKeys(List.of(key), 1, false);
    }

    /// Whether the newest key is there and makes no fingerprint of a new row yet.
    public boolean installed() {
        return all.getLast().version() > current;
    }

    /// Whether rows may have fingerprints of two versions.
    public boolean rotating() {
        return installed() || rewriting;
    }

    /// With a newer key that is looked for, but makes no fingerprint of a new row yet.
    ///
    /// @param random cryptographically strong
    /// @throws Refusal `0044` while a rotation runs, or after the last version
    public FingerprintKeys install(RandomGenerator random, Instant now) {
        if (rewriting) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "the fingerprints are still being made anew; `cardsecure key job` shows how far that is");
        }
        if (installed()) {
            return this;
        }
        if (current == FingerprintKey.VERSION_MAX) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "there is no version after " + current);
        }
        List<FingerprintKey> more = new ArrayList<>(all);
        more.add(new FingerprintKey(current + 1, KeyRing.draw(random, FingerprintKey.LENGTH), now));
        return new FingerprintKeys(more, current, false);
    }

    /// With the installed key making the fingerprints of new rows.
    ///
    /// @throws Refusal `0044` if none is installed
    public FingerprintKeys activate() {
        if (!installed()) {
            throw new Refusal(ErrorCode.CONFIG_ITEM_BAD, "no fingerprint key is installed, to be activated");
        }
        return new FingerprintKeys(all, current + 1, true);
    }

    /// When no row has a fingerprint of the version before.
    ///
    /// @param wrapped whether any row has a wrapped one, and so the older keys are needed
    public FingerprintKeys finish(boolean wrapped) {
        return new FingerprintKeys(wrapped ? all : List.of(all.getLast()), current, false);
    }
}
