package cardsecure.vault;

/// How a request says which site it is for.
public sealed interface SiteSelector {

    /// By the host name that it was sent to (HTTP), with or without a port.
    record Host(String host) implements SiteSelector {}

    /// By the name that its listener was given (socket).
    record Named(String name) implements SiteSelector {}
}
