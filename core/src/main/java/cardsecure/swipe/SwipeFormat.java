package cardsecure.swipe;

/// The formats of readers that are known.
public enum SwipeFormat {
    /// ID TECH's enhanced frame as a keyboard types it: binary fields as hexadecimal digits, lengths in
    /// characters.
    IDTECH_KEYBOARD,
    /// The same in bytes.
    IDTECH_BINARY,
    /// ID TECH's older frame, of either form: both tracks in one ciphertext.
    IDTECH_ORIGINAL,
    /// A card that was keyed in at an ID TECH SREDKey, in its older frame.
    IDTECH_MANUAL,
    /// The same in the enhanced frame, as a track that no stripe had.
    IDTECH_MANUAL_ENHANCED,
    /// ID TECH chip data whose encrypted tags hold the value alone (Augusta).
    IDTECH_EMV,
    /// ID TECH chip data that mark masked and encrypted tags in the length (NEO, VP3300).
    IDTECH_EMV_MARKED,
    /// ID TECH chip data that have tags twice, masked and then encrypted.
    IDTECH_EMV_DOUBLED,
    /// MagTek's line of text.
    MAGTEK_KEYBOARD,
    /// MagTek's report of a USB HID device.
    MAGTEK_HID,
    /// MagTek's chip data.
    MAGTEK_EMV,
    /// TLV with a KSN and one ciphertext; tags can be set.
    GENERIC_TLV,
    /// TLV with a KSN, and the ciphertext of tag 57 or 5A in the same tag.
    GENERIC_TAGS,
    /// A KSN, a bar, a ciphertext in hexadecimal digits.
    KSN_AND_HEX,
    /// A KSN, a bar, a track of RUA devices: `$format$`, then Base64.
    RUA;

    /// Whether it is ID TECH's enhanced frame, which alone says which of the swipe's keys it is encrypted with, and may
    /// have hashes of either length.
    boolean isEnhancedFrame() {
        return switch (this) {
            case IDTECH_KEYBOARD, IDTECH_BINARY, IDTECH_MANUAL_ENHANCED -> true;
            case IDTECH_ORIGINAL,
                    IDTECH_MANUAL,
                    IDTECH_EMV,
                    IDTECH_EMV_MARKED,
                    IDTECH_EMV_DOUBLED,
                    MAGTEK_KEYBOARD,
                    MAGTEK_HID,
                    MAGTEK_EMV,
                    GENERIC_TLV,
                    GENERIC_TAGS,
                    KSN_AND_HEX,
                    RUA -> false;
        };
    }
}
