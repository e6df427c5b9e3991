package cardsecure.swipe;

/// What differs between installations of readers and does not show in what they send.
///
/// @param magTekSeparator between the fields of a MagTek line
/// @param genericCiphertext the tag of a ciphertext in a generic TLV, upper-case hexadecimal digits, as the
///         others
/// @param genericKsn the tag of its KSN
/// @param genericMask the tag of its masked track 2
public record SwipeSettings(char magTekSeparator, String genericCiphertext, String genericKsn, String genericMask) {

    /// A bar, and the tags of Fiserv's terminals.
    public static SwipeSettings usual() {
        return new SwipeSettings('|', "DFAE02", "DFAE03", "DFAE57");
    }
}
