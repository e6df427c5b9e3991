package cardsecure.secret;

import java.io.OutputStream;
import java.util.Arrays;

/// Gathers bytes that are secret, and leaves none of them behind: what it outgrows is overwritten, and what it has
/// once it is taken, or when it is closed. For one thread.
public final class SecretOutput extends OutputStream {
    /// For its test as well, which sees that they are overwritten.
    byte[] bytes = new byte[512];

    private int length;

    /// Empty.
    public SecretOutput() {}

    @Override
    public void write(int value) {
        makeRoom(1);
        bytes[length] = (byte) value;
        length++;
    }

    @Override
    public void write(byte[] from, int offset, int count) {
        makeRoom(count);
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    private void makeRoom(int count) {
        if (count > bytes.length - length) {
            byte[] larger = Arrays.copyOf(bytes, Math.addExact(2 * bytes.length, count));
            Arrays.fill(bytes, (byte) 0);
            bytes = larger;
        }
    }

    /// All that was written; then it is empty again.
    public SecretBytes take() {
        SecretBytes all = SecretBytes.copyOf(bytes, 0, length);
        close();
        return all;
    }

    /// Overwrites what was not taken, where it could not be written to its end; then it is empty again.
    @Override
    public void close() {
        Arrays.fill(bytes, (byte) 0);
        length = 0;
    }
}
