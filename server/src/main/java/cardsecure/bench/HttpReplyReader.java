package cardsecure.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Gathers the bytes of one HTTP/1.1 reply, in whatever parts they come, and finds its status and body. It knows what
/// it needs of RFC 9112: a status line, `Content-Length`, `Connection: close`.
final class HttpReplyReader implements ReplyReader {
    private static final int STATUS_AT = "HTTP/1.1 ".length();
    private static final byte[] CONTENT_LENGTH = ascii("content-length:");
    private static final byte[] CONNECTION_CLOSE = ascii("connection: close");
    private static final int OK = 200;
    private static final int UNKNOWN = -1;

    private final byte[] bytes = new byte[SIZE_MAX];
    private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
    private int scanned;
    private int status;
    private int bodyStart;
    private int bodyLength;
    private boolean closing;

    HttpReplyReader() {
        clear();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void clear() {
        buffer.clear();
        scanned = 0;
        status = UNKNOWN;
        bodyStart = UNKNOWN;
        bodyLength = UNKNOWN;
        closing = false;
    }

    @Override
    public ByteBuffer buffer() {
        return buffer;
    }

    @Override
    public boolean complete() throws IOException {
        if (bodyStart == UNKNOWN && !findBody()) {
            if (!buffer.hasRemaining()) {
                throw new IOException("a reply of more than " + SIZE_MAX + " bytes");
            }
            return false;
        }
        int beyond = buffer.position() - bodyStart - bodyLength;
        if (beyond > 0) {
            throw new IOException("more bytes than the reply has");
        }
        return beyond == 0;
    }

    @Override
    public Optional<String> refusal() {
        return status == OK ? Optional.empty() : Optional.of("HTTP " + status);
    }

    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int bodyStart() {
        return bodyStart;
    }

    @Override
    public int bodyEnd() {
        return bodyStart + bodyLength;
    }

    @Override
    public boolean closing() {
        return closing;
    }

    private boolean findBody() throws IOException {
        int end = buffer.position() - 3;
        for (int i = scanned; i < end; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                readHead(i + 2);
                bodyStart = i + 4;
                if (bodyLength > SIZE_MAX - bodyStart) {
                    throw new IOException("a reply of more than " + SIZE_MAX + " bytes");
                }
                return true;
            }
        }
        scanned = Math.max(0, end);
        return false;
    }

    private void readHead(int end) throws IOException {
        if (end < STATUS_AT + 3 || bytes[0] != 'H' || bytes[STATUS_AT - 1] != ' ') {
            throw new IOException("no HTTP/1.1 reply");
        }
        status = number(STATUS_AT);
        for (int i = STATUS_AT; i < end; i++) {
            // Only the first letter is looked at in most lines.
            if (bytes[i] == '\n' && (bytes[i + 1] | ' ') == 'c') {
                if (startsWith(i + 1, CONTENT_LENGTH)) {
                    bodyLength = number(i + 1 + CONTENT_LENGTH.length);
                } else if (startsWith(i + 1, CONNECTION_CLOSE)) {
                    closing = true;
                }
            }
        }
        if (bodyLength == UNKNOWN) {
            throw new IOException("a reply without Content-Length (HTTP " + status + ")");
        }
    }

    private boolean startsWith(int at, byte[] lowerCase) {
        for (int i = 0; i < lowerCase.length; i++) {
            byte b = bytes[at + i];
            if ((b >= 'A' && b <= 'Z' ? b | ' ' : b) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private int number(int at) throws IOException {
        int i = at;
        while (bytes[i] == ' ') {
            i++;
        }
        int digitsAt = i;
        int number = 0;
        while (bytes[i] >= '0' && bytes[i] <= '9' && i - digitsAt < 9) {
            number = 10 * number + bytes[i] - '0';
            i++;
        }
        if (i == digitsAt) {
            throw new IOException("a reply whose head has no number where one belongs");
        }
        return number;
    }
}
