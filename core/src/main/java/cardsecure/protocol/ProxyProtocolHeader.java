package cardsecure.protocol;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// The header of the PROXY protocol, version 2, by which a proxy says for whom it has opened a connection. It comes
/// before all else, TLS too, and whoever reads it must take no byte more: so the bytes wanted are asked for in turn.
public sealed interface ProxyProtocolHeader {
    /// The longest header that is taken, with the extensions that a proxy may add.
    int LENGTH_MAX = 4096;

    /// More of it must come before it can be read.
    ///
    /// @param length bytes that it has at least, in all
    record Incomplete(int length) implements ProxyProtocolHeader {}

    /// The proxy speaks for itself, as in a health check, or for a client of whom it does not tell an address.
    record Local() implements ProxyProtocolHeader {}

    /// The proxy speaks for a client.
    record Proxied(InetAddress source) implements ProxyProtocolHeader {}

    /// These bytes are no such header.
    record Malformed(String reason) implements ProxyProtocolHeader {}

    /// Reads a header.
    ///
    /// @param bytes as many as have come, from the connection's first
    static ProxyProtocolHeader parse(byte[] bytes) {
        return Layout.parse(bytes);
    }

    /// The header's bytes, by `proxy-protocol.txt` of HAProxy, section 2.2.
    final class Layout {
        private static final byte[] SIGNATURE = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
        private static final int FIXED_LENGTH = SIGNATURE.length + 4;
        private static final int LOCAL = 0x20;
        private static final int PROXY = 0x21;
        private static final int TCP_OVER_IPV4 = 0x11;
        private static final int TCP_OVER_IPV6 = 0x21;
        private static final int PORTS = 2 * Short.BYTES;

        private Layout() {}

        private static ProxyProtocolHeader parse(byte[] bytes) {
            int known = Math.min(bytes.length, SIGNATURE.length);
            if (!Arrays.equals(bytes, 0, known, SIGNATURE, 0, known)) {
                return new Malformed("no header of the PROXY protocol, version 2");
            }
            if (bytes.length < FIXED_LENGTH) {
                return new Incomplete(FIXED_LENGTH);
            }
            ByteBuffer rest = ByteBuffer.wrap(bytes).position(SIGNATURE.length);
            int command = rest.get() & 0xff;
            int family = rest.get() & 0xff;
            int length = FIXED_LENGTH + Short.toUnsignedInt(rest.getShort());
            if (command != LOCAL && command != PROXY) {
                return new Malformed("a version or a command that there is not");
            }
            if (length > LENGTH_MAX) {
                return new Malformed("a header of " + length + " bytes, over the limit of " + LENGTH_MAX);
            }
            if (bytes.length < length) {
                return new Incomplete(length);
            }
            return command == LOCAL ? new Local() : source(family, rest.limit(length));
        }

        private static ProxyProtocolHeader source(int family, ByteBuffer rest) {
            return switch (family) {
                case TCP_OVER_IPV4 -> address(rest, 4);
                case TCP_OVER_IPV6 -> address(rest, 16);
                // The specification wants other kinds of connections taken as what they are to the receiver.
                default -> new Local();
            };
        }

        private static ProxyProtocolHeader address(ByteBuffer rest, int length) {
            if (rest.remaining() < 2 * length + PORTS) {
                return new Malformed("a header that is too short for its addresses");
            }
            byte[] address = new byte[length];
            rest.get(address);
            try {
                return new Proxied(InetAddress.getByAddress(address));
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address of " + length + " bytes is one", e);
            }
        }
    }
}
