package cardsecure.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cardsecure.Refusals;
import cardsecure.error.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DataKeysTest {
    private static final Instant MADE = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2026-02-01T00:00:00Z");
    private static final KeyId ONE = new KeyId("001");
    private static final KeyId TWO = new KeyId("002");

    private final Random random = new Random(1);
    private final DataKeys one = DataKeys.create(ONE, random, MADE);
    private final DataKeys two = one.install(random, LATER).activate(LATER);

    @Test
    void aKeyPassesThroughItsLifeInOrder() {
        DataKeys installed = one.install(random, LATER);
        assertThat(states(installed)).containsExactly(DataKey.State.CURRENT, DataKey.State.INSTALLED);
        assertThat(states(two)).containsExactly(DataKey.State.OPENING, DataKey.State.CURRENT);
        DataKeys retired = two.retire(ONE, LATER);
        assertThat(states(retired)).containsExactly(DataKey.State.RETIRED, DataKey.State.CURRENT);
        DataKeys destroyed = retired.destroy(ONE, LATER);
        assertThat(states(destroyed)).containsExactly(DataKey.State.DESTROYED, DataKey.State.CURRENT);

        assertThat(destroyed.find(ONE).orElseThrow().key()).isEmpty();
        assertThat(destroyed.find(ONE).orElseThrow().created()).isEqualTo(MADE);
        assertThat(destroyed.find(ONE).orElseThrow().since()).isEqualTo(LATER);
        assertThat(destroyed.opening()).extracting(DataKey::id).containsExactly(TWO);
        assertThat(destroyed.install(random, LATER).installed().orElseThrow().id())
                .hasToString("003");
    }

    @Test
    void noStepIsLeftOutAndTheCurrentKeyStays() {
        assertRefused(() -> one.retire(ONE, LATER));
        assertRefused(() -> one.destroy(ONE, LATER));
        assertRefused(() -> one.activate(LATER));
        assertRefused(() -> two.retire(TWO, LATER));
        assertRefused(() -> two.destroy(ONE, LATER));
        assertRefused(() -> two.reinstate(ONE, LATER));
        assertRefused(() -> two.retire(ONE, LATER).destroy(ONE, LATER).reinstate(ONE, LATER));
        assertThat(Refusals.codeOf(() -> one.retire(TWO, LATER))).isEqualTo(ErrorCode.KEY_ID_NOT_FOUND);
    }

    @Test
    void theIdOfALostKeyIsNeverGivenToAnother() {
        DataKeys without = one.lose(TWO, LATER);

        assertThat(states(without)).containsExactly(DataKey.State.CURRENT, DataKey.State.DESTROYED);
        assertThat(without.install(random, LATER).installed().orElseThrow().id())
                .hasToString("003");
        assertRefused(() -> one.lose(ONE, LATER));
    }

    @Test
    void aRetiredKeyCanBeTakenBack() {
        DataKeys back = two.retire(ONE, LATER).reinstate(ONE, LATER);

        assertThat(states(back)).containsExactly(DataKey.State.OPENING, DataKey.State.CURRENT);
        assertThat(back.find(ONE).orElseThrow().material())
                .isEqualTo(one.current().material());
    }

    @Test
    void anInstalledKeyIsNotDrawnTwice() {
        DataKeys installed = one.install(random, LATER);

        assertThat(installed.install(random, LATER)).isSameAs(installed);
    }

    @Test
    void thereIsOneCurrentKeyAndNoIdTwice() {
        DataKey key = one.current();

        assertThatIllegalArgumentException().isThrownBy(() -> new DataKeys(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new DataKeys(List.of(key, key)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DataKeys(List.of(key.in(DataKey.State.OPENING, LATER))));
    }

    @Test
    void theIdsMayRunOut() {
        DataKeys last = DataKeys.create(new KeyId("ZZZ"), random, MADE);

        assertRefused(() -> last.install(random, LATER));
    }

    private static void assertRefused(Runnable step) {
        assertThat(Refusals.codeOf(step::run)).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    private static List<DataKey.State> states(DataKeys keys) {
        return keys.all().stream().map(DataKey::state).toList();
    }
}
