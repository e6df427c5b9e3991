package cardsecure.http;

import cardsecure.vault.Vault;
import io.helidon.http.Status;
import java.util.Optional;

/// What a load balancer asks for, apart from the protocol, of every listener.
enum HealthPath {
    /// Whether the process lives; one that does not answer is to be started again.
    LIVE("/health/live"),
    /// Whether it can answer requests now; one that cannot is to be left out until it can.
    READY("/health/ready");

    private final String path;

    HealthPath(String path) {
        this.path = path;
    }

    static Optional<HealthPath> of(String path) {
        for (HealthPath each : values()) {
            if (each.path.equals(path)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /// @param vault asked only where it counts
    Status status(Vault vault) {
        return switch (this) {
            case LIVE -> Status.OK_200;
            case READY -> vault.ready() ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503;
        };
    }
}
