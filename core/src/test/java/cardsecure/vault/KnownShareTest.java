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
    void afterSomeThousandNewOnesItIsSmall() {
        note(1000, false);
        assertThat(share.isSmall()).isFalse();
        note(1000, false);
        assertThat(share.isSmall()).isTrue();
    }

    @Test
    void oneKnownOneIsTooManyForAWhile() {
        note(5000, false);
        note(1, true);
        assertThat(share.isSmall()).isFalse();
        note(300, false);
        assertThat(share.isSmall()).isTrue();
    }

    @Test
    void oneInAHundredIsTooMany() {
        note(5000, false);
        for (int hundreds = 0; hundreds < 50; hundreds++) {
            note(1, true);
            note(99, false);
        }
        assertThat(share.isSmall()).isFalse();
    }

    @Test
    void afterAResetItIsNotSmall() {
        note(5000, false);
        share.reset();
        assertThat(share.isSmall()).isFalse();
    }

    @Test
    void itComesDownAllTheWay() {
        note(100_000, true);
        note(100_000, false);
        assertThat(share.isSmall()).isTrue();
        note(100_000, true);
        note(2000, false);
        assertThat(share.isSmall()).isTrue();
    }
}
