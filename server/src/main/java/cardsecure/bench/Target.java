package cardsecure.bench;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// Where requests go, and how they and their replies are written.
sealed interface Target permits HttpTarget, SocketTarget {
    /// The server's address; its scheme says what is spoken.
    URI url();

    /// How TLS is done, if it is.
    Optional<ClientTls> tls();

    /// How long a reply may take before it counts as lost.
    Duration patience();

    /// The port where the URL has none.
    int usualPort();

    /// The bytes of a request around data of a certain length.
    ///
    /// @param dataLength bytes of the data, as they go over the wire
    RequestTemplate template(Workload workload, int dataLength);

    /// The body of a reply.
    byte[] reply(String action, String data);

    /// A reader of such replies.
    ReplyReader reader();

    /// The address to connect to; looks the name up.
    default InetSocketAddress address() {
        int port = url().getPort() < 0 ? usualPort() : url().getPort();
        return new InetSocketAddress(url().getHost(), port);
    }
}
