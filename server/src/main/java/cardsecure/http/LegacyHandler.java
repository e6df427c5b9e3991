package cardsecure.http;

import cardsecure.config.LimitsConfig;
import cardsecure.protocol.FormDecoder;
import cardsecure.protocol.ReplyEncoder;
import cardsecure.protocol.ReplyFormat;
import cardsecure.site.Site;
import cardsecure.vault.Caller;
import cardsecure.vault.Reply;
import cardsecure.vault.SiteDirectory;
import cardsecure.vault.Vault;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Answers `/cardsecure/cs`: an HTTP request to a call, a reply to an HTTP response; and [HealthPath]s and
/// [SoapPath]s. It is a filter and not a route, because it answers every method and path itself.
final class LegacyHandler implements Filter {
    static final String PATH = "/cardsecure/cs";

    private static final Header TEXT = PlainText.CONTENT_TYPE;
    private static final Header XML = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/xml; charset=UTF-8");
    private static final Header ALLOW = HeaderValues.createCached(HeaderNames.ALLOW, "GET, POST, OPTIONS");
    private static final Header CORS_METHODS =
            HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS");
    private static final Header CORS_HEADERS = HeaderValues.createCached(
            HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type, X-Requested-With");
    private static final Header CORS_MAX_AGE = HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_MAX_AGE, "86400");
    private static final Header CHALLENGE =
            HeaderValues.createCached(HeaderNames.WWW_AUTHENTICATE, "Basic realm=\"CardSecure\", charset=\"UTF-8\"");
    private static final Header RETRY_AFTER = HeaderValues.createCached(HeaderNames.RETRY_AFTER, "1");
    private static final Header VARY_ORIGIN = HeaderValues.createCached(HeaderNames.VARY, "Origin");
    private static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");
    private static final byte[] NOTHING = {};
    private static final byte NO_UTF8 = (byte) 0xff;

    private final Vault vault;
    private final SiteDirectory sites;
    private final SoapHandler soap;
    private final int bodyMax;
    private final TransportRefusals refusals;

    LegacyHandler(Vault vault, SiteDirectory sites, SoapHandler soap, LimitsConfig limits, TransportRefusals refusals) {
        this.vault = vault;
        this.sites = sites;
        this.soap = soap;
        this.bodyMax = limits.bodyMax();
        this.refusals = refusals;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        HttpConnection connection = HttpConnection.current();
        connection.at(Phase.WORK);
        boolean last = isLast(connection, request);
        if (last || request.content().hasEntity()) {
            // Taken back when the body has been read: only then it is known where the next request begins.
            response.header(HeaderValues.CONNECTION_CLOSE);
        }
        RequestTarget target = RequestTarget.of(request);
        Caller caller = HttpCaller.of(connection, request.headers(), HttpCaller.site(connection, target.host()));
        answer(new Exchange(connection, request, response, caller, last), target.path());
        if (last || isUnread(request)) {
            throw new CloseConnectionException("this was its last request");
        }
        connection.awaitNext();
    }

    /// The web server would read on to the end of a body that nobody wanted; here it does not.
    private static boolean isUnread(RoutingRequest request) {
        return request.content().hasEntity() && !request.content().consumed();
    }

    /// Whether the connection ends with this request: the client asks for it, which the web server would not
    /// heed; or it may not be here; or its body is in chunks. The web server is lenient with those, and a proxy
    /// in front that sees their end elsewhere must not have a rest of a body taken for a request (RFC 9112,
    /// 11.2).
    private static boolean isLast(HttpConnection connection, RoutingRequest request) {
        ServerRequestHeaders headers = request.headers();
        return headers.containsToken(HeaderValues.CONNECTION_CLOSE)
                || headers.contains(HeaderNames.TRANSFER_ENCODING)
                || !connection.isExpected();
    }

