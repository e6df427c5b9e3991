package cardsecure.tls;

import cardsecure.config.ListenerConfig.ClientCertificates;
import java.io.IOException;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/// The server's side of TLS for one listener. Safe for threads.
public final class ServerTls {
    /// TLS 1.2 is the oldest that PCI DSS still calls strong.
    static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /// Each has forward secrecy and an authenticated cipher; what comes first is taken if the client knows it.
    static final String[] SUITES = {
        "TLS_AES_256_GCM_SHA384",
        "TLS_AES_128_GCM_SHA256",
        "TLS_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    };

    private final Supplier<SSLContext> current;
    private final ClientCertificates clientCertificates;

    ServerTls(Supplier<SSLContext> current, ClientCertificates clientCertificates) {
        this.current = current;
        this.clientCertificates = clientCertificates;
    }

    /// What goes for connections that begin now. Another one after each reload, so it is not kept.
    public SSLContext context() {
        return current.get();
    }

    /// Protocols, suites, and whether clients are asked for a certificate; the receiver may change it.
    public SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters(SUITES.clone(), PROTOCOLS.clone());
        parameters.setUseCipherSuitesOrder(true);
        switch (clientCertificates) {
            case OFF -> {}
            case OPTIONAL -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        return parameters;
    }

    /// TLS on a connection that was accepted. The handshake is the caller's, on a thread that may wait: nothing was
    /// read or written yet. To close the result closes the connection.
    ///
    /// @throws IOException if the connection is gone already
    public SSLSocket over(Socket accepted) throws IOException {
        SSLSocket socket = (SSLSocket) context().getSocketFactory().createSocket(accepted, null, true);
        socket.setUseClientMode(false);
        socket.setSSLParameters(parameters());
        return socket;
    }

    /// The certificate that the client showed and that was found good, if it showed one.
    public static Optional<X509Certificate> clientCertificate(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }
}
