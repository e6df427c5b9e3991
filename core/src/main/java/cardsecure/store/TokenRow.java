package cardsecure.store;

import java.util.Optional;

/// A token and what is kept for it.
///
/// @param fingerprint of the datum; none for a token made with `unique=true`. No two rows of a site share one
/// @param data the sealed datum; none once it is purged
public record TokenRow(TokenPlace place, Optional<Fingerprint> fingerprint, Optional<SealedData> data) {}
