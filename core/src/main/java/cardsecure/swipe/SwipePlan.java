package cardsecure.swipe;

import cardsecure.card.Expiry;
import cardsecure.card.Pan;
import cardsecure.card.TrackData;
import cardsecure.dukpt.BaseKey;
import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import java.util.Set;

/// What [SwipeMaker] makes a swipe of.
///
/// @param name as on track 1: upper-case letters, blanks, one slash
/// @param serviceCode three digits
/// @param cipher AES under a KSN of triple DES is what ID TECH's readers can be set to; a KSN of AES wants it
/// @param tracks those that were read, for formats of swipes; one at least
/// @param serialNumber of the reader, up to 8 characters
public record SwipePlan(
        SwipeFormat format,
        Pan pan,
        String name,
        Expiry expiry,
        String serviceCode,
        BaseKey baseKey,
        Ksn ksn,
        KeyVariant variant,
        SwipeCipher cipher,
        Hashes hashes,
        Set<TrackData.Kind> tracks,
        String serialNumber) {

    /// Which hashes of the tracks a frame has.
    public enum Hashes {
        /// None.
        NONE,
        /// Their room, filled with zeros.
        ZERO,
        /// SHA-1.
        SHA1,
        /// SHA-256, in the enhanced frame only.
        SHA256
    }
}
