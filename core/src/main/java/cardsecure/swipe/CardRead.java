package cardsecure.swipe;

import cardsecure.card.Expiry;
import cardsecure.card.Pan;
import cardsecure.card.TrackData;
import java.util.Optional;

/// A card, read and decrypted, of which everything agrees. Prints masked.
///
/// @param track1 of a stripe, if it was read
/// @param track2 of a stripe, or what a chip has in its place
/// @param emvTags what an authorization of a chip card needs beside; empty for others
/// @param source the reader's serial number and the KSN among it
public record CardRead(
        Pan pan,
        Expiry expiry,
        Optional<TrackData> track1,
        Optional<TrackData> track2,
        EmvTags emvTags,
        EntryMode entryMode,
        Source source) {

    /// The reader's serial number, if it is told, and the card's number is not what stands in its place.
    public Optional<String> serialNumber() {
        byte[] digits = pan.normalised().reveal();
        return source.serialNumber().filter(serial -> !has(serial, digits));
    }

    private static boolean has(String text, byte[] digits) {
        boolean found = false;
        for (int from = 0; !found && from + digits.length <= text.length(); from++) {
            int same = 0;
            while (same < digits.length && text.charAt(from + same) == digits[same]) {
                same++;
            }
            found = same == digits.length;
        }
        return found;
    }

    /// Overwrites the tracks; the PAN stays.
    public void destroyTracks() {
        track1.ifPresent(TrackData::destroy);
        track2.ifPresent(TrackData::destroy);
    }
}
