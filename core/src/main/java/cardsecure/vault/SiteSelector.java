package cardsecure.vault;

/// How a request says which site it is for.
public sealed interface SiteSelector {

    /// By the host name that it was sent to (HTTP), with or without a port.
    record Host(String host) implements SiteSelector {}

    /// By the name that its listener was given (socket).
    record Named(String name) implements SiteSelector {}

    /// The one that is the default: what comes by a listener that names none, and has no host name (socket).
    record Default() implements SiteSelector {}
}
