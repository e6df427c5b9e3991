package cardsecure.swipe;

import cardsecure.dukpt.Ksn;
import java.util.Optional;

/// Which base keys there are.
@FunctionalInterface
public interface SwipeKeys {
    /// The base key of the key set that a KSN belongs to, if there is one.
    Optional<SwipeKey> find(Ksn ksn);
}
