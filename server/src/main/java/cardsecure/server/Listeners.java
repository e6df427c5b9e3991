package cardsecure.server;

import cardsecure.audit.AuditLog;
import cardsecure.config.ListenerConfig;
import cardsecure.config.ServerConfig;
import cardsecure.http.HttpFront;
import cardsecure.sap.FunctionDispatcher;
import cardsecure.sap.RfcSpeech;
import cardsecure.socket.SocketFront;
import cardsecure.socket.SocketTls;
import cardsecure.tls.ServerTls;
import cardsecure.tls.TlsIdentities;
import cardsecure.vault.SiteDirectory;
import cardsecure.vault.Vault;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// All that this node listens at.
final class Listeners implements AutoCloseable {
    /// @param name `KIND HOST:PORT`
    /// @param inClear whether other machines may reach it without TLS
    /// @param counts what became of its connections, in words
    private record Open(String name, boolean inClear, AutoCloseable front, Supplier<String> counts) {}

    private final List<Open> all = new CopyOnWriteArrayList<>();

    /// Opens each listener of the configuration; they serve from then on.
    ///
    /// @throws cardsecure.config.ListenException if an address cannot be bound
    void open(ServerConfig config, Optional<TlsIdentities> tls, Vault vault, SiteDirectory sites, AuditLog audit) {
        FunctionDispatcher functions =
                new FunctionDispatcher(vault, audit, config.rfc().functions());
        for (ListenerConfig listener : config.listeners().all()) {
            Optional<ServerTls> spoken = tls.filter(_ -> listener.kind().tls())
                    .map(identities -> identities.forClients(listener.clientCertificates()));
            String kind = listener.kind().label() + " ";
            boolean inClear = listener.isInClear();
            switch (listener.kind()) {
                case HTTP, HTTPS -> {
                    HttpFront front = new HttpFront(listener, spoken, config.limits(), vault, sites, functions, audit);
                    all.add(new Open(kind + front.address(), inClear, front, () -> counts(front)));
                }
                case SOCKET, SOCKET_TLS, RFC, RFC_TLS -> {
                    SocketFront front =
                            socket(config, listener, spoken.map(some -> some::over), vault, functions, audit);
                    all.add(new Open(kind + front.address(), inClear, front, () -> counts(front)));
                }
            }
        }
    }

    private static SocketFront socket(
            ServerConfig config,
            ListenerConfig listener,
            Optional<SocketTls> tls,
            Vault vault,
            FunctionDispatcher functions,
            AuditLog audit) {
        if (!listener.kind().isRfc()) {
            return new SocketFront(listener, config.limits(), tls, vault, audit);
        }
        return SocketFront.speaking(
                listener,
                config.limits(),
                tls,
                audit,
                refusals -> new RfcSpeech(config.rfc(), functions, vault, refusals));
    }

    private static String counts(SocketFront front) {
        var counts = front.counts();
        return counts.accepted() + " connections, " + counts.waited() + " waited, " + counts.refused() + " refused, "
                + counts.turnedAway() + " turned away, " + counts.cutOff() + " cut off";
    }

    private static String counts(HttpFront front) {
        var counts = front.counts();
        return counts.accepted() + " connections, " + counts.open() + " open, " + counts.overLimit()
                + " over the limit";
    }

    /// Each as `KIND HOST:PORT`, in the order in which they were opened.
    List<String> names() {
        return all.stream().map(Open::name).toList();
    }

    /// Each that sends and takes card numbers in clear where others may read them, in words.
    List<String> warnings() {
        return all.stream()
                .filter(Open::inClear)
                .map(open -> "IN CLEAR: " + open.name()
                        + " has no TLS, and other machines may reach it:"
                        + " whoever is on the way reads card numbers")
                .toList();
    }

    /// Each with what became of its connections.
    List<String> described() {
        return all.stream()
                .map(open -> open.name() + " (" + open.counts().get() + ")")
                .toList();
    }

    /// Takes no more requests and lets those in flight end, all listeners at the same time, so that the longest
    /// wait is that of one.
    @Override
    public void close() {
        List<Thread> closing = all.stream()
                .map(open -> Thread.ofPlatform().name("stop " + open.name()).start(() -> close(open)))
                .toList();
        boolean interrupted = false;
        for (Thread thread : closing) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(Open open) {
        Server.closeQuietly(open.front());
    }
}
