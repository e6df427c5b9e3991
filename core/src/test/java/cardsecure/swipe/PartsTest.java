package cardsecure.swipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cardsecure.TestCards;
import cardsecure.card.TrackData;
import cardsecure.secret.SecretBytes;
import java.time.YearMonth;
import org.junit.jupiter.api.Test;

/// Tracks that nobody gets do not stay in memory.
class PartsTest {
    private static final YearMonth NOW = YearMonth.of(2026, 2);
    private static final String TRACK_2 = ";" + TestCards.VISA + "=29112010000?";

    private static CardRead read(EntryMode entryMode, SecretBytes... tracks) {
        return Parts.collect(parts -> {
            for (SecretBytes track : tracks) {
                parts.add(Card.ofTrack(track, NOW));
            }
            return parts.card(TestSwipes.source(SwipeFormat.RUA), entryMode, EmvTags.none(), NOW);
        });
    }

    @Test
    void ofASwipeThatIsRefusedNoTrackStays() {
        SecretBytes first = TestCards.secret(TRACK_2);
        SecretBytes other = TestCards.secret(";" + TestCards.AMEX + "=29112010000?");
        SecretBytes third = TestCards.secret(";" + TestCards.VISA + "=29132010000?");

        assertThatThrownBy(() -> read(EntryMode.SWIPED, first, other)).isInstanceOf(Unreadable.class);
        assertThat(first.reveal()).containsOnly(0);
        assertThat(other.reveal()).containsOnly(0);

        SecretBytes again = TestCards.secret(TRACK_2);
        assertThatThrownBy(() -> read(EntryMode.SWIPED, again, third)).isInstanceOf(Unreadable.class);
        assertThat(again.reveal()).containsOnly(0);
        assertThat(third.reveal()).containsOnly(0);
    }

    @Test
    void ofTwoTracksOfAKindTheFirstIsKept() {
        SecretBytes first = TestCards.secret(TRACK_2);
        SecretBytes second = TestCards.secret(TRACK_2);

        CardRead read = read(EntryMode.CHIP, first, second);

        assertThat(read.track2().map(TrackData::text)).contains(TestCards.secret(TRACK_2));
        assertThat(first.reveal()).isNotEqualTo(second.reveal());
        assertThat(second.reveal()).containsOnly(0);
    }

    @Test
    void ofACardThatWasKeyedInNoTrackIsKept() {
        SecretBytes track = TestCards.secret(TRACK_2);

        CardRead read = read(EntryMode.KEYED, track);

        assertThat(read.track2()).isEmpty();
        assertThat(read.expiry().yymm()).isEqualTo("2911");
        assertThat(track.reveal()).containsOnly(0);
    }

    @Test
    void aNumberThatIsNoneDoesNotStay() {
        SecretBytes digits = TestCards.secret(TestCards.VISA.substring(1));

        assertThatThrownBy(() -> Card.of(digits)).isInstanceOf(Unreadable.class);

        assertThat(digits.reveal()).containsOnly(0);
    }
}
