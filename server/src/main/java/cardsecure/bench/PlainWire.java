package cardsecure.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// The bytes as they are.
record PlainWire(SocketChannel channel) implements Wire {
    @Override
    public int read(ByteBuffer in) throws IOException {
        return channel.read(in);
    }

    @Override
    public boolean write(ByteBuffer out) throws IOException {
        channel.write(out);
        return !out.hasRemaining();
    }
}
