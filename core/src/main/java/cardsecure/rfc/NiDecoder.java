package cardsecure.rfc;

import cardsecure.error.ErrorCode;
import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.wire.Inbox;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

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
    private final Inbox inbox;

    /// For frames up to a length.
    ///
    /// @param lengthMax the largest length that a frame may say
    public NiDecoder(int lengthMax) {
        if (lengthMax < LENGTH_MIN || lengthMax > LENGTH_MAX) {
            throw new IllegalArgumentException("no limit for frames: " + lengthMax);
        }
        this.lengthMax = lengthMax;
        this.inbox = new Inbox(PREFIX + lengthMax);
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
        return inbox.space();
    }

    /// Whether all bytes that came are taken, so that no frame has begun.
    public boolean isEmpty() {
        return inbox.isEmpty();
    }

    /// Takes the next frame that says something: empty ones and answers to pings say nothing.
    ///
    /// @throws Refusal `0013` for a frame over the limit; then nobody can tell where the next one would begin
    public Decoded next() {
        while (inbox.length() >= PREFIX) {
            int length = inbox.intAt(0);
            if (length < 0 || length > lengthMax) {
                throw new Refusal(
                        ErrorCode.DATA_TOO_LONG,
                        "a frame of " + Integer.toUnsignedLong(length) + " bytes, over the limit of " + lengthMax);
            }
            int end = PREFIX + length;
            if (inbox.length() < end) {
                return INCOMPLETE;
            }
            boolean pings = inbox.is(PING, PREFIX, end);
            boolean says = length > 0 && !pings && !inbox.is(PONG, PREFIX, end);
            SecretBytes message = inbox.secret(PREFIX, says ? end : PREFIX);
            inbox.take(end);
            if (pings) {
                return new Ping();
            }
            if (says) {
                return new Message(message);
            }
        }
        return INCOMPLETE;
    }
}
