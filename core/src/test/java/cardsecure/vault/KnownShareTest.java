package cardsecure.vault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KnownShareTest {
    private final KnownShare share = new KnownShare();

    private void note(int times, boolean known) {
        for (int i = 0; i < times; i++) {
            share.note(known);
        }
    }

    @Test
    void whatIsNotKnownYetIsNotSmall() {
        assertThat(share.isSmall()).isFalse();
    }

    @Test
    void afterAThousandNewOnesItIsSmall() {
        note(500, false);
        assertThat(share.isSmall()).isFalse();
        note(600, false);
        assertThat(share.isSmall()).isTrue();
    }

    @Test
    void aFewKnownOnesAmongManyDoNotChangeThat() {
        note(2000, false);
        for (int hundreds = 0; hundreds < 50; hundreds++) {
            note(1, true);
            note(99, false);
            assertThat(share.isSmall()).isTrue();
        }
    }

    @Test
    void aHandfulOfKnownOnesInARowDoes() {
        note(5000, false);
        note(6, true);
        assertThat(share.isSmall()).isFalse();
    }

    @Test
    void itComesDownAllTheWay() {
        note(100_000, false);
        note(3, true);
        assertThat(share.isSmall()).isTrue();
        note(100_000, true);
        note(1500, false);
        assertThat(share.isSmall()).isTrue();
    }
}
