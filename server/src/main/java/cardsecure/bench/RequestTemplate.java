package cardsecure.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A request with a gap where the data go, formatted once.
final class RequestTemplate {
    private static final byte[] NOTHING = new byte[0];

    private final byte[] head;
    private final byte[] tail;
    private final Signing signing;

    /// What stands after the data.
    interface Signing {
        byte[] of(byte[] data);
    }

    RequestTemplate(String head, String tail) {
        this(head, tail, _ -> NOTHING);
    }

    /// @param signing is asked for each request anew
    RequestTemplate(String head, String tail, Signing signing) {
        this.head = head.getBytes(StandardCharsets.US_ASCII);
        this.tail = tail.getBytes(StandardCharsets.US_ASCII);
        this.signing = signing;
    }

    void write(byte[] data, ByteBuffer out) {
        out.put(head).put(data).put(signing.of(data)).put(tail);
    }
}
