package cardsecure.http;

import cardsecure.audit.AuditLog;
import cardsecure.audit.ErrorIds;
import cardsecure.config.LimitsConfig;
import cardsecure.config.Listen;
import cardsecure.config.ListenException;
import cardsecure.vault.SiteDirectory;
import cardsecure.vault.Vault;
import io.helidon.common.concurrency.limits.FixedLimit;
import io.helidon.http.DirectHandler;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// The legacy API over HTTP/1.1, on one listener. Each connection has a virtual thread of its own.
public final class HttpFront implements AutoCloseable {
    private static final Duration LOOK_MIN = Duration.ofSeconds(1);

    private static final Duration BODY_MAX = Duration.ofSeconds(30);

    private final WebServer webServer;
    private final BodyDeadline bodies;
    private final Listen.At address;

    /// Binds the listener; it serves from then on.
    ///
    /// @throws ListenException if the address cannot be bound
    public HttpFront(Listen.At address, LimitsConfig limits, Vault vault, SiteDirectory sites, AuditLog audit) {
        this.address = address;
        TransportRefusals refusals = new TransportRefusals(audit, new ErrorIds(RandomGenerator.of("L64X128MixRandom")));
        this.bodies = new BodyDeadline(shorter(limits.idleTimeout(), BODY_MAX));
        LegacyHandler handler = new LegacyHandler(vault, sites, limits, bodies, refusals);
        WebServer built = WebServer.builder()
                .bindAddress(new InetSocketAddress(address.host(), address.port()))
                .addProtocol(http1(limits))
                .protocolsDiscoverServices(false)
                .directHandlers(directHandlers(refusals))
                .maxTcpConnections(limits.connectionsMax())
                .concurrencyLimit(FixedLimit.create())
                .idleConnectionTimeout(limits.idleTimeout())
                .idleConnectionPeriod(lookEvery(limits.idleTimeout()))
                .shutdownGracePeriod(limits.stopTimeout())
                .shutdownHook(false)
                .routing(routing -> routing.addFilter(handler))
                .build();
        try {
            this.webServer = built.start();
        } catch (RuntimeException e) {
            throw new ListenException("cannot listen for http at " + address, e);
        }
        // It does not throw when the port is taken.
        if (!webServer.isRunning()) {
            throw new ListenException(
                    "cannot listen for http at " + address, new IOException("the web server's log says more"));
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /// How often idle connections are looked for, so that none is idle for much longer than it may.
    private static Duration lookEvery(Duration idleTimeout) {
        Duration half = idleTimeout.dividedBy(2);
        return half.compareTo(LOOK_MIN) < 0 ? LOOK_MIN : half;
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
            handlers.addHandler(
                    event,
                    (request, type, status, headers, message) -> PlainText.transport(status, refusals.refused(status)));
        }
        return handlers.build();
    }

    /// The address that it listens on, with the port that it got.
    public Listen.At address() {
        return new Listen.At(address.host(), webServer.port());
    }

    /// Takes no more requests and waits, for a set time, until those in flight are answered.
    @Override
    public void close() {
        webServer.stop();
        bodies.close();
    }
}
