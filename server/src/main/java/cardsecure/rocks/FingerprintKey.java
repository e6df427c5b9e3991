package cardsecure.rocks;

import cardsecure.site.SiteId;
import cardsecure.store.Fingerprint;

/// A key of the index.
record FingerprintKey(SiteId site, Fingerprint fingerprint) {}
