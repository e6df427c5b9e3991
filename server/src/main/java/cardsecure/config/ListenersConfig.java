package cardsecure.config;

import java.util.ArrayList;
import java.util.List;

/// Where each front listens.
///
/// @param http plain HTTP
/// @param https HTTP over TLS
/// @param socket the raw socket
/// @param socketTls the raw socket over TLS
public record ListenersConfig(Listen http, Listen https, Listen socket, Listen socketTls) {
    private static final int DEV_HTTP_PORT = 6080;

    /// Checks the parts.
    ///
    /// @throws InvalidConfigException if two fronts listen at the same address
    public ListenersConfig {
        Rules rules = new Rules();
        List<Listen> earlier = new ArrayList<>();
        List<Listen> all = List.of(http, https, socket, socketTls);
        for (int i = 0; i < all.size(); i++) {
            Listen listen = all.get(i);
            int clash = clash(listen, earlier);
            rules.holds(clash < 0, KEYS.get(i), "and " + KEYS.get(Math.max(clash, 0)) + " listen at the same address");
            earlier.add(listen);
        }
        rules.enforce();
    }

    /// The keys, in the order of the parts.
    static final List<String> KEYS = List.of("http", "https", "socket", "socket-tls");

    /// The usual listeners: none, as what a server shows to a network is its operator's decision; `dev` has plain HTTP
    /// on the loopback address.
    public static ListenersConfig defaults(boolean dev) {
        Listen off = new Listen.Off();
        return new ListenersConfig(dev ? new Listen.At(Listen.LOOPBACK, DEV_HTTP_PORT) : off, off, off, off);
    }

    /// The same with another plain HTTP listener.
    public ListenersConfig withHttp(Listen newHttp) {
        return new ListenersConfig(newHttp, https, socket, socketTls);
    }

    /// The same with another HTTPS listener.
    public ListenersConfig withHttps(Listen newHttps) {
        return new ListenersConfig(http, newHttps, socket, socketTls);
    }

    /// The same with another raw socket.
    public ListenersConfig withSocket(Listen newSocket) {
        return new ListenersConfig(http, https, newSocket, socketTls);
    }

    /// The same with another raw socket over TLS.
    public ListenersConfig withSocketTls(Listen newSocketTls) {
        return new ListenersConfig(http, https, socket, newSocketTls);
    }

    private static int clash(Listen listen, List<Listen> earlier) {
        for (int i = 0; i < earlier.size(); i++) {
            if (listen instanceof Listen.At at && earlier.get(i) instanceof Listen.At other && at.clashesWith(other)) {
                return i;
            }
        }
        return -1;
    }
}
