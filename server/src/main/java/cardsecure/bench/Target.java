package cardsecure.bench;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Where requests go, and how they are written.
///
/// @param host the `Host` header, by which the server finds the site
/// @param post whether the parameters travel in a form body instead of the query
/// @param patience how long a reply may take before it counts as lost
record Target(URI url, String host, boolean post, Duration patience) {
    private static final String USUAL_PATH = "/cardsecure/cs";
    private static final int HTTP_PORT = 80;

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for another scheme than `http`, or a URL without a host
    Target {
        if (!"http".equals(url.getScheme()) || url.getHost() == null) {
            throw new IllegalArgumentException("the bench speaks plain HTTP: http://HOST:PORT");
        }
    }

    /// What a URL says of the `Host` header.
    static String hostOf(URI url) {
        return String.valueOf(url.getRawAuthority());
    }

    /// The address to connect to; looks the name up.
    InetSocketAddress address() {
        int port = url.getPort() < 0 ? HTTP_PORT : url.getPort();
        return new InetSocketAddress(url.getHost(), port);
    }

    /// The bytes of a request around data of a certain length.
    ///
    /// @param dataLength bytes of the data, form-encoded
    RequestTemplate template(Workload workload, int dataLength) {
        String path = url.getRawPath().length() > 1 ? url.getRawPath() : USUAL_PATH;
        String parameters = "action=" + workload.action() + "&data=";
        return post
                ? new RequestTemplate(
                        "POST " + path + " HTTP/1.1\r\nHost: " + host
                                + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                                + (parameters.length() + dataLength) + "\r\n\r\n" + parameters,
                        "")
                : new RequestTemplate("GET " + path + "?" + parameters, " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    }

    /// A whole request.
    byte[] request(Workload workload, String data) {
        return template(workload, data.length()).with(data.getBytes(StandardCharsets.US_ASCII));
    }
}
