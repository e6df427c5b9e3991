package cardsecure.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.RoutingResponse;

/// The transport's own failures, in plain text.
final class PlainText {
    static final Header CONTENT_TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/plain; charset=UTF-8");
    static final Header ANY_ORIGIN = HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");

    private PlainText() {}

    static void send(RoutingResponse response, Status status) {
        response.status(status).header(CONTENT_TYPE).send(body(status).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /// Before any handler; the site is not known, and nothing secret is said.
    static DirectHandler.TransportResponse transport(Status status) {
        return DirectHandler.TransportResponse.builder()
                .status(status)
                .header(CONTENT_TYPE)
                .header(ANY_ORIGIN)
                .keepAlive(false)
                .entity(body(status))
                .build();
    }

    private static String body(Status status) {
        return status.code() + " " + status.reasonPhrase();
    }
}
