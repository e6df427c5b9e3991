package cardsecure.config;

/// An address that cannot be listened on.
public final class ListenException extends RuntimeException {
    /// A failure with a message that says what failed.
    public ListenException(String message, Throwable cause) {
        super(message, cause);
    }
}
