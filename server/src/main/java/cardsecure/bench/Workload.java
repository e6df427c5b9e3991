package cardsecure.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// What the bench can ask for, by the names that `--mix` takes.
enum Workload {
    /// Cards that the vault has never seen: `CE`, and each one a durable write.
    NEW("CE"),
    /// Cards that it knows: `CE`.
    REPEAT("CE"),
    /// Tokens that it knows: `CV`.
    CV("CV"),
    /// The same tokens: `CT`.
    CT("CT"),
    /// Cards that it knows, RSA-encrypted: `CR`.
    CR("CR"),
    /// Cards that it knows, swiped: `CZ`, and each one a durable write of what the swipe brought.
    SWIPE("CZ"),
    /// The echo, which everything else is compared with.
    HI("HI");

    private final String action;

    Workload(String action) {
        this.action = action;
    }

    /// The action's code on the wire.
    String action() {
        return action;
    }

    /// As `--mix` and the table write it.
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The workload of a label, if it is one's.
    static Optional<Workload> of(String label) {
        return Arrays.stream(values())
                .filter(workload -> workload.label().equals(label))
                .findFirst();
    }

    /// All labels, for a message.
    static String labels() {
        return Arrays.stream(values()).map(Workload::label).collect(Collectors.joining(", "));
    }
}
