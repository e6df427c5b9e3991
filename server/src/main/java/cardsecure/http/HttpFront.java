package cardsecure.http;

import cardsecure.audit.AuditLog;
import cardsecure.audit.ErrorIds;
import cardsecure.config.LimitsConfig;
import cardsecure.config.Listen;
import cardsecure.config.ListenException;
import cardsecure.config.ListenerConfig;
import cardsecure.sap.FunctionDispatcher;
import cardsecure.tls.ServerTls;
import cardsecure.vault.SiteDirectory;
import cardsecure.vault.Vault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The legacy API over HTTP/1.1, on one listener, with TLS or without. Each connection has a virtual thread of
/// its own.
public final class HttpFront implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);
    private static final int BACKLOG = 1024;
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final ListenerConfig listener;
    private final Optional<ServerTls> tls;
    private final Duration stopTimeout;
    private final ServerSocket listening;
    private final WebParts parts;
    private final Watch watch;
    private final Semaphore places;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final LongAdder accepted = new LongAdder();
    private final LongAdder overLimit = new LongAdder();

    /// Binds the listener; it serves from then on.
    ///
    /// @param tls for a listener of the kind HTTPS
    /// @param functions what is called by SOAP
    /// @throws ListenException if the address cannot be bound
    public HttpFront(
            ListenerConfig listener,
            Optional<ServerTls> tls,
            LimitsConfig limits,
            Vault vault,
            SiteDirectory sites,
            FunctionDispatcher functions,
            AuditLog audit) {
        if (tls.isPresent() != listener.kind().tls()) {
            throw new IllegalArgumentException("TLS is for listeners that speak it, and no other");
        }
        this.listener = listener;
        this.tls = tls;
        this.stopTimeout = limits.stopTimeout();
        TransportRefusals refusals = new TransportRefusals(audit, new ErrorIds(RandomGenerator.of("L64X128MixRandom")));
        SoapHandler soap = new SoapHandler(functions);
        this.parts = new WebParts(limits, new LegacyHandler(vault, sites, soap, limits, refusals), refusals);
        this.watch = new Watch(listener.idleTimeout());
        this.places = new Semaphore(listener.connectionsMax());
        this.listening = bind(listener);
        String name = listener.kind().label() + "-" + address().port();
        watch.start(name + "-watch");
        Thread.ofPlatform().name(name).daemon().start(this::acceptUntilClosed);
    }

    private static ServerSocket bind(ListenerConfig listener) {
        Listen.At address = listener.address();
        try {
            ServerSocket socket = new ServerSocket();
            try {
                socket.bind(new InetSocketAddress(address.host(), address.port()), BACKLOG);
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        } catch (IOException e) {
            String kind = listener.kind().label();
            throw new ListenException("cannot listen for " + kind + " at " + address + ": " + e.getMessage(), e);
        }
    }

    /// An error of one connection, or too many open files, must not be the end of the listener.
    private void acceptUntilClosed() {
        while (!listening.isClosed()) {
            try {
                acceptOne();
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    LOG.atError().setCause(e).log("a connection could not be accepted");
                    pause();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void acceptOne() throws IOException, InterruptedException {
        switch (listener.whenFull()) {
            case WAIT -> {
                if (!places.tryAcquire()) {
                    overLimit.increment();
                    places.acquire();
                }
                serveOrLeave();
            }
            case REFUSE -> {
                Socket socket = listening.accept();
                if (places.tryAcquire()) {
                    serve(socket);
                } else {
                    overLimit.increment();
                    socket.close();
                }
            }
        }
    }

    private void serveOrLeave() throws IOException {
        boolean served = false;
        try {
            serve(listening.accept());
            served = true;
        } finally {
            if (!served) {
                places.release();
            }
        }
    }

    private void serve(Socket socket) {
        accepted.increment();
        HttpConnection connection = new HttpConnection(socket, listener, tls, parts);
        watch.add(connection);
        Thread.ofVirtual().name(listener.kind().label()).start(() -> {
            try {
                connection.run();
            } finally {
                watch.remove(connection);
                places.release();
            }
        });
    }

    private void pause() {
        try {
            var _ = closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// The address that it listens on, with the port that it got.
    public Listen.At address() {
        return new Listen.At(listener.address().host(), listening.getLocalPort());
    }

    /// How many connections are open, have been accepted, and have found all places taken.
    public HttpCounts counts() {
        return new HttpCounts(watch.count(), accepted.sum(), overLimit.sum());
    }

    /// Takes no more connections and waits, for a set time, until the requests in flight are answered.
    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("a listener did not close");
        }
        closed.countDown();
        watch.connections().forEach(HttpConnection::finish);
        try {
            boolean _ = places.tryAcquire(listener.connectionsMax(), stopTimeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        watch.connections().forEach(HttpConnection::cut);
        watch.close();
        parts.close();
    }
}
