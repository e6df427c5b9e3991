package cardsecure.sap;

/// The classic exceptions that function modules raise, for calls that cannot be used at all. What is wrong with
/// data, or with what is asked for, is a result.
public enum AbapException {
    /// There is no such action, or not for this site.
    INVALID_ACTION("000", "unknown action code"),
    /// The parameters are not what the function module takes.
    INVALID_DATA("000", "a parameter is missing, or not declared alike"),
    /// The caller may not do this.
    NOT_AUTHORIZED("000", "the caller may not do this"),
    /// The vault cannot answer just now.
    SERVICE_UNAVAILABLE("000", "the vault cannot answer just now"),
    /// There is no such function module.
    FU_NOT_FOUND("046", "there is no such function module");

    private final String number;
    private final String text;

    AbapException(String number, String text) {
        this.number = number;
        this.text = text;
    }

    /// Its message's number, three digits.
    public String number() {
        return number;
    }

    /// What it means, without anything of the call's.
    public String text() {
        return text;
    }
}
