package cardsecure.error;

/// A request that gets an error for an answer. Its message is for the log and says what rule was broken, with
/// lengths and names of things, never with a caller's text: it must be safe to print.
public final class Refusal extends RuntimeException {
    private final ErrorCode code;

    /// A refusal that is the caller's to mend. It carries no stack trace, because refusals are ordinary traffic.
    public Refusal(ErrorCode code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    /// A refusal for a failure of the server's own.
    public Refusal(ErrorCode code, String reason, Throwable cause) {
        super(reason, cause);
        this.code = code;
    }

    /// What the caller is told.
    public ErrorCode code() {
        return code;
    }

    /// Why, for the log.
    public String reason() {
        return String.valueOf(getMessage());
    }
}
