package cardsecure.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.RoutingRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a request is sent to. The target may be a whole URI, as to a proxy, and its host then counts, not the header's
/// (RFC 9112, section 3.2.2).
///
/// @param host with or without a port; empty if there is none
/// @param path as it was sent
record RequestTarget(String host, String path) {
    private static final Pattern ABSOLUTE = Pattern.compile("https?://([^/?#]*)([^?#]*)", Pattern.CASE_INSENSITIVE);

    static RequestTarget of(RoutingRequest request) {
        String raw = request.prologue().uriPath().rawPath();
        Matcher absolute = ABSOLUTE.matcher(raw);
        if (!raw.startsWith("/") && absolute.matches()) {
            return new RequestTarget(absolute.group(1), absolute.group(2));
        }
        return new RequestTarget(request.headers().value(HeaderNames.HOST).orElse(""), raw);
    }
}
