package cardsecure.rsa;

import static org.assertj.core.api.Assertions.assertThat;

import cardsecure.site.SiteId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FailureRunsTest {
    private static final SiteId SITE = new SiteId(1);

    private final AtomicLong seconds = new AtomicLong();
    private final FailureRuns runs = new FailureRuns(() -> Instant.ofEpochSecond(seconds.incrementAndGet()));

    @Test
    void aRunIsToldOfAtTenAndThenAtEachDoubling() {
        List<Long> told = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            runs.failed(SITE).ifPresent(run -> {
                assertThat(run.since()).isEqualTo(Instant.ofEpochSecond(1));
                told.add(run.count());
            });
        }

        assertThat(told).containsExactly(10L, 20L, 40L, 80L, 160L);
        assertThat(runs.failures()).isEqualTo(200);
    }

    @Test
    void aSuccessEndsARunOfItsSiteOnly() {
        SiteId other = new SiteId(2);
        for (int i = 0; i < 9; i++) {
            runs.failed(SITE);
            runs.failed(other);
        }
        runs.succeeded(SITE);

        assertThat(runs.failed(SITE)).isEmpty();
        assertThat(runs.failed(other))
                .hasValueSatisfying(run -> assertThat(run.count()).isEqualTo(10));
    }
}
