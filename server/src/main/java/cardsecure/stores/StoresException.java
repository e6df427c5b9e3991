package cardsecure.stores;

/// A store cannot be copied, or used as it is: what is wrong, and what can be done about it.
public final class StoresException extends Exception {
    private final String hint;

    /// What is wrong, and what to do.
    public StoresException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    /// What is wrong, what to do, and the cause.
    public StoresException(String message, String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    /// What can be done about it.
    public String hint() {
        return hint;
    }
}
