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
/// @param address of the client, or the last proxy's if that does not tell it
/// @param told whether anything is said of whom the peer speaks for; if not, it speaks for itself
record Forwarding(InetAddress address, boolean told, Scheme scheme) {
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
        return new Forwarding(peer, false, Scheme.UNTOLD);
    }

    /// What `X-Forwarded-For` tells.
    ///
    /// @param values of all such headers, in their order
    /// @param schemes of all headers `X-Forwarded-Proto`
    static Forwarding xForwardedFor(
            InetAddress peer, List<String> values, List<String> schemes, List<AddressRange> proxies) {
        List<String> hops = elements(values);
        return new Forwarding(client(peer, hops, proxies), !hops.isEmpty(), scheme(elements(schemes)));
    }

    /// What `Forwarded` (RFC 7239) tells.
    static Forwarding forwarded(InetAddress peer, List<String> values, List<AddressRange> proxies) {
        List<String> elements = elements(values);
        // An element without an address counts as one that cannot be read.
        List<String> hops = elements.stream()
                .map(element -> parameter(element, "for").orElse(""))
                .toList();
        // Of schemes, too, only the listed proxies' word counts: all further left the client may have written itself.
        List<String> schemes = elements.subList(firstTrusted(peer, hops, proxies), elements.size()).stream()
                .flatMap(element -> parameter(element, "proto").stream())
                .toList();
        return new Forwarding(client(peer, hops, proxies), !hops.isEmpty(), scheme(schemes));
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
        int first = firstTrusted(peer, hops, proxies);
        for (int i = hops.size() - 1; i >= first; i--) {
            nearest = address(hops.get(i)).orElse(nearest);
        }
        return nearest;
    }

    /// The first of the hops that are told of by listed proxies.
    private static int firstTrusted(InetAddress peer, List<String> hops, List<AddressRange> proxies) {
        Optional<InetAddress> teller = Optional.of(peer);
        int first = hops.size();
        while (first > 0 && teller.filter(proxy -> isOneOf(proxies, proxy)).isPresent()) {
            first--;
            teller = address(hops.get(first));
        }
        return first;
    }

    private static boolean isOneOf(List<AddressRange> ranges, InetAddress address) {
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
