package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.card.Expiry;
import cardsecure.card.Pan;
import cardsecure.card.TrackData;
import cardsecure.secret.SecretBytes;
import java.time.YearMonth;
import java.util.Optional;

/// A card as one part of a swipe has it.
///
/// @param expiry nothing, where the part has none
record Card(Pan pan, Optional<Expiry> expiry, Optional<TrackData> track) {

    /// The card of a track's text, its shape, PAN and expiry checked.
    ///
    /// @param text the card takes it over; it is destroyed if something is wrong with it
    static Card ofTrack(SecretBytes text, YearMonth now) {
        try {
            return of(Unreadable.at(SwipeStep.TRACK, () -> TrackData.parse(text)), now);
        } catch (Unreadable e) {
            text.destroy();
            throw e;
        }
    }

    /// The card of a track, its PAN and expiry checked.
    static Card of(TrackData track, YearMonth now) {
        Pan pan = Unreadable.at(SwipeStep.PAN, track::pan);
        Optional<Expiry> expiry = track.expiry();
        require(expiry.isPresent(), SwipeStep.EXPIRY, "the track's expiry is no month");
        requirePlausible(expiry.get(), now);
        return new Card(pan, expiry, Optional.of(track));
    }

    /// A card number alone.
    ///
    /// @param digits ASCII; the card takes them over, and they are destroyed if they are none
    static Card of(SecretBytes digits) {
        try {
            return new Card(Unreadable.at(SwipeStep.PAN, () -> Pan.parse(digits)), Optional.empty(), Optional.empty());
        } catch (Unreadable e) {
            digits.destroy();
            throw e;
        }
    }

    /// Overwrites the track, if there is one.
    void destroy() {
        track.ifPresent(TrackData::destroy);
    }

    static void requirePlausible(Expiry expiry, YearMonth now) {
        require(expiry.isPlausible(now), SwipeStep.EXPIRY, "the expiry is more than 20 years ahead");
    }

    /// Makes sure that another part is of the same card.
    void requireSame(Card other) {
        require(pan.equals(other.pan), SwipeStep.AGREEMENT, "two parts of the swipe have different PANs");
        boolean sameExpiry = expiry.isEmpty() || other.expiry.isEmpty() || expiry.equals(other.expiry);
        require(sameExpiry, SwipeStep.AGREEMENT, "two parts of the swipe have different expiries");
    }
}
