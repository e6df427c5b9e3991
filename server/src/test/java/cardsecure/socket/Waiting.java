package cardsecure.socket;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what another thread brings about. The test's own time limit ends it.
final class Waiting {
    private static final long LOOK = Duration.ofMillis(1).toNanos();

    private Waiting() {}

    static void until(BooleanSupplier holds) {
        while (!holds.getAsBoolean()) {
            LockSupport.parkNanos(LOOK);
        }
    }
}
