package cardsecure.store;

import cardsecure.card.Domain;
import cardsecure.site.SiteId;
import cardsecure.token.Token;

/// Where a token lives. At most one row stands at a place.
public record TokenPlace(SiteId site, Domain domain, Token token) {}
