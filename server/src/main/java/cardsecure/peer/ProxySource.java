package cardsecure.peer;

import cardsecure.protocol.ProxyProtocolHeader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.util.Arrays;

/// For whom a trusted proxy speaks, as it says by the PROXY protocol before all else.
public final class ProxySource {
    private ProxySource() {}

    /// Reads the proxy's header, and not a byte more, as what follows may be TLS.
    ///
    /// @param proxy the address that counts when the proxy speaks for itself
    /// @throws IOException if the proxy says something else, or too little
    public static InetAddress read(InputStream in, InetAddress proxy) throws IOException {
        byte[] header = {};
        while (true) {
            switch (ProxyProtocolHeader.parse(header)) {
                case ProxyProtocolHeader.Incomplete(int length) -> header = readTo(in, header, length);
                case ProxyProtocolHeader.Local _ -> {
                    return proxy;
                }
                case ProxyProtocolHeader.Proxied(InetAddress source) -> {
                    return source;
                }
                case ProxyProtocolHeader.Malformed(String reason) ->
                    throw new ProtocolException("the proxy sent " + reason);
            }
        }
    }

    private static byte[] readTo(InputStream in, byte[] known, int length) throws IOException {
        byte[] longer = Arrays.copyOf(known, length);
        if (in.readNBytes(longer, known.length, length - known.length) < length - known.length) {
            throw new EOFException("the proxy sent less than a header");
        }
        return longer;
    }
}
