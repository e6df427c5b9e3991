package cardsecure.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PendingComponentsTest {
    private static final PendingComponents.Plan PLAN =
            new PendingComponents.Plan("shop FFFF987654", "tdes, data-one-way", 3, 16);

    private Instant now = Instant.EPOCH;
    private final PendingComponents pending = new PendingComponents(() -> now);

    private static SecretBytes component(int fill) {
        byte[] bytes = new byte[16];
        Arrays.fill(bytes, (byte) fill);
        return SecretBytes.owning(bytes);
    }

    private static String refused(Runnable entering) {
        return catchThrowableOfType(Refusal.class, entering::run).reason();
    }

    @Test
    void theLastComponentGivesOutAll() {
        assertThat(pending.enter(PLAN, "alice", component(1), true).all()).isEmpty();
        assertThat(pending.enter(PLAN, "bob", component(2), true).sameUser()).isFalse();
        assertThat(pending.views())
                .containsExactly(new BaseKeysView.PendingView(
                        "shop FFFF987654", 2, 3, Instant.EPOCH.plus(PendingComponents.WAIT)));
        PendingComponents.Entered last = pending.enter(PLAN, "alice", component(3), true);

        assertThat(last.all()).containsExactly(component(1), component(2), component(3));
        assertThat(last.sameUser()).isTrue();
        assertThat(pending.views()).isEmpty();
    }

    @Test
    void nobodyEntersTwoUnlessItIsSaid() {
        pending.enter(PLAN, "alice", component(1), false);

        assertThatThrownBy(() -> pending.enter(PLAN, "alice", component(2), false))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("alice has entered another component");
        assertThat(pending.enter(PLAN, "bob", component(2), false).count()).isEqualTo(2);
        assertThat(pending.enter(PLAN, "alice", component(3), true).sameUser()).isTrue();
    }

    @Test
    void componentsWaitAnHourAndAreOverwrittenThen() {
        SecretBytes first = component(1);
        pending.enter(PLAN, "alice", first, true);
        now = now.plus(PendingComponents.WAIT).minusMillis(1);
        assertThat(pending.views()).hasSize(1);
        now = now.plusMillis(1);

        assertThat(pending.views()).isEmpty();
        assertThat(first).isEqualTo(component(0));
        assertThat(pending.enter(PLAN, "alice", component(2), true).count()).isEqualTo(1);
    }

    @Test
    void whatDoesNotBelongToTheFirstIsRefusedAndTheFirstStays() {
        pending.enter(PLAN, "alice", component(1), true);
        var otherTerms = new PendingComponents.Plan(PLAN.what(), "tdes, pin", 3, 16);

        assertThat(refused(() -> pending.enter(otherTerms, "bob", component(2), true)))
                .contains("other options");
        assertThat(refused(() -> pending.enter(PLAN, "bob", component(1), true)))
                .contains("the same as the first");
        assertThat(refused(() -> pending.enter(PLAN, "bob", component(0), true)))
                .contains("zeros");
        assertThat(refused(() -> pending.enter(PLAN, "bob", SecretBytes.owning(new byte[8]), true)))
                .contains("32 hexadecimal digits, not 16");
        assertThat(pending.enter(PLAN, "bob", component(2), true).count()).isEqualTo(2);
    }

    @Test
    void soManyKeysWaitAndNoMore() {
        for (int i = 0; i < PendingComponents.KEYS_MAX; i++) {
            pending.enter(new PendingComponents.Plan("shop " + i, "tdes", 2, 16), "alice", component(1), true);
        }

        assertThat(refused(() -> pending.enter(PLAN, "alice", component(1), true)))
                .contains("too many");
        assertThat(pending.forget("shop 3")).isTrue();
        assertThat(pending.enter(PLAN, "alice", component(1), true).count()).isEqualTo(1);
    }
}
