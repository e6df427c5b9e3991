package cardsecure.socket;

import cardsecure.audit.AuditLog;
import cardsecure.config.LimitsConfig;
import cardsecure.config.Listen;
import cardsecure.config.ListenException;
import cardsecure.config.ListenerConfig;
import cardsecure.vault.Vault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A listener of raw sockets, and what is spoken over its connections: the legacy API's frames, if nothing else
/// is said. Each connection has a virtual thread of its own, and nothing of one can hold up another:
/// connections are bounded, and whatever a peer does slowly has its time.
public final class SocketFront implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SocketFront.class);
    private static final int BACKLOG = 1024;
    private static final int TURNED_AWAY_MAX = 64;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration WARN_EVERY = Duration.ofMinutes(1);

    /// What is done with a peer that may not be here.
    @FunctionalInterface
    interface Farewell {
        void say() throws IOException;
    }

    private final ListenerConfig listener;
    private final LimitsConfig limits;
    private final SocketTimes times;
    private final Optional<SocketTls> tls;
    private final Speech speech;
    private final SocketRefusals refusals;
    private final Places places;
    private final Semaphore farewells = new Semaphore(TURNED_AWAY_MAX);
    private final LongAdder turnedAway = new LongAdder();
    private final Watchdog watchdog;
    private final ServerSocket server;
    private final Thread acceptor;
    private long warnedLast = System.nanoTime() - WARN_EVERY.toNanos();
    private volatile boolean stopping;

    /// Binds the listener; it serves from then on.
    ///
    /// @param tls for a listener of sockets over TLS
    /// @throws ListenException if the address cannot be bound
    public SocketFront(
            ListenerConfig listener, LimitsConfig limits, Optional<SocketTls> tls, Vault vault, AuditLog audit) {
        this(listener, limits, SocketTimes.of(listener.idleTimeout()), tls, vault, audit);
    }

    SocketFront(
            ListenerConfig listener,
            LimitsConfig limits,
            SocketTimes times,
            Optional<SocketTls> tls,
            Vault vault,
            AuditLog audit) {
        this(
                listener,
                limits,
                times,
                tls,
                SocketRefusals.to(audit),
                refusals -> new FrameSpeech(vault, refusals, limits.frameMax()));
    }

    private SocketFront(
            ListenerConfig listener,
            LimitsConfig limits,
            SocketTimes times,
            Optional<SocketTls> tls,
            SocketRefusals refusals,
            Function<SocketRefusals, Speech> speech) {
        this.listener = listener;
        this.limits = limits;
        this.times = times;
        this.tls = tls;
        this.refusals = refusals;
        this.speech = speech.apply(refusals);
        this.places = new Places(listener.connectionsMax(), listener.whenFull());
        this.server = bind(listener);
        this.watchdog = new Watchdog(times.look());
        this.acceptor = Thread.ofPlatform()
                .name(listener.kind().label() + "-accept")
                .daemon(true)
                .start(this::accept);
    }

    /// Binds a listener for something else than frames; it serves from then on.
    ///
    /// @param tls for a listener over TLS
    /// @param speech what is spoken there; it is given how to tell of what it refuses
    /// @throws ListenException if the address cannot be bound
    public static SocketFront speaking(
            ListenerConfig listener,
            LimitsConfig limits,
            Optional<SocketTls> tls,
            AuditLog audit,
            Function<SocketRefusals, Speech> speech) {
        return new SocketFront(
                listener, limits, SocketTimes.of(listener.idleTimeout()), tls, SocketRefusals.to(audit), speech);
    }

    private static ServerSocket bind(ListenerConfig listener) {
        Listen.At address = listener.address();
        try {
            ServerSocket bound = new ServerSocket();
            try {
                bound.setReuseAddress(true);
                bound.bind(new InetSocketAddress(address.host(), address.port()), BACKLOG);
                return bound;
            } catch (IOException e) {
                bound.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ListenException("cannot listen for " + listener.kind().label() + " at " + address, e);
        }
    }

    private void accept() {
        try {
            while (!stopping) {
                acceptOne();
            }
        } catch (InterruptedException _) {
            LOG.debug("no more connections are accepted");
        }
    }

    private void acceptOne() throws InterruptedException {
        try {
            Socket socket = server.accept();
            boolean served = false;
            try {
                served = admit(socket);
            } finally {
                if (!served) {
                    socket.close();
                }
            }
        } catch (IOException e) {
            if (!stopping) {
                // Too many open files, say: it passes.
                LOG.atWarn()
                        .addKeyValue("listener", listener.kind().label() + " " + address())
                        .setCause(e)
                        .log("no connection is accepted just now");
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /// @return whether the connection is served
    private boolean admit(Socket socket) throws InterruptedException {
        if (places.isFull()) {
            warnThatFull();
        }
        if (!places.take()) {
            return false;
        }
        Thread.startVirtualThread(new SocketConnection(socket, this));
        return true;
    }

    private void warnThatFull() {
        long now = System.nanoTime();
        if (now - warnedLast >= WARN_EVERY.toNanos()) {
            warnedLast = now;
            LOG.atWarn()
                    .addKeyValue("listener", listener.kind().label() + " " + address())
                    .addKeyValue("connections", listener.connectionsMax())
                    .log("the listener is full; see connections-max and when-full");
        }
    }

    /// Tells a peer that it may not be here, unless many are being told already: then the connection just ends.
    void turnAway(Farewell farewell) throws IOException {
        turnedAway.increment();
        if (farewells.tryAcquire()) {
            try {
                farewell.say();
            } finally {
                farewells.release();
            }
        }
    }

    ListenerConfig listener() {
        return listener;
    }

    SocketTimes times() {
        return times;
    }

    Optional<SocketTls> tls() {
        return tls;
    }

    Speech speech() {
        return speech;
    }

    SocketRefusals refusals() {
        return refusals;
    }

    Places places() {
        return places;
    }

    Watchdog watchdog() {
        return watchdog;
    }

    boolean isStopping() {
        return stopping;
    }

    /// The address that it listens on, with the port that it got.
    public Listen.At address() {
        return new Listen.At(listener.address().host(), server.getLocalPort());
    }

    /// What has become of its connections.
    public SocketCounts counts() {
        return new SocketCounts(
                places.accepted(), places.waited(), places.refused(), turnedAway.sum(), watchdog.cutOff());
    }

    /// Takes no more connections and requests, waits, for a set time, until those in flight are answered, and
    /// closes what is left.
    @Override
    public void close() {
        stopping = true;
        try {
            server.close();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("a listener did not close");
        }
        acceptor.interrupt();
        watchdog.cutReading();
        try {
            acceptor.join();
            places.awaitAllFree(limits.stopTimeout());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        watchdog.cutAll();
        watchdog.close();
    }
}
