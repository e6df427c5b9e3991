package cardsecure.rfc;

/// The two ways in.
public enum Door {
    /// An ABAP system whose destination of type T names this server as the gateway and the registered program.
    REGISTERED_PROGRAM,
    /// A program with an RFC library, which logs on.
    EXTERNAL_CLIENT
}
