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

    /// The card of a track, its fields, PAN and expiry checked.
    static Card of(TrackData track, YearMonth now) {
        Pan pan = Unreadable.at(SwipeStep.PAN, track::pan);
        Optional<Expiry> expiry = track.expiry();
        require(expiry.isPresent(), SwipeStep.EXPIRY, "the track's expiry is no month");
        requirePlausible(expiry.get(), now);
        return new Card(pan, expiry, Optional.of(track));
    }

    /// A card number alone.
    ///
    /// @param digits ASCII; the card takes them over
    static Card of(SecretBytes digits) {
        return new Card(Unreadable.at(SwipeStep.PAN, () -> Pan.parse(digits)), Optional.empty(), Optional.empty());
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
