package cardsecure.vault;

/// Who sent a request, and by what way.
///
/// @param address of the peer, for the log
/// @param confidential whether nobody on the way can read the reply: TLS, or loopback
/// @param site which site it is for
public record Caller(String address, boolean confidential, SiteSelector site) {}
