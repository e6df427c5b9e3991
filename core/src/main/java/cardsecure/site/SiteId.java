package cardsecure.site;

/// A site's number, which never changes and is never given to another site: what rows, keys and fingerprints are bound
/// to, so that a site can be renamed.
///
/// @param number positive
public record SiteId(int number) {
    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for a number that is not positive
    public SiteId {
        if (number <= 0) {
            throw new IllegalArgumentException("a site's number is positive");
        }
    }
}