    private void answer(Exchange exchange, String path) {
        allowOrigin(exchange);
        Optional<HealthPath> health = HealthPath.of(path);
        if (health.isPresent()) {
            answerHealth(health.get(), exchange);
            return;
        }
        Optional<SoapPath> called = SoapPath.of(path);
        if (called.isPresent()) {
            answerSoap(called.get(), exchange);
            return;
        }
        if (!path.equals(PATH)) {
            refuse(exchange, Status.NOT_FOUND_404);
            return;
        }
        switch (exchange.method()) {
            case "GET" -> handle(exchange, NOTHING);
            case "POST" -> {
                byte[] body = readBody(exchange);
                handle(exchange, isForm(exchange.request().headers()) ? body : NOTHING);
            }
            case "OPTIONS" -> {
                RoutingResponse response = exchange.response();
                response.header(ALLOW);
                response.header(CORS_METHODS);
                response.header(CORS_HEADERS);
                response.header(CORS_MAX_AGE);
                response.status(Status.OK_200).send(NOTHING);
            }
            default -> {
                exchange.response().header(ALLOW);
                refuse(exchange, Status.METHOD_NOT_ALLOWED_405);
            }
        }
    }

    private void answerSoap(SoapPath path, Exchange exchange) {
        RoutingRequest request = exchange.request();
        RoutingResponse response = exchange.response();
        if (!exchange.method().equals(path.method())) {
            response.header(HeaderNames.ALLOW, path.method());
            refuse(exchange, Status.METHOD_NOT_ALLOWED_405);
        } else if (!mayCall(exchange.caller())) {
            refuse(exchange, Status.FORBIDDEN_403);
        } else {
            switch (path) {
                case CALL -> {
                    byte[] body = readBody(exchange);
                    response.header(NO_STORE);
                    Optional<String> type = request.headers().value(HeaderNames.CONTENT_TYPE);
                    soap.call(response, exchange.caller(), type, body)
                            .ifPresent(reply -> sendOwn(request, response, reply));
                }
                case DESCRIPTION -> {
                    if (!soap.describe(request, response, exchange.connection().isSecure())) {
                        refuse(exchange, Status.NOT_FOUND_404);
                    }
                }
            }
        }
    }

    private void answerHealth(HealthPath health, Exchange exchange) {
        exchange.response().header(NO_STORE);
        PlainText.send(exchange.request(), exchange.response(), health.status(vault));
    }

    private void refuse(Exchange exchange, Status status) {
        exchange.response()
                .header(
                        PlainText.ERROR_ID,
                        refusals.refused(status, exchange.caller().address()));
        PlainText.send(exchange.request(), exchange.response(), status);
    }

    /// A request is in flight, for the vault, when it has come whole, so that slow clients keep nobody else out.
    private void handle(Exchange exchange, byte[] body) {
        RoutingResponse response = exchange.response();
        FormDecoder.Decoded decoded = FormDecoder.decode(rawQuery(exchange.request()), body);
        Caller caller = exchange.caller();
        Reply reply = mayCall(caller) ? vault.handle(caller, decoded.call()) : refusals.refusedHost(caller);
        response.header(NO_STORE);
        if (!sendOwn(exchange.request(), response, reply)) {
            response.header(contentType(decoded.type()));
            response.status(Status.OK_200).send(ReplyEncoder.encode(reply, decoded.type()));
        }
    }

    /// Sends what the transport has its own statuses for; of all others the id of an error, if there is one.
    ///
    /// @return whether that is all
    private static boolean sendOwn(RoutingRequest request, RoutingResponse response, Reply reply) {
        switch (reply) {
            case Reply.Refused refused -> response.header(PlainText.ERROR_ID, refused.errorId());
            case Reply.CredentialsNeeded needed -> {
                response.header(PlainText.ERROR_ID, needed.errorId());
                response.header(CHALLENGE);
                PlainText.send(request, response, Status.UNAUTHORIZED_401);
                return true;
            }
            case Reply.TooManyRequests(String errorId, Duration retryAfter) -> {
                response.header(PlainText.ERROR_ID, errorId);
                // Rounded up: who comes back too early is turned away again.
                long seconds = retryAfter.plusNanos(999_999_999).toSeconds();
                response.header(HeaderNames.RETRY_AFTER, Long.toString(seconds));
                PlainText.send(request, response, Status.TOO_MANY_REQUESTS_429);
                return true;
            }
            case Reply.Overloaded overloaded -> {
                response.header(PlainText.ERROR_ID, overloaded.errorId());
                response.header(RETRY_AFTER);
                PlainText.send(request, response, Status.SERVICE_UNAVAILABLE_503);
                return true;
            }
            case Reply.Tokenized _, Reply.Told _, Reply.Revealed _, Reply.Encrypted _, Reply.Decrypted _ -> {}
        }
        return false;
    }

