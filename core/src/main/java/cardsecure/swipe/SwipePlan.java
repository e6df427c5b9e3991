package cardsecure.swipe;

import cardsecure.card.Expiry;
import cardsecure.card.Pan;
import cardsecure.card.TrackData;
import cardsecure.dukpt.BaseKey;
import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import java.util.Set;

/// What [SwipeMaker] makes a swipe of.
///
/// @param name as on track 1: upper-case letters, blanks, one slash
/// @param serviceCode three digits
/// @param cipher AES under a KSN of triple DES is what ID TECH's readers can be set to; a KSN of AES wants it
/// @param tracks those that were read, for formats of swipes; one at least
/// @param hashes SHA-256 in ID TECH's enhanced frame only
/// @param serialNumber of the reader: printable ASCII without blanks, as much as the format has room for, or nothing
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

    /// Checks what the format could not say, or would say otherwise.
    ///
    /// @throws Refusal `0044` for such a plan
    public SwipePlan {
        int longest = serialMax(format);
        boolean printable = serialNumber.chars().allMatch(each -> each > ' ' && each <= '~');
        if (serialNumber.length() > longest || !printable) {
            throw refused(
                    "a serial number of this format has up to " + longest + " printable characters of ASCII, no blank");
        }
        if (format == SwipeFormat.MAGTEK_KEYBOARD && serialNumber.indexOf('|') >= 0) {
            throw refused("a serial number of this format has no bar, which ends it");
        }
        if (hashes == Hashes.SHA256 && !format.isEnhancedFrame()) {
            throw refused("hashes of SHA-256 are in ID TECH's enhanced frames only (idtech, idtech-binary,"
                    + " idtech-manual-enhanced)");
        }
    }

    /// Characters that there is room for: in a tag 9F1E, in a frame of ID TECH's, in one of MagTek's. Formats without
    /// any take what a reader can have.
    private static int serialMax(SwipeFormat format) {
        return switch (format) {
            case IDTECH_EMV, IDTECH_EMV_MARKED, IDTECH_EMV_DOUBLED, MAGTEK_EMV, GENERIC_TAGS -> 8;
            case IDTECH_KEYBOARD, IDTECH_BINARY, IDTECH_MANUAL_ENHANCED -> 10;
            case IDTECH_ORIGINAL, IDTECH_MANUAL, MAGTEK_KEYBOARD, MAGTEK_HID, GENERIC_TLV, KSN_AND_HEX, RUA -> 16;
        };
    }

    private static Refusal refused(String reason) {
        return new Refusal(ErrorCode.CONFIG_ITEM_BAD, reason);
    }

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
