package cardsecure.swipe;

import cardsecure.secret.SecretBytes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What a reader sent, taken apart and not yet decrypted. [SwipeReader] makes it, [SwipeOpener] decrypts it.
/// What it holds prints as lengths: a reader that is set wrong shows more than it should.
public sealed interface EncryptedSwipe {

    /// Reader and key.
    Source source();

    /// A track, or a part of a ciphertext that holds several.
    ///
    /// @param number 1 to 3
    /// @param length of the clear track with its LRC character, if there is one, where it is told
    /// @param mask the track with most of its PAN hidden, where it is sent
    /// @param hash SHA-1 (20 bytes) or SHA-256 (32) of the clear track, where it is sent
    record TrackPart(int number, OptionalInt length, Optional<SecretBytes> mask, Optional<SecretBytes> hash) {}

    /// A ciphertext and the tracks in it, which follow one another.
    record TrackBlock(SecretBytes ciphertext, List<TrackPart> parts) {}

    /// A swiped card, or one keyed in that looks so.
    ///
    /// @param withLrc whether the tracks have their LRC character
    /// @param zeroMasks whether hidden digits of a mask are zeros
    /// @param clearTrack3 where a reader does not encrypt it, or shows it beside: as it is shown
    /// @param sessionId of the conversation with the reader, encrypted; of no use here
    record Tracks(
            Source source,
            EntryMode entryMode,
            List<TrackBlock> blocks,
            boolean withLrc,
            boolean zeroMasks,
            Optional<SecretBytes> clearTrack3,
            Optional<SecretBytes> sessionId)
            implements EncryptedSwipe {}

    /// A card that was keyed in: `PAN=YYMM=`, perhaps with a verification value after it.
    ///
    /// @param length of the clear text
    /// @param hash as of a track
    record Keyed(Source source, SecretBytes ciphertext, int length, Optional<SecretBytes> hash)
            implements EncryptedSwipe {}

    /// A tag whose value is encrypted.
    ///
    /// @param tag upper-case hexadecimal digits
    /// @param mask the tag's value with digits hidden, where it is sent
    record EncryptedTag(String tag, SecretBytes ciphertext, Optional<SecretBytes> mask) {}

    /// Chip data of which only what names the card is encrypted.
    ///
    /// @param tags at least one of 57, 5A, 56, 9F6B, if there is no track
    /// @param track a stripe's track beside them
    /// @param clearTags the others that matter
    record Tags(
            Source source, EntryMode entryMode, List<EncryptedTag> tags, Optional<TrackBlock> track, EmvTags clearTags)
            implements EncryptedSwipe {}

    /// Chip data that are encrypted as a whole.
    ///
    /// @param length of the clear text, a TLV with tag FC
    record Container(Source source, SecretBytes ciphertext, int length, EmvTags clearTags) implements EncryptedSwipe {}

    /// A ciphertext that says nothing of what is in it: tracks, or a tag.
    ///
    /// @param mask track 2, as text or as digits of four bits, with most of its PAN hidden, where it is sent
    record Bare(Source source, SecretBytes ciphertext, Optional<SecretBytes> mask) implements EncryptedSwipe {}
}
