package cardsecure.swipe;

import cardsecure.error.ErrorCode;

/// The checks that a swipe passes, in their order. A refusal names the one that failed, for the log; its caller
/// learns the code alone, which after the decryption is one and the same: more would help to try ciphertexts.
enum SwipeStep {
    /// Which maker's it is.
    FORMAT("format"),
    /// How long a frame says to be.
    LENGTH("length"),
    /// The exclusive-or over a frame.
    LRC("LRC"),
    /// The sum over a frame.
    CHECKSUM("checksum"),
    /// The fields.
    STRUCTURE("structure"),
    /// The key serial number.
    KSN("KSN"),
    /// A tag of chip data.
    EMV_TAG("EMV tag", ErrorCode.INVALID_EMV_TAG_DATA),
    /// Chip data without the card.
    EMV_EMPTY("EMV data", ErrorCode.EMV_TAG_DATA_EMPTY),
    /// Encryption that nobody but the maker undoes.
    UNSUPPORTED("unsupported"),
    /// Card data in clear.
    UNENCRYPTED("unencrypted"),
    /// The base key.
    KEY_SET("key set"),
    /// The key that the base key and the KSN make.
    KEY("key"),
    /// Zeros after the clear text. From here on a wrong key looks the same as a swipe that was changed.
    PADDING("padding"),
    /// What the clear text begins and ends with.
    SENTINEL("sentinel"),
    /// The stripe's own check character.
    TRACK_LRC("track LRC"),
    /// The hash of the track.
    HASH("hash"),
    /// The fields of the track.
    TRACK("track"),
    /// The card number: Luhn, and that it is no token.
    PAN("PAN"),
    /// The digits that the reader showed.
    MASK("mask"),
    /// The month.
    EXPIRY("expiry"),
    /// That all parts are of one card.
    AGREEMENT("agreement");

    private final String label;
    private final ErrorCode code;

    SwipeStep(String label) {
        this(label, ErrorCode.INVALID_SWIPE_DATA);
    }

    SwipeStep(String label, ErrorCode code) {
        this.label = label;
        this.code = code;
    }

    String label() {
        return label;
    }

    ErrorCode code() {
        return code;
    }
}
