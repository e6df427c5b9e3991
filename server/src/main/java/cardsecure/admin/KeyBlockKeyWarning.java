package cardsecure.admin;

import cardsecure.dukpt.LoadedKeyBlockKey;
import java.util.Optional;

/// What there is to say against the key-block key that is loaded.
public final class KeyBlockKeyWarning {
    private KeyBlockKeyWarning() {}

    /// Why it proves less than it should, as the end of a sentence; nothing if each of its components came of
    /// another user, and it is no weak one.
    public static Optional<String> of(LoadedKeyBlockKey loaded) {
        if (loaded.key().isPublished()) {
            return Optional.of("it is a published test key, which everybody knows");
        }
        if (loaded.key().isDegenerate()) {
            return Optional.of("parts of it are the same, so that it is worth less than its length");
        }
        return switch (loaded.custody()) {
            case SEVERAL -> Optional.empty();
            case UNKNOWN -> Optional.of("it was loaded by a version that did not keep who entered its components");
            case ONE -> Optional.of("one custodian entered more than one of its components");
            case TRIED_OUT -> Optional.of("one user entered its components under --dev, without being asked");
        };
    }
}
