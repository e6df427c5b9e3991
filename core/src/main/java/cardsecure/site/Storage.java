package cardsecure.site;

/// Whether a site's rows are encrypted.
public enum Storage {
    /// Every row is sealed.
    SEALED,
    /// New rows are sealed; some from a time when encryption was off are not.
    SEALED_WITH_CLEAR_ROWS,
    /// Rows are kept in clear, because the site's operator said that the database is encrypted by other means.
    CLEAR;

    /// Whether a clear row may stand in the store. Otherwise one is a forgery.
    public boolean mayHaveClearRows() {
        return this != SEALED;
    }
}
