package cardsecure.vault;

import cardsecure.site.Ipv6Host;
import java.util.Locale;

/// The parts of a host's name that say which site is meant.
final class HostName {
    private HostName() {}

    /// Lower case, without port and the root's dot; an IPv6 address in the one form that sites have.
    static String bare(String hostAndPort) {
        String host = hostAndPort.toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            String address = end < 0 ? host : host.substring(0, end + 1);
            return Ipv6Host.canonical(address).orElse(address);
        }
        int colon = host.indexOf(':');
        host = colon < 0 ? host : host.substring(0, colon);
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    /// An address has no labels: `127` is nobody's name.
    static String firstLabel(String host) {
        if (host.startsWith("[") || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'))) {
            return "";
        }
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
    }
}
