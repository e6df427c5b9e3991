package cardsecure.socket;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A program that opens sockets and says nothing on them, until nothing more comes from whoever started it. Then it
/// sends a request on each, and ends with 0 if all were answered.
final class IdleSockets {
    private IdleSockets() {}

    /// Takes a port and how many.
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        List<SocketClient> sockets = new ArrayList<>();
        for (int i = Integer.parseInt(arguments[1]); i > 0; i--) {
            sockets.add(SocketClient.to(port));
        }
        int said = System.in.read();
        for (SocketClient socket : sockets) {
            if (said >= 0 || !socket.call("HI", "12345678").equals("CardSecure Server OK")) {
                throw new IOException("an idle socket was not answered");
            }
        }
    }
}
