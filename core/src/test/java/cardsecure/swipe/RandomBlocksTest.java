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

/// Who has no key decrypts to random blocks: hardly any is a card. Without a mask one of 2E8 is, so that a few in a
/// run are by chance, once in 1E9 runs; a check that is missing lets through ten and more.
class RandomBlocksTest {
    private static final int BLOCKS = 200_000;
    private static final int BY_CHANCE = 3;
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
    void hardlyAnyRandomBlockIsACard() {
        Seeded.forAll(1, random -> {
            assertThat(cards(random, "5A", 8, hidden(8))).isZero();
            assertThat(cards(random, "5A", 8, hidden(7))).isZero();
            assertThat(cards(random, "5A", 8, Optional.empty())).isLessThan(BY_CHANCE);
            assertThat(cards(random, "57", 16, hidden(16))).isZero();
            assertThat(cards(random, "57", 16, Optional.empty())).isLessThan(BY_CHANCE);
        });
    }

    /// Every 17,000th of 8 bytes looks like a card number in clear; longer ones do not.
    @Test
    void randomBlocksAreNotTakenForCardsInClear() {
        Seeded.forAll(1, random -> {
            byte[] value = new byte[16];
            int taken = 0;
            for (int i = 0; i < BLOCKS; i++) {
                random.nextBytes(value);
                taken += ClearTracks.isTagValue(value) ? 1 : 0;
            }
            assertThat(taken).isLessThan(BY_CHANCE);
        });
    }
}
