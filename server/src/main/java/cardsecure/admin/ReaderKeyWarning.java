package cardsecure.admin;

import cardsecure.dukpt.BaseKey;
import cardsecure.dukpt.LoadedKeyBlockKey;
import java.util.Optional;

/// What there is to say against a key of readers that is loaded.
public final class ReaderKeyWarning {
    private ReaderKeyWarning() {}

    /// Why a base key protects less than it should, as the end of a sentence; nothing, if it does not.
    public static Optional<String> of(BaseKey key) {
        return of(key.isPublished(), key.isDegenerate());
    }

    /// Why the key-block key proves less than it should, as the end of a sentence; nothing if each of its components
    /// came of another user, and it is no weak one.
    public static Optional<String> of(LoadedKeyBlockKey loaded) {
        return of(loaded.key().isPublished(), loaded.key().isDegenerate()).or(() -> switch (loaded.custody()) {
            case SEVERAL -> Optional.empty();
            case UNKNOWN -> Optional.of("it was loaded by a version that did not keep who entered its components");
            case ONE -> Optional.of("one custodian entered more than one of its components");
            case TRIED_OUT -> Optional.of("one user entered its components under --dev, without being asked");
        });
    }

    private static Optional<String> of(boolean published, boolean degenerate) {
        if (published) {
            return Optional.of("it is a published test key, which everybody knows");
        }
        return degenerate
                ? Optional.of("parts of it are the same, so that it is worth less than its length")
                : Optional.empty();
    }
}
