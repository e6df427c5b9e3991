package cardsecure.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Gathers the bytes of one reply, in whatever parts they come. For one connection at a time.
sealed interface ReplyReader permits HttpReplyReader, FrameReader {
    /// Far more than any reply has; thousands of connections have a buffer each.
    int SIZE_MAX = 4 * 1024;

    /// Makes ready for the next reply.
    void clear();

    /// Where the next bytes are to be put.
    ByteBuffer buffer();

    /// Whether the reply is whole; asked after each part.
    ///
    /// @throws IOException if it is no reply that the bench can read
    boolean complete() throws IOException;

    /// What the transport itself says in the place of a reply, such as `HTTP 503`.
    Optional<String> refusal();

    /// The array that the body stands in.
    byte[] bytes();

    /// Where the body starts.
    int bodyStart();

    /// Where the body ends.
    int bodyEnd();

    /// Whether the server closes the connection after this reply.
    boolean closing();
}
