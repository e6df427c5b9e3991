package cardsecure.swipe;

import static cardsecure.swipe.Unreadable.require;

import cardsecure.card.Expiry;
import cardsecure.card.TrackData;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Collects what the parts of one swipe say of the card. Of a swipe that is refused no track stays in memory, nor
/// of one that is read a track that is not given out.
final class Parts {
    private static final String EXPIRY_TAG = "5F24";

    private final List<Card> cards = new ArrayList<>();

    private Parts() {}

    /// What `read` makes of the parts that it collects.
    static CardRead collect(Function<Parts, CardRead> read) {
        Parts parts = new Parts();
        try {
            return read.apply(parts);
        } catch (RuntimeException e) {
            parts.cards.forEach(Card::destroy);
            throw e;
        }
    }

    void add(Card card) {
        cards.add(card);
    }

    int count() {
        return cards.size();
    }

    /// The one card of all parts. What is keyed in has no tracks, though some readers make them up: a
    /// verification value may be in them.
    CardRead card(Source source, EntryMode entryMode, EmvTags emvTags, YearMonth now) {
        require(!cards.isEmpty(), SwipeStep.TRACK, "nothing in the clear text names the card");
        Card first = cards.getFirst();
        cards.forEach(first::requireSame);
        Expiry expiry = cards.stream()
                .flatMap(card -> card.expiry().stream())
                .findFirst()
                .or(() -> expiry(emvTags))
                .orElseThrow(() -> new Unreadable(SwipeStep.EXPIRY, "nothing says when the card expires"));
        Card.requirePlausible(expiry, now);
        Map<TrackData.Kind, TrackData> tracks = tracks(entryMode);
        return new CardRead(
                first.pan(),
                expiry,
                Optional.ofNullable(tracks.get(TrackData.Kind.ONE)),
                Optional.ofNullable(tracks.get(TrackData.Kind.TWO)),
                emvTags.without(first.pan()),
                entryMode,
                source);
    }

    /// The first of each kind.
    private Map<TrackData.Kind, TrackData> tracks(EntryMode entryMode) {
        Map<TrackData.Kind, TrackData> tracks = new EnumMap<>(TrackData.Kind.class);
        for (Card card : cards) {
            card.track().ifPresent(track -> {
                if (entryMode == EntryMode.KEYED || tracks.containsKey(track.kind())) {
                    track.destroy();
                } else {
                    tracks.put(track.kind(), track);
                }
            });
        }
        return tracks;
    }

    /// `YYMMDD` in digits of four bits.
    private static Optional<Expiry> expiry(EmvTags tags) {
        return Optional.ofNullable(tags.values().get(EXPIRY_TAG))
                .map(value -> new Nibbles(value.reveal()))
                .filter(nibbles -> nibbles.length() == 6)
                .flatMap(nibbles -> Expiry.ofYymm(nibbles.text(0, 6), 0));
    }
}
