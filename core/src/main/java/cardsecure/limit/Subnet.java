package cardsecure.limit;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/// What counts as one address: an IPv4 address, or a /64 of IPv6, as whoever has one address there has all of them.
///
/// @param v6 whether it is of IPv6
/// @param prefix the four bytes of IPv4, the first eight of IPv6
public record Subnet(boolean v6, long prefix) {

    /// The one that an address belongs to.
    public static Subnet of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address
                ? new Subnet(false, Integer.toUnsignedLong(bytes.getInt()))
                : new Subnet(true, bytes.getLong());
    }
}
