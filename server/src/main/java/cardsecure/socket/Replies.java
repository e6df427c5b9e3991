package cardsecure.socket;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/// Answers on their way: those to requests that were sent ahead go out together, which costs one system call.
final class Replies {
    private static final int CAPACITY_MIN = 256;
    private static final int FLUSH_AT = 8 * 1024;

    private byte[] bytes = new byte[CAPACITY_MIN];
    private int length;

    /// Adds a frame.
    void add(byte[] frame) {
        if (frame.length > bytes.length - length) {
            byte[] larger = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + frame.length));
            Arrays.fill(bytes, (byte) 0);
            bytes = larger;
        }
        System.arraycopy(frame, 0, bytes, length, frame.length);
        length += frame.length;
    }

    boolean isEmpty() {
        return length == 0;
    }

    /// Whether they should go out even if more requests wait.
    boolean isFull() {
        return length >= FLUSH_AT;
    }

    /// Sends all, and leaves nothing behind: an answer may be clear data, and a quiet connection holds its buffer long.
    void sendTo(OutputStream out) throws IOException {
        try {
            out.write(bytes, 0, length);
        } finally {
            Arrays.fill(bytes, 0, length, (byte) 0);
            length = 0;
            if (bytes.length > 4 * CAPACITY_MIN) {
                bytes = new byte[CAPACITY_MIN];
            }
        }
    }
}
