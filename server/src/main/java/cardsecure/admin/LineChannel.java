package cardsecure.admin;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Arrays;

/// Lines of bytes over a channel, of a limited length. For one thread at a time.
final class LineChannel {
    /// Bytes, without the line end.
    static final int LINE_MAX = 1 << 20;

    private final ByteChannel channel;
    private final ByteBuffer read = ByteBuffer.allocate(8192).flip();

    LineChannel(ByteChannel channel) {
        this.channel = channel;
    }

    /// The next line.
    ///
    /// @throws EOFException if the other side ended before one was whole
    /// @throws TooLongException for one that is longer than `lengthMax`; the rest of it was not read
    byte[] readLine(int lengthMax) throws IOException {
        byte[] line = new byte[Math.min(lengthMax, 8192)];
        int length = 0;
        while (true) {
            if (!read.hasRemaining()) {
                fill();
            }
            byte next = read.get();
            if (next == '\n') {
                return Arrays.copyOf(line, length);
            }
            if (length == lengthMax) {
                throw new TooLongException();
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, Math.min(2 * length, lengthMax));
            }
            line[length++] = next;
        }
    }

    private void fill() throws IOException {
        read.clear();
        int count = channel.read(read);
        read.flip();
        if (count < 0) {
            throw new EOFException("the other side ended in the middle of a line");
        }
    }

    void writeLine(byte[] line) throws IOException {
        ByteBuffer rest =
                ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    /// A line without end, or nearly.
    static final class TooLongException extends IOException {
        TooLongException() {
            super("the line is too long");
        }
    }
}
