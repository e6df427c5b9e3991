package cardsecure.swipe;

/// How a card was read.
public enum EntryMode {
    /// Its magnetic stripe.
    SWIPED,
    /// Its chip, through contacts.
    CHIP,
    /// Its chip, by radio.
    CONTACTLESS,
    /// Somebody typed its number.
    KEYED
}
