package cardsecure.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a front listens, if it does. Its text is what [#parse] reads.
public sealed interface Listen {
    /// The host of a port that is given alone: nobody on another machine can reach it.
    String LOOPBACK = "127.0.0.1";

    /// The front is off.
    record Off() implements Listen {
        @Override
        public String toString() {
            return "off";
        }
    }

    /// The front listens at an address.
    ///
    /// @param host a name or an address, without brackets
    /// @param port 0 for any free one
    record At(String host, int port) implements Listen {
        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
        private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9]{1,15})?");
        private static final Pattern LOCAL = Pattern.compile("(?i)localhost|127(\\.[0-9]{1,3}){3}|::1");
        private static final int PORT_MAX = 65_535;

        /// Checks the parts.
        ///
        /// @throws IllegalArgumentException for a host or a port that cannot be
        public At {
            boolean ipv6 = host.contains(":");
            if (!(ipv6 ? IPV6 : NAME).matcher(host).matches()) {
                throw new IllegalArgumentException(
                        "a listener's host is a host name or an IP address, IPv6 in brackets");
            }
            if (port < 0 || port > PORT_MAX) {
                throw new IllegalArgumentException("a port is 0 (any free one) to " + PORT_MAX);
            }
        }

        /// Whether nobody on another machine can reach it, as far as the host's name tells.
        boolean isLoopback() {
            return LOCAL.matcher(host).matches();
        }

        /// Whether both want the same port of the same host; two free ports never clash.
        boolean clashesWith(At other) {
            return port != 0 && equals(other);
        }

        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /// The listener of a text: `HOST:PORT`, `[IPV6]:PORT`, `PORT` (of the loopback address) or `off`.
    ///
    /// @throws IllegalArgumentException for another text; the message says what there can be
    static Listen parse(String text) {
        if (text.equals("off")) {
            return new Off();
        }
        Matcher parts = Texts.HOST_AND_PORT.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a listener is HOST:PORT, [IPV6]:PORT, PORT or off");
        }
        String bracketed = parts.group("ipv6");
        String host = bracketed != null ? bracketed : parts.group("host");
        return new At(host != null ? host : LOOPBACK, Integer.parseInt(parts.group("port")));
    }

    /// How listeners are written.
    final class Texts {
        private static final Pattern HOST_AND_PORT =
                Pattern.compile("(?:(?:\\[(?<ipv6>[^\\[\\]]*:[^\\[\\]]*)]|(?<host>[^:\\[\\]]*)):)?(?<port>[0-9]{1,5})");

        private Texts() {}
    }
}
