package cardsecure.vault;

import cardsecure.site.Right;
import java.net.InetAddress;
import java.util.Set;

/// Who sent a request, and by what way.
///
/// @param address of the peer, or what a trusted proxy tells of it
/// @param confidential whether nobody on the way can read the reply: TLS, or loopback
/// @param site which site it is for
/// @param openRights of what the site lets everybody do that which goes by this way; of users it takes nothing
public record Caller(
        InetAddress address, boolean confidential, SiteSelector site, Credentials credentials, Set<Right> openRights) {
    private static final Set<Right> ALL = Set.of(Right.values());

    /// Keeps a copy.
    public Caller {
        openRights = Set.copyOf(openRights);
    }

    /// A caller by a way that leaves what the site lets everybody do as it is.
    public Caller(InetAddress address, boolean confidential, SiteSelector site, Credentials credentials) {
        this(address, confidential, site, credentials, ALL);
    }

    /// The same by other credentials.
    public Caller withCredentials(Credentials others) {
        return new Caller(address, confidential, site, others, openRights);
    }

    /// The address as the log writes it.
    public String shownAddress() {
        return address.getHostAddress();
    }
}
