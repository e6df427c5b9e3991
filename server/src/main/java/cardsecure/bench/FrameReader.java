package cardsecure.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Gathers the bytes of one framed reply of the raw socket. Its body is all that the frame's length counts.
final class FrameReader implements ReplyReader {
    /// `FF` and the length.
    private static final int BODY_AT = 6;

    private static final int LENGTH_AT = 2;
    private static final int UNKNOWN = -1;

    private final byte[] bytes = new byte[SIZE_MAX];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
    private int length = UNKNOWN;

    @Override
    public void clear() {
        buffer.clear();
        length = UNKNOWN;
    }

    @Override
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public boolean complete() throws IOException {
        int there = buffer.position() - BODY_AT;
        if (there < 0) {
            return false;
        }
        if (length == UNKNOWN) {
            length = readLength();
        }
        if (there > length) {
            throw new IOException("more bytes than the reply has");
        }
        return there == length;
    }

    private int readLength() throws IOException {
        int number = 0;
        for (int i = LENGTH_AT; i < BODY_AT; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                throw new IOException("a frame without a length");
            }
            number = 10 * number + bytes[i] - '0';
        }
        if (bytes[0] != 'F' || bytes[1] != 'F') {
            throw new IOException("no frame");
        }
        if (number > SIZE_MAX - BODY_AT) {
            throw new IOException("a reply of more than " + SIZE_MAX + " bytes");
        }
        return number;
    }

    /// Nothing: on a socket every refusal is a reply.
    @Override
    public Optional<String> refusal() {
        return Optional.empty();
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int bodyStart() {
        return BODY_AT;
    }

    @Override
    public int bodyEnd() {
        return BODY_AT + length;
    }

    /// Never: a socket that is closed says so by being closed.
    @Override
    public boolean closing() {
        return false;
    }
}
