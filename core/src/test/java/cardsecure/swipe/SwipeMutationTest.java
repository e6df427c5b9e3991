package cardsecure.swipe;

import static cardsecure.swipe.TestSwipes.OPENER;
import static cardsecure.swipe.TestSwipes.READER;
import static cardsecure.swipe.TestSwipes.TDES_KEY;
import static cardsecure.swipe.TestSwipes.anyOf;
import static cardsecure.swipe.TestSwipes.plan;
import static cardsecure.swipe.TestSwipes.with;
import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Seeded;
import cardsecure.card.TrackData;
import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Swipes that were cut off or changed: each is refused, or is the same card's all the same.
class SwipeMutationTest {
    private static final Set<ErrorCode> CODES =
            Set.of(ErrorCode.INVALID_SWIPE_DATA, ErrorCode.INVALID_EMV_TAG_DATA, ErrorCode.EMV_TAG_DATA_EMPTY);

    private static List<SwipePlan> plans(SwipeFormat format) {
        SwipePlan plan = plan(format);
        return List.of(
                plan,
                with(plan, Set.of(TrackData.Kind.ONE), SwipePlan.Hashes.ZERO),
                with(plan, Set.of(TrackData.Kind.TWO), SwipePlan.Hashes.NONE));
    }

    @ParameterizedTest
    @EnumSource
    void everyTruncationIsRefused(SwipeFormat format) {
        for (SwipePlan plan : plans(format)) {
            byte[] swipe = SwipeMaker.make(plan).reveal();
            for (int length = 0; length < swipe.length; length++) {
                requireRefusedOrSame(Arrays.copyOf(swipe, length), plan);
                requireRefusedOrSame(Arrays.copyOfRange(swipe, swipe.length - length, swipe.length), plan);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyMutationIsRefusedOrReadsTheSameCard(SwipeFormat format) {
        Seeded.forAll(1, random -> {
            for (SwipePlan plan : plans(format)) {
                byte[] swipe = SwipeMaker.make(plan).reveal();
                for (int i = 0; i < swipe.length; i++) {
                    for (int change : new int[] {1, 0x80, 1 + random.nextInt(255)}) {
                        byte[] changed = swipe.clone();
                        changed[i] ^= (byte) change;
                        requireRefusedOrSame(changed, plan);
                    }
                }
            }
        });
    }

    private static void requireRefusedOrSame(byte[] data, SwipePlan plan) {
        try {
            CardRead read = OPENER.open(READER.read(SecretBytes.copyOf(data)), anyOf(TDES_KEY));
            assertThat(read.pan()).isEqualTo(plan.pan());
        } catch (Refusal refusal) {
            assertThat(refusal.code()).isIn(CODES);
            assertThat(refusal.reason()).startsWith("swipe, ");
        }
    }
}
