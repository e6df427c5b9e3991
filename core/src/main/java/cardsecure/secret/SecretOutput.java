package cardsecure.secret;

import java.io.OutputStream;
import java.util.Arrays;

/// Gathers bytes that are secret, and leaves none of them behind: what it outgrows is overwritten, and what it has
/// once it is taken. For one thread.
public final class SecretOutput extends OutputStream {
    private byte[] bytes = new byte[512];
    private int length;

    /// Empty.
    public SecretOutput() {}

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int count) {
        if (count > bytes.length - length) {
            byte[] larger = Arrays.copyOf(bytes, Math.addExact(2 * bytes.length, count));
            Arrays.fill(bytes, (byte) 0);
            bytes = larger;
        }
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    /// All that was written; then it is empty again.
    public SecretBytes take() {
        SecretBytes all = SecretBytes.copyOf(bytes, 0, length);
        Arrays.fill(bytes, (byte) 0);
        length = 0;
        return all;
    }
}
