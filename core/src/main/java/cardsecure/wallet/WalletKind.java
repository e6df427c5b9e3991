package cardsecure.wallet;

import java.util.Optional;

/// Whose wallet a payload comes from.
public enum WalletKind {
    APPLE("apple"),
    GOOGLE("google");

    private final String label;

    WalletKind(String label) {
        this.label = label;
    }

    /// The value of `ectype`, and a part of names in the store.
    public String label() {
        return label;
    }

    /// The wallet of an `ectype`, if it is one that is known.
    public static Optional<WalletKind> of(String ectype) {
        for (WalletKind each : values()) {
            if (each.label.equals(ectype)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
