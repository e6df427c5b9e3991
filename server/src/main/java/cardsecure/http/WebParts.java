package cardsecure.http;

import cardsecure.config.LimitsConfig;
import io.helidon.common.context.Context;
import io.helidon.http.DirectHandler;
import io.helidon.http.Status;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.http.media.MediaContext;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ErrorHandling;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.Router;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// The web server as far as it is used: it reads requests and writes responses on connections that are opened here.
/// Its own listener is not taken: it asks a name server for each TLS client, has no list of proxies to trust, no time
/// limit for a handshake or a head, and does not say why it could not listen.
final class WebParts implements ListenerContext, AutoCloseable {
    private static final String HEADERS_TOO_LONG = "Header size exceeded";

    private static final Status TOO_LONG_431 = Status.create(431, "Request Header Fields Too Large");

    private final Http1ConnectionSelector http1;
    private final Router router;
    private final int headMax;
    private final DirectHandlers directHandlers;
    private final Context context = Context.create();
    private final MediaContext media = MediaContext.create();
    private final ContentEncodingContext encodings = ContentEncodingContext.create();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final ListenerConfig config = ListenerConfig.builder()
            .protocolsDiscoverServices(false)
            .errorHandling(ErrorHandling.builder().includeEntity(true).build())
            .build();

    WebParts(LimitsConfig limits, LegacyHandler handler, TransportRefusals refusals) {
        this.http1 = Http1ConnectionSelector.builder().config(http1(limits)).build();
        this.router = Router.builder()
                .addRouting(HttpRouting.builder().addFilter(handler))
                .build();
        this.headMax = limits.requestTargetMax() + limits.headersMax();
        this.directHandlers = directHandlers(refusals);
    }

    /// The prologue is not validated by the web server, so that a bad escape in the query gets the protocol's answer,
    /// `0038`; the path still is.
    private static Http1Config http1(LimitsConfig limits) {
        return Http1Config.builder()
                .name("http_1_1")
                .maxPrologueLength(limits.requestTargetMax())
                .maxHeadersSize(limits.headersMax())
                .validatePrologue(false)
                .sendKeepAliveHeader(false)
                .build();
    }

    /// What the web server refuses before a handler sees it, in the same form as the handler's own refusals.
    private static DirectHandlers directHandlers(TransportRefusals refusals) {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        for (DirectHandler.EventType event : DirectHandler.EventType.values()) {
            handlers.addHandler(event, (request, type, status, headers, message) -> {
                HttpConnection connection = HttpConnection.current();
                Status told = told(status, message, connection);
                String errorId = refusals.refused(told, connection.caller());
                return PlainText.transport(told, errorId);
            });
        }
        return handlers.build();
    }

    /// The web server says of headers over the limit no more than that the request is bad, and takes it for a fault of
    /// its own, with a warning, if it cannot make out a head: a byte that no method has, or the end in its middle.
    ///
    /// @throws CloseConnectionException if there is nobody to be told
    private static Status told(Status status, @Nullable String message, HttpConnection connection) {
        if (HEADERS_TOO_LONG.equals(message)) {
            return TOO_LONG_431;
        }
        if (status.code() != Status.INTERNAL_SERVER_ERROR_500.code() || !connection.isBeforeWork()) {
            return status;
        }
        if (connection.hasEnded()) {
            throw new CloseConnectionException("the client went away within a head");
        }
        return Status.BAD_REQUEST_400;
    }

    /// What reads the requests of a connection.
    ServerConnection requests(ConnectionContext connection) {
        return http1.connection(connection);
    }

    int headMax() {
        return headMax;
    }

    Router router() {
        return router;
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public MediaContext mediaContext() {
        return media;
    }

    @Override
    public ContentEncodingContext contentEncodingContext() {
        return encodings;
    }

    @Override
    public DirectHandlers directHandlers() {
        return directHandlers;
    }

    @Override
    public ListenerConfig config() {
        return config;
    }

    @Override
    public ExecutorService executor() {
        return executor;
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
