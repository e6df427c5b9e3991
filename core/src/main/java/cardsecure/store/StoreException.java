package cardsecure.store;

/// The store could not read or write. After a failed write nothing is known of its changes: each may or may not be
/// there, whole, but none was acknowledged. Checked, because a caller must decide.
public final class StoreException extends Exception {
    /// A failure with a message that says what failed.
    ///
    /// @param message what failed, without a caller's data
    public StoreException(String message) {
        super(message);
    }

    /// A failure with a message that says what failed.
    ///
    /// @param message what failed, without a caller's data
    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
