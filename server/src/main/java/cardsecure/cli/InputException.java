package cardsecure.cli;

/// What somebody gave a command cannot be used, and what can be done about it.
final class InputException extends Exception {
    private final String hint;

    /// @param message what is wrong
    /// @param hint what can be done about it
    InputException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    String hint() {
        return hint;
    }
}
