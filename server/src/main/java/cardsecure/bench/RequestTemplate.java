package cardsecure.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A request with a gap where the data go, formatted once.
final class RequestTemplate {
    private final byte[] head;
    private final byte[] tail;

    RequestTemplate(String head, String tail) {
        this.head = head.getBytes(StandardCharsets.US_ASCII);
        this.tail = tail.getBytes(StandardCharsets.US_ASCII);
    }

    void write(byte[] data, ByteBuffer out) {
        out.put(head).put(data).put(tail);
    }

    byte[] with(byte[] data) {
        ByteBuffer whole = ByteBuffer.allocate(head.length + data.length + tail.length);
        write(data, whole);
        return whole.array();
    }
}
