package cardsecure.store;

import cardsecure.site.SiteId;

/// An entry of a store's own index: where the row of a site with a fingerprint is said to stand.
public record IndexEntry(SiteId site, Fingerprint fingerprint, TokenPlace place) {}
