package cardsecure.site;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/// IPv6 addresses as hosts of requests have them: in brackets (RFC 3986, section 3.2.2). One address can be written in
/// many ways, so they are compared in one form, that of RFC 5952. Never asks a name server.
public final class Ipv6Host {
    private static final int GROUPS = 8;
    private static final int LENGTH_MAX = "[0000:0000:0000:0000:0000:ffff:255.255.255.255]".length();

    private Ipv6Host() {}

    /// Whether a host can be nothing but an IPv6 address, a good one or not.
    public static boolean isMeant(String host) {
        return host.startsWith("[");
    }

    /// The one form of an address, with its brackets; none if it is no address, or has a zone, which means something on
    /// one machine alone.
    public static Optional<String> canonical(String host) {
        if (!isMeant(host) || !host.endsWith("]") || host.length() > LENGTH_MAX) {
            return Optional.empty();
        }
        String literal = host.substring(1, host.length() - 1);
        // Others than these never are part of one, but Java takes more: zones, and IPv4 addresses alone.
        if (literal.indexOf(':') < 0 || !literal.chars().allMatch(Ipv6Host::isOfLiteral)) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.ofLiteral(literal);
            // Java makes an IPv4 address of a mapped one; it was sent as the other, and RFC 5952, section 5, shows it.
            return Optional.of(
                    address instanceof Inet4Address
                            ? "[::ffff:" + address.getHostAddress() + "]"
                            : "[" + shown(address.getAddress()) + "]");
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static boolean isOfLiteral(int c) {
        return c == ':' || c == '.' || (c < 0x80 && Character.digit(c, 16) >= 0);
    }

    /// Small letters, no leading zeros, and `::` for the longest run of two or more zero groups, the first of several.
    private static String shown(byte[] address) {
        int start = -1;
        int length = 1;
        int run = 0;
        for (int i = 0; i < GROUPS; i++) {
            run = group(address, i) == 0 ? run + 1 : 0;
            if (run > length) {
                start = i - run + 1;
                length = run;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            boolean inRun = start >= 0 && i >= start && i < start + length;
            if (i == start) {
                text.append("::");
            } else if (!inRun) {
                boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(first ? "" : ":").append(Integer.toHexString(group(address, i)));
            }
        }
        return text.toString();
    }

    private static int group(byte[] address, int index) {
        return ((address[2 * index] & 0xff) << 8) | (address[2 * index + 1] & 0xff);
    }
}
