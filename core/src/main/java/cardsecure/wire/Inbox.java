package cardsecure.wire;

import cardsecure.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes of a connection that have come and are not taken yet, for decoders that take frame by frame. They are
/// put into [#space] as they come; places count from the first one that is not taken.
///
/// It grows only as bytes come, so that a length alone costs nothing, and shrinks when all are taken. What was
/// taken is overwritten: it may be a card number, and a quiet connection holds its room long. For one
/// connection, and one thread.
public final class Inbox {
    private static final int CAPACITY_MIN = 1024;

    private final int capacityMax;
    private byte[] bytes = new byte[CAPACITY_MIN];
    private ByteBuffer buffer = ByteBuffer.wrap(bytes);
    /// Where the first byte is that is not taken; the others are from here to the buffer's position.
    private int start;

    /// For frames up to a length.
    ///
    /// @param longest bytes of the longest frame, with all that says how long it is
    public Inbox(int longest) {
        this.capacityMax = Math.max(CAPACITY_MIN, longest);
    }

    /// Where the next bytes go: from its position on, which whoever puts them there moves behind them. Always
    /// has room, as long as frames that are whole are taken. Another one after each call.
    public ByteBuffer space() {
        if (isEmpty()) {
            // A long frame is rare; a connection that had one should not hold its room for ever.
            use(bytes.length > CAPACITY_MIN ? new byte[CAPACITY_MIN] : bytes, 0);
        } else if (!buffer.hasRemaining()) {
            makeRoom();
        }
        return buffer;
    }

    /// Moves what is not taken yet to the begin, or to a larger array, and leaves nothing of it behind.
    private void makeRoom() {
        int length = length();
        byte[] target = start > 0 ? bytes : new byte[Math.min(2 * bytes.length, capacityMax)];
        System.arraycopy(bytes, start, target, 0, length);
        Arrays.fill(bytes, start > 0 ? length : 0, bytes.length, (byte) 0);
        use(target, length);
    }

    /// Goes on with an array whose first bytes are those that have come.
    private void use(byte[] array, int length) {
        if (array.length != bytes.length) {
            bytes = array;
            buffer = ByteBuffer.wrap(array);
        }
        buffer.position(length);
        start = 0;
    }

    /// How many bytes have come and are not taken.
    public int length() {
        return buffer.position() - start;
    }

    /// Whether all bytes that came are taken.
    public boolean isEmpty() {
        return length() == 0;
    }

    /// The byte at a place.
    public byte at(int place) {
        return bytes[start + place];
    }

    /// The four bytes at a place and behind it, big-endian.
    public int intAt(int place) {
        return buffer.getInt(start + place);
    }

    /// Whether these bytes, and no others, are between two places.
    public boolean is(byte[] expected, int from, int to) {
        return Arrays.equals(bytes, start + from, start + to, expected, 0, expected.length);
    }

    /// A copy of the bytes between two places.
    public byte[] copy(int from, int to) {
        return Arrays.copyOfRange(bytes, start + from, start + to);
    }

    /// A copy of the bytes between two places, which are secret.
    public SecretBytes secret(int from, int to) {
        return SecretBytes.copyOf(bytes, start + from, to - from);
    }

    /// The bytes between two places as text, each a char. For what is no secret.
    public String text(int from, int to) {
        return new String(bytes, start + from, to - from, StandardCharsets.ISO_8859_1);
    }

    /// Takes the first bytes: they are overwritten, and places count from the next one.
    public void take(int length) {
        Arrays.fill(bytes, start, start + length, (byte) 0);
        start += length;
    }
}
