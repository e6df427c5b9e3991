package cardsecure.http;

import cardsecure.site.AddressRange;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whom a proxy speaks for, and by what scheme that one came, as far as listed proxies tell.
///
/// @param address of the client
record Forwarding(InetAddress address, Scheme scheme) {
    private static final Pattern IPV4 = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,3}){3})(?::[0-9]{1,5})?");
    private static final Pattern IPV6 = Pattern.compile("\\[([0-9A-Fa-f:.]{2,45})](?::[0-9]{1,5})?");
    private static final Pattern IPV6_BARE = Pattern.compile("([0-9A-Fa-f.]{0,15}:[0-9A-Fa-f:.]{1,45})");

    /// What is told of the client's connection.
    enum Scheme {
        /// Nothing.
        UNTOLD,
        /// All of the way that is told of is HTTPS.
        HTTPS,
        /// A part of the way is something else.
        OTHER
    }

    /// Of nobody but the peer itself.
    static Forwarding none(InetAddress peer) {
        return new Forwarding(peer, Scheme.UNTOLD);
    }

    /// What `X-Forwarded-For` tells.
    ///
    /// @param values of all such headers, in their order
    /// @param schemes of all headers `X-Forwarded-Proto`
    static Forwarding xForwardedFor(
            InetAddress peer, List<String> values, List<String> schemes, List<AddressRange> proxies) {
        return new Forwarding(client(peer, elements(values), proxies), scheme(elements(schemes)));
    }

    /// What `Forwarded` (RFC 7239) tells.
    static Forwarding forwarded(InetAddress peer, List<String> values, List<AddressRange> proxies) {
        List<String> hops = new ArrayList<>();
        List<String> schemes = new ArrayList<>();
        for (String element : elements(values)) {
            // An element without an address counts as one that cannot be read.
            hops.add(parameter(element, "for").orElse(""));
            parameter(element, "proto").ifPresent(schemes::add);
        }
        return new Forwarding(client(peer, hops, proxies), scheme(schemes));
    }

    private static Scheme scheme(List<String> told) {
        if (told.isEmpty()) {
            return Scheme.UNTOLD;
        }
        return told.stream().allMatch("https"::equalsIgnoreCase) ? Scheme.HTTPS : Scheme.OTHER;
    }

    /// The elements of a list over all headers of a name.
    private static List<String> elements(List<String> values) {
        return values.stream().flatMap(value -> parts(value, ',').stream()).toList();
    }

    private static Optional<String> parameter(String element, String name) {
        return parts(element, ';').stream()
                .filter(pair -> pair.regionMatches(true, 0, name + "=", 0, name.length() + 1))
                .map(pair -> unquoted(pair.substring(name.length() + 1)))
                .findFirst();
    }

    /// The parts between separators; one in a quoted string is none.
    private static List<String> parts(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        parts.add(text.substring(start).strip());
        return parts;
    }

    /// No address and no scheme has a backslash, so what one escapes need not be understood.
    private static String unquoted(String text) {
        boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    /// From the right: each listed proxy's word is taken for the hop before it. What a hop that is no listed proxy
    /// wrote further to the left is its own affair.
    private static InetAddress client(InetAddress peer, List<String> hops, List<AddressRange> proxies) {
        InetAddress nearest = peer;
        for (int i = hops.size() - 1; i >= 0 && isOneOf(proxies, nearest); i--) {
            Optional<InetAddress> hop = address(hops.get(i));
            if (hop.isEmpty()) {
                return nearest;
            }
            nearest = hop.get();
        }
        return nearest;
    }

    static boolean isOneOf(List<AddressRange> ranges, InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    /// An address with or without a port. Never asks a name server.
    private static Optional<InetAddress> address(String text) {
        for (Pattern form : List.of(IPV4, IPV6, IPV6_BARE)) {
            Matcher matcher = form.matcher(text);
            if (matcher.matches()) {
                try {
                    return Optional.of(InetAddress.ofLiteral(matcher.group(1)));
                } catch (IllegalArgumentException _) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
