package cardsecure.admin;

import java.io.IOException;

/// The channel between administrator and server failed, and what can be done about it.
public final class AdminException extends IOException {
    private final String hint;

    /// A failure.
    ///
    /// @param message what is wrong
    /// @param hint what can be done about it
    public AdminException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    /// A failure with its cause.
    ///
    /// @param message what is wrong
    /// @param hint what can be done about it
    public AdminException(String message, String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    /// What can be done about it.
    public String hint() {
        return hint;
    }
}
