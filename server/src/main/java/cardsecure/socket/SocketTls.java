package cardsecure.socket;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;

/// How a listener speaks TLS.
@FunctionalInterface
public interface SocketTls {
    /// TLS on a connection that was accepted, as the server; the handshake is still to come. To close the result
    /// closes the connection.
    SSLSocket over(Socket accepted) throws IOException;
}
