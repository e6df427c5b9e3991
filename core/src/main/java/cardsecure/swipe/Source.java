package cardsecure.swipe;

import cardsecure.dukpt.KeyVariant;
import cardsecure.dukpt.Ksn;
import java.util.Optional;

/// What a swipe says of its reader and its key. Nothing of it is secret.
///
/// @param serialNumber the reader's, printable ASCII, if it is told
/// @param variant which of the swipe's keys it is encrypted with, if it is told
public record Source(
        SwipeFormat format, Ksn ksn, Optional<String> serialNumber, SwipeCipher cipher, Optional<KeyVariant> variant) {}
