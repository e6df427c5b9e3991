package cardsecure.dukpt;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.time.Instant;

/// A base key as a site has it: for which readers, and which of the working keys these encrypt with.
///
/// @param keySet how their KSNs begin
/// @param variant what tracks are encrypted with unless a frame says otherwise
/// @param added when it was loaded, in seconds
public record SiteBaseKey(KeySetId keySet, KeyVariant variant, BaseKey key, Instant added) {
    /// Checks that the parts fit each other.
    ///
    /// @throws Refusal `0044` if they do not
    public SiteBaseKey {
        requireFit(keySet, variant, key.algorithm());
    }

    /// Checks that a key of `algorithm` can be for a key set and be used so.
    ///
    /// @throws Refusal `0044` if it cannot
    public static void requireFit(KeySetId keySet, KeyVariant variant, BaseKeyAlgorithm algorithm) {
        keySet.requireFor(algorithm.scheme());
        if (!variant.isOf(algorithm)) {
            throw new Refusal(
                    ErrorCode.CONFIG_ITEM_BAD,
                    "a base key of " + algorithm.label() + " has no variant " + variant.label()
                            + "; `cardsecure bdk add --help` says which there are");
        }
    }
}
