package cardsecure.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/// A server that greets each TLS connection with one byte, and clients of it; both ends are real sockets.
final class Handshake implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ServerTls server;

    /// What both ends saw.
    ///
    /// @param shown the server's certificate
    /// @param client the client's certificate, as the server has it
    /// @param began when the session began: that of a resumed one does not change
    record Seen(X509Certificate shown, Optional<X509Certificate> client, String protocol, String suite, long began) {}

    Handshake(ServerTls server) throws IOException {
        this.server = server;
    }

    /// A handshake of a client, which asks for a host unless it is empty, with its own limits.
    Seen with(SSLContext client, String host, String... protocols) throws Exception {
        Future<Optional<X509Certificate>> met = threads.submit(this::greet);
        SSLSession session;
        try {
            session = greeted(client, host, protocols);
        } catch (IOException e) {
            var _ = outcome(met);
            throw e;
        }
        return new Seen(
                (X509Certificate) session.getPeerCertificates()[0],
                outcome(met),
                session.getProtocol(),
                session.getCipherSuite(),
                session.getCreationTime());
    }

    private SSLSession greeted(SSLContext client, String host, String... protocols) throws IOException {
        try (SSLSocket socket = connect(client, host, protocols)) {
            socket.startHandshake();
            if (socket.getInputStream().read() != '!') {
                throw new SSLException("the server did not greet");
            }
            return socket.getSession();
        }
    }

    /// What the server's end has of its client; it may have failed as the client's end did.
    private static Optional<X509Certificate> outcome(Future<Optional<X509Certificate>> met)
            throws InterruptedException {
        try {
            return met.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException) {
                return Optional.empty();
            }
            throw new AssertionError("the server's end", e);
        }
    }

    private Optional<X509Certificate> greet() throws IOException {
        try (Socket accepted = listening.accept();
                SSLSocket socket = server.over(accepted)) {
            accepted.setSoTimeout(PATIENCE_MILLIS);
            socket.startHandshake();
            Optional<X509Certificate> client = ServerTls.clientCertificate(socket.getSession());
            socket.getOutputStream().write('!');
            return client;
        }
    }

    private SSLSocket connect(SSLContext client, String host, String... protocols) throws IOException {
        // The port is the same for all, so that the client finds the session of its last handshake.
        Socket raw = new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort());
        raw.setSoTimeout(PATIENCE_MILLIS);
        SSLSocket socket =
                (SSLSocket) client.getSocketFactory().createSocket(raw, "127.0.0.1", listening.getLocalPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setServerNames(host.isEmpty() ? List.of() : List.of(new SNIHostName(host)));
        if (protocols.length > 0) {
            parameters.setProtocols(protocols);
        }
        socket.setSSLParameters(parameters);
        return socket;
    }

    @Override
    public void close() throws IOException {
        listening.close();
        threads.shutdownNow();
    }
}
