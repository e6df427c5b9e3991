package cardsecure.keys;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.Refusals;
import cardsecure.error.ErrorCode;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FingerprintKeysTest {
    private final Random random = new Random(1);
    private final FingerprintKeys one = FingerprintKeys.create(random, Instant.EPOCH);

    @Test
    void aRotationGoesByInstalledRewritingAndFinished() {
        FingerprintKeys installed = one.install(random, Instant.EPOCH);
        FingerprintKeys rewriting = installed.activate();

        assertThat(List.of(installed.installed(), installed.rewriting())).containsExactly(true, false);
        assertThat(installed.current()).isEqualTo(1);
        assertThat(List.of(rewriting.installed(), rewriting.rewriting())).containsExactly(false, true);
        assertThat(rewriting.current()).isEqualTo(2);
        assertThat(versions(rewriting.finish(true))).containsExactly(1, 2);
        assertThat(versions(rewriting.finish(false))).containsExactly(2);
        assertThat(rewriting.finish(true).rotating()).isFalse();
    }

    @Test
    void noStepIsLeftOutOrDoneTwice() {
        FingerprintKeys installed = one.install(random, Instant.EPOCH);

        assertThat(installed.install(random, Instant.EPOCH)).isSameAs(installed);
        assertThat(Refusals.codeOf(one::activate)).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(Refusals.codeOf(installed.activate()::activate)).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
        assertThat(Refusals.codeOf(() -> installed.activate().install(random, Instant.EPOCH)))
                .isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    @Test
    void theVersionsMayRunOut() {
        FingerprintKeys keys = one;
        for (int i = 1; i < FingerprintKey.VERSION_MAX; i++) {
            keys = keys.install(random, Instant.EPOCH).activate().finish(false);
        }
        FingerprintKeys last = keys;

        assertThat(last.current()).isEqualTo(FingerprintKey.VERSION_MAX);
        assertThat(Refusals.codeOf(() -> last.install(random, Instant.EPOCH))).isEqualTo(ErrorCode.CONFIG_ITEM_BAD);
    }

    private static List<Integer> versions(FingerprintKeys keys) {
        return keys.all().stream().map(FingerprintKey::version).toList();
    }
}
