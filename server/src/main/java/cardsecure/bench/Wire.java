package cardsecure.bench;

import java.io.IOException;
import java.nio.ByteBuffer;

/// What carries a connection's bytes once it is open. Never blocks; for one thread.
sealed interface Wire permits PlainWire, TlsWire {
    /// Takes what has come, at most as much as there is room for.
    ///
    /// @return how many bytes, negative if the server has hung up
    int read(ByteBuffer in) throws IOException;

    /// Sends as much as goes now.
    ///
    /// @return whether all is gone; if not, to be called again with the same buffer
    boolean write(ByteBuffer out) throws IOException;
}
