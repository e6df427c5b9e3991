package cardsecure.swipe;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Seeded;
import cardsecure.secret.SecretBytes;
import cardsecure.swipe.EncryptedSwipe.EncryptedTag;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Who has no key decrypts to random blocks: none is a card.
class RandomBlocksTest {
    private static final int BLOCKS = 200_000;
    private static final TagOpening OPENING = new TagOpening(YearMonth.of(2026, 2), false);

    private static int cards(RandomGenerator random, String tag, int length, Optional<SecretBytes> mask) {
        byte[] clear = new byte[length];
        int cards = 0;
        for (int i = 0; i < BLOCKS; i++) {
            random.nextBytes(clear);
            try {
                OPENING.open(new EncryptedTag(tag, SecretBytes.copyOf(clear), mask), SecretBytes.copyOf(clear));
                cards++;
            } catch (Unreadable _) {
                // As it has to be.
            }
        }
        return cards;
    }

    private static Optional<SecretBytes> hidden(int length) {
        byte[] mask = new byte[length];
        Arrays.fill(mask, (byte) 0xCC);
        return Optional.of(SecretBytes.owning(mask));
    }

    @Test
    void noRandomBlockIsACard() {
        Seeded.forAll(1, random -> {
            assertThat(cards(random, "5A", 8, hidden(8))).isZero();
            assertThat(cards(random, "5A", 8, hidden(7))).isZero();
            assertThat(cards(random, "5A", 8, Optional.empty())).isZero();
            assertThat(cards(random, "57", 16, hidden(16))).isZero();
            assertThat(cards(random, "57", 16, Optional.empty())).isZero();
        });
    }

    /// Every 17,000th of 8 bytes looks like a card number in clear; longer ones do not.
    @Test
    void randomBlocksAreNotTakenForCardsInClear() {
        Seeded.forAll(1, random -> {
            byte[] value = new byte[16];
            for (int i = 0; i < BLOCKS; i++) {
                random.nextBytes(value);
                assertThat(ClearTracks.isTagValue(value)).isFalse();
            }
        });
    }
}
