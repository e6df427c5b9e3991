package cardsecure.bench;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// A server's `/cardsecure/cs`.
///
/// @param host the `Host` header, by which the server finds the site
/// @param signed signs the requests, if they are to be signed
/// @param post whether the parameters travel in a form body instead of the query
record HttpTarget(
        URI url, Optional<ClientTls> tls, String host, boolean post, Duration patience, Optional<SignedRequests> signed)
        implements Target {
    private static final String USUAL_PATH = "/cardsecure/cs";
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /// Checks the parts.
    ///
    /// @throws IllegalArgumentException for another scheme than `http` or `https`, or a URL without a host
    HttpTarget {
        boolean known = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!known || url.getHost() == null) {
            throw new IllegalArgumentException("--url: the bench speaks to http://HOST:PORT and https://HOST:PORT");
        }
    }

    /// Whether such a URL means TLS.
    static boolean isTls(URI url) {
        return "https".equals(url.getScheme());
    }

    /// What a URL says of the `Host` header.
    static String hostOf(URI url) {
        return String.valueOf(url.getRawAuthority());
    }

    @Override
    public int usualPort() {
        return isTls(url) ? HTTPS_PORT : HTTP_PORT;
    }

    @Override
    public RequestTemplate template(Workload workload, int dataLength) {
        String path = url.getRawPath().length() > 1 ? url.getRawPath() : USUAL_PATH;
        String parameters = "action=" + workload.action() + "&data=";
        RequestTemplate.Signing signing = SignedRequests.forHttp(signed, workload.action());
        int signatureLength = signed.isPresent() ? SignedRequests.HTTP_LENGTH : 0;
        return post
                ? new RequestTemplate(
                        "POST " + path + " HTTP/1.1\r\nHost: " + host
                                + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                                + (parameters.length() + dataLength + signatureLength) + "\r\n\r\n" + parameters,
                        "",
                        signing)
                : new RequestTemplate(
                        "GET " + path + "?" + parameters, " HTTP/1.1\r\nHost: " + host + "\r\n\r\n", signing);
    }

    @Override
    public byte[] reply(String action, String data) {
        return ("action=" + action + "&data=" + URLEncoder.encode(data, StandardCharsets.UTF_8))
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public ReplyReader reader() {
        return new HttpReplyReader();
    }
}
