package cardsecure.sap;

/// The classic exceptions that function modules raise, for calls that cannot be used at all. What is wrong with
/// data, or with what is asked for, is a result.
public enum AbapException {
    /// There is no such action, or not for this site.
    INVALID_ACTION("000", "001", "unknown action code"),
    /// The parameters are not what the function module takes.
    INVALID_DATA("000", "002", "a parameter is missing, or not declared alike"),
    /// The caller may not do this.
    NOT_AUTHORIZED("000", "003", "the caller may not do this"),
    /// The vault cannot answer just now.
    SERVICE_UNAVAILABLE("000", "004", "the vault cannot answer just now"),
    /// There is no such function module.
    FU_NOT_FOUND("046", "046", "there is no such function module");

    private final String number;
    private final String messageNumber;
    private final String text;

    AbapException(String number, String messageNumber, String text) {
        this.number = number;
        this.messageNumber = messageNumber;
        this.text = text;
    }

    /// The number that goes with it in RFC, three digits: `000` where there is no message.
    public String number() {
        return number;
    }

    /// The number of its message in SOAP, where it has one, three digits.
    public String messageNumber() {
        return messageNumber;
    }

    /// Whether the caller has to do something about it, or else the server.
    public boolean byCaller() {
        return this != SERVICE_UNAVAILABLE;
    }

    /// What it means, without anything of the call's.
    public String text() {
        return text;
    }
}
