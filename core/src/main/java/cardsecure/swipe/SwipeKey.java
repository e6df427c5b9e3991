package cardsecure.swipe;

import cardsecure.dukpt.BaseKey;
import cardsecure.dukpt.KeyVariant;
import java.util.Optional;

/// The base key of a key set.
///
/// @param variant the only variant that the key set's readers use, if the operator said so, but that a frame of
///         ID TECH's which says that it has the PIN key overrides [KeyVariant#DATA_ONE_WAY]; else what the swipe
///         says is tried first, then the others
public record SwipeKey(BaseKey baseKey, Optional<KeyVariant> variant) {}
