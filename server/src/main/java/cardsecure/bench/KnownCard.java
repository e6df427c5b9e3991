package cardsecure.bench;

/// A card of the run, and the token that the site gave it.
record KnownCard(String card, String token) {}
