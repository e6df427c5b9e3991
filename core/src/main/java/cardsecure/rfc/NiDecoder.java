package cardsecure.rfc;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Frames of SAP's network interface (NI): four bytes with the length of what follows, big-endian, then that.
/// The bytes of a connection are put into [#space] as they come, however they are split; then [#next] is called
/// until it is [Incomplete].
///
/// It grows only as bytes come, so that a length alone costs nothing. For one connection, and one thread.
public final class NiDecoder {
    /// The longest frame that can be allowed, in bytes.
    public static final int LENGTH_MAX = 1 << 20;

    /// The shortest limit that lets a call through.
    public static final int LENGTH_MIN = 1024;

    private static final int PREFIX = Integer.BYTES;
    private static final int CAPACITY_MIN = 1024;
    private static final byte[] PING = "NI_PING\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PONG = "NI_PONG\0".getBytes(StandardCharsets.US_ASCII);

    /// What has come so far.
    public sealed interface Decoded {}

    /// No whole frame: more bytes are needed.
    public record Incomplete() implements Decoded {}

    /// The peer asks whether anybody is there. Whatever the state, the answer is [#pong], or the peer waits for
    /// ever.
    public record Ping() implements Decoded {}

    /// A frame's bytes after the length; there is at least one.
    public record Message(SecretBytes bytes) implements Decoded {}

    private static final Incomplete INCOMPLETE = new Incomplete();

    private final int lengthMax;
    private byte[] bytes = new byte[CAPACITY_MIN];
    private ByteBuffer buffer = ByteBuffer.wrap(bytes);
    /// Where the next frame begins; the bytes from here to the buffer's position have come and are not taken yet.
    private int start;

    /// For frames up to a length.
    ///
    /// @param lengthMax the largest length that a frame may say
    public NiDecoder(int lengthMax) {
        if (lengthMax < LENGTH_MIN || lengthMax > LENGTH_MAX) {
            throw new IllegalArgumentException("no limit for frames: " + lengthMax);
        }
        this.lengthMax = lengthMax;
    }

    /// A frame with these bytes.
    public static byte[] frame(byte[] message) {
        return ByteBuffer.allocate(PREFIX + message.length)
                .putInt(message.length)
                .put(message)
                .array();
    }

    /// The frame that answers a [Ping].
    public static byte[] pong() {
        return frame(PONG);
    }

    /// The frame that asks whether anybody is there.
    public static byte[] ping() {
        return frame(PING);
    }

    /// Where the next bytes go: from its position on, which whoever puts them there moves behind them. Always has
    /// room. Another one after each call.
    public ByteBuffer space() {
        if (isEmpty()) {
            use(bytes.length > CAPACITY_MIN ? new byte[CAPACITY_MIN] : bytes, 0);
        } else if (!buffer.hasRemaining()) {
            makeRoom();
        }
        return buffer;
    }

    /// Moves what is not taken yet to the begin, or to a larger array, and leaves nothing of it behind.
    private void makeRoom() {
        int length = available();
        byte[] target = start > 0 ? bytes : new byte[Math.min(2 * bytes.length, PREFIX + lengthMax)];
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

    /// Whether all bytes that came are taken, so that no frame has begun.
    public boolean isEmpty() {
        return start == buffer.position();
    }

    /// Takes the next frame that says something: empty ones and answers to pings say nothing.
    ///
    /// @throws Refusal `0013` for a frame over the limit; then nobody can tell where the next one would begin
    public Decoded next() {
        while (available() >= PREFIX) {
            int length = buffer.getInt(start);
            if (length < 0 || length > lengthMax) {
                throw new Refusal(
                        ErrorCode.DATA_TOO_LONG,
                        "a frame of " + Integer.toUnsignedLong(length) + " bytes, over the limit of " + lengthMax);
            }
            if (available() < PREFIX + length) {
                return INCOMPLETE;
            }
            int from = start + PREFIX;
            boolean pings = Arrays.equals(bytes, from, from + length, PING, 0, PING.length);
            boolean says = length > 0 && !pings && !Arrays.equals(bytes, from, from + length, PONG, 0, PONG.length);
            SecretBytes message = SecretBytes.copyOf(bytes, from, says ? length : 0);
            take(PREFIX + length);
            if (pings) {
                return new Ping();
            }
            if (says) {
                return new Message(message);
            }
        }
        return INCOMPLETE;
    }

    private int available() {
        return buffer.position() - start;
    }

    /// Bytes that were taken are overwritten: they may be a card number, and a quiet connection holds its
    /// buffer long.
    private void take(int length) {
        Arrays.fill(bytes, start, start + length, (byte) 0);
        start += length;
    }
}