    /// jQuery runs a reply that says that it is JavaScript, so JSONP goes as text.
    private static Header contentType(ReplyFormat format) {
        return switch (format) {
            case FORM, JSONP -> TEXT;
            case XML -> XML;
        };
    }

    /// The query's bytes as they came. What was no ASCII has been lost in the web server; it becomes a byte
    /// that no UTF-8 has, because a question mark, which Java would put there, would pass for data.
    private static byte[] rawQuery(RoutingRequest request) {
        String query = request.prologue().query().rawValue();
        byte[] bytes = new byte[query.length()];
        for (int i = 0; i < bytes.length; i++) {
            char c = query.charAt(i);
            bytes[i] = c < 0x80 ? (byte) c : NO_UTF8;
        }
        return bytes;
    }

    private static boolean mayCall(Caller caller) {
        return HttpConnection.current().listener().allows(caller.address());
    }

    /// The body; the connection ends with one that is over the limit.
    private byte[] readBody(Exchange exchange) {
        RoutingRequest request = exchange.request();
        if (request.headers().contentLength().orElse(0) > bodyMax) {
            throw tooLarge(exchange);
        }
        if (!request.content().hasEntity()) {
            return NOTHING;
        }
        try {
            // Not closed: that would read on to the end of a body that may have none.
            InputStream in = request.content().inputStream();
            exchange.connection().at(Phase.BODY);
            byte[] body = in.readNBytes(bodyMax + 1);
            exchange.connection().at(Phase.WORK);
            if (body.length > bodyMax) {
                throw tooLarge(exchange);
            }
            if (!exchange.last()) {
                exchange.response().headers().remove(HeaderNames.CONNECTION);
            }
            return body;
        } catch (CloseConnectionException e) {
            throw e;
        } catch (IOException | UncheckedIOException | DataReader.InsufficientDataAvailableException e) {
            throw new CloseConnectionException("the body did not come in time, or its client went away", e);
        } catch (RuntimeException e) {
            // The web server could not make out the body's chunks. What follows in the stream is anybody's guess, so
            // the connection ends here.
            refuse(exchange, Status.BAD_REQUEST_400);
            throw new CloseConnectionException("the body is malformed", e);
        }
    }

    private CloseConnectionException tooLarge(Exchange exchange) {
        refuse(exchange, Status.REQUEST_ENTITY_TOO_LARGE_413);
        return new CloseConnectionException("the body is over the limit and was not read");
    }

    /// A body of another kind is not parameters, as in a servlet, and counts as empty.
    private static boolean isForm(ServerRequestHeaders headers) {
        String type = headers.value(HeaderNames.CONTENT_TYPE).orElse("").toLowerCase(Locale.ROOT);
        return type.isEmpty() || type.startsWith("application/x-www-form-urlencoded") || type.startsWith("text/plain");
    }

    /// Every origin, unless the site lists its own.
    private void allowOrigin(Exchange exchange) {
        RoutingResponse response = exchange.response();
        List<String> origins =
                sites.find(exchange.caller().site()).map(Site::origins).orElse(List.of());
        if (origins.isEmpty()) {
            response.header(PlainText.ANY_ORIGIN);
            return;
        }
        response.header(VARY_ORIGIN);
        exchange.request()
                .headers()
                .value(HeaderNames.ORIGIN)
                .filter(origins::contains)
                .ifPresent(origin -> response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin));
    }

    /// A request, and where its answer goes.
    ///
    /// @param last whether the connection ends with it, whatever becomes of its body
    private record Exchange(
            HttpConnection connection, RoutingRequest request, RoutingResponse response, Caller caller, boolean last) {
        /// The method; none that is known if it was not sent in capitals, of which the web server says nothing.
        String method() {
            return connection.saidInCapitals() ? request.prologue().method().text() : "";
        }
    }
}
