package cardsecure.bench;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// A server's raw socket, spoken to in frames.
///
/// @param signed signs the requests, if they are to be signed
/// @param url of the scheme `socket` or `socket-tls`
record SocketTarget(URI url, Optional<ClientTls> tls, Duration patience, Optional<SignedRequests> signed)
        implements Target {
    private static final String START = "FF";
    private static final String VERSION = "01";
    /// Comes back with the reply, and is compared with it.
    private static final String TRACE = "load";

    private static final String NO_KEY = "   ";
    private static final int HEADER_LENGTH = 2 + VERSION.length() + TRACE.length() + NO_KEY.length();

    /// Of an address as `HOST:PORT`.
    ///
    /// @param option that it was given with, for the message
    /// @throws IllegalArgumentException if it is none
    static SocketTarget at(
            String option,
            String address,
            Optional<ClientTls> tls,
            Duration patience,
            Optional<SignedRequests> signed) {
        URI url = URI.create((tls.isPresent() ? "socket-tls" : "socket") + "://" + address);
        if (url.getHost() == null || url.getPort() < 0 || !url.getRawPath().isEmpty()) {
            throw new IllegalArgumentException(option + ": an address is HOST:PORT, not " + address);
        }
        return new SocketTarget(url, tls, patience, signed);
    }

    @Override
    public int usualPort() {
        throw new IllegalStateException("the address has a port");
    }

    @Override
    public RequestTemplate template(Workload workload, int dataLength) {
        String length = String.format(
                Locale.ROOT,
                "%04d",
                HEADER_LENGTH + dataLength + (signed.isPresent() ? SignedRequests.SOCKET_LENGTH : 0));
        return new RequestTemplate(
                START + length + header(workload.action()), "", SignedRequests.forSocket(signed, workload.action()));
    }

    @Override
    public byte[] reply(String action, String data) {
        return (header(action) + data).getBytes(StandardCharsets.US_ASCII);
    }

    private static String header(String action) {
        return action + VERSION + TRACE + NO_KEY;
    }

    @Override
    public ReplyReader reader() {
        return new FrameReader();
    }
}
