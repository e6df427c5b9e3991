package cardsecure.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.nio.charset.StandardCharsets;

/// The transport's own failures, in plain text.
final class PlainText {
    static final Header CONTENT_TYPE = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/plain; charset=UTF-8");
    static final HeaderName ERROR_ID = HeaderNames.create("X-Error-Id");
    static final Header ANY_ORIGIN = HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");

    private PlainText() {}

    /// To a `HEAD` without a body, which the client would take for the beginning of its next reply.
    static void send(RoutingRequest request, RoutingResponse response, Status status) {
        response.status(status).header(CONTENT_TYPE);
        if (request.prologue().method().equals(Method.HEAD)) {
            response.send();
        } else {
            response.send(body(status).getBytes(StandardCharsets.UTF_8));
        }
    }

    /// Before any handler; the site is not known, and nothing secret is said.
    static DirectHandler.TransportResponse transport(Status status, String errorId) {
        return DirectHandler.TransportResponse.builder()
                .status(status)
                .header(CONTENT_TYPE)
                .header(ANY_ORIGIN)
                .header(ERROR_ID, errorId)
                .keepAlive(false)
                .entity(body(status))
                .build();
    }

    private static String body(Status status) {
        return status.code() + " " + status.reasonPhrase();
    }
}
