package cardsecure.site;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/// A range of network addresses in CIDR notation (RFC 4632, RFC 4291 section 2.3), such as `10.0.0.0/8`.
/// An address alone is a range of one. IPv4 addresses in an IPv6 dress (`::ffff:192.0.2.1`) count as IPv4.
public final class AddressRange {
    private static final Pattern NOTATION = Pattern.compile("([0-9A-Fa-f.:]{2,45})(?:/([0-9]{1,3}))?");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final String FORM = "a range is an IPv4 or IPv6 address, or a network such as 10.0.0.0/8";

    private final InetAddress network;
    private final int prefix;

    private AddressRange(InetAddress network, int prefix) {
        this.network = network;
        this.prefix = prefix;
    }

    /// The range of a text. Never asks a name server.
    ///
    /// @throws IllegalArgumentException for another text, or a network with bits after its prefix, likely a slip
    public static AddressRange parse(String text) {
        var parts = NOTATION.matcher(text);
        require(parts.matches(), FORM);
        InetAddress address = literal(parts.group(1));
        int bits = address.getAddress().length * Byte.SIZE;
        int prefix = parts.group(2) == null ? bits : Integer.parseInt(parts.group(2));
        require(prefix <= bits, "the prefix of an IPv4 network is at most 32, of an IPv6 one at most 128");
        AddressRange range = new AddressRange(address, prefix);
        require(range.hasNoBitsAfterPrefix(), "the network has bits after its prefix");
        return range;
    }

    private static InetAddress literal(String text) {
        boolean ipv6 = text.contains(":");
        require(ipv6 || IPV4.matcher(text).matches(), FORM);
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException(FORM);
        }
    }

    private boolean hasNoBitsAfterPrefix() {
        byte[] bytes = network.getAddress();
        for (int bit = prefix; bit < bytes.length * Byte.SIZE; bit++) {
            if ((bytes[bit / Byte.SIZE] & (0x80 >> bit % Byte.SIZE)) != 0) {
                return false;
            }
        }
        return true;
    }

    /// Whether the address is one of the range.
    public boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] its = plain(address).getAddress();
        if (mine.length != its.length) {
            return false;
        }
        int whole = prefix / Byte.SIZE;
        int rest = prefix % Byte.SIZE;
        return Arrays.equals(mine, 0, whole, its, 0, whole)
                && (rest == 0 || ((mine[whole] ^ its[whole]) & (0xff00 >> rest) & 0xff) == 0);
    }

    /// Java makes an `Inet4Address` of a mapped address by itself, unless somebody scoped it.
    private static InetAddress plain(InetAddress address) {
        try {
            return address instanceof Inet4Address ? address : InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of a length that none has", e);
        }
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressRange that && prefix == that.prefix && network.equals(that.network);
    }

    @Override
    public int hashCode() {
        return 31 * network.hashCode() + prefix;
    }

    /// As it is written, with its prefix unless it is one address.
    @Override
    public String toString() {
        boolean one = prefix == network.getAddress().length * Byte.SIZE;
        return network.getHostAddress() + (one ? "" : "/" + prefix);
    }
}
