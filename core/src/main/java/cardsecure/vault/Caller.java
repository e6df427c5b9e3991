package cardsecure.vault;

import java.net.InetAddress;

/// Who sent a request, and by what way.
///
/// @param address of the peer, or what a trusted proxy tells of it
/// @param confidential whether nobody on the way can read the reply: TLS, or loopback
/// @param site which site it is for
public record Caller(InetAddress address, boolean confidential, SiteSelector site, Credentials credentials) {
    /// The address as the log writes it.
    public String shownAddress() {
        return address.getHostAddress();
    }
}
