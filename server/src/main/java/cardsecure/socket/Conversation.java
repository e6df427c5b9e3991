package cardsecure.socket;

import cardsecure.protocol.FrameDecoder;
import cardsecure.protocol.FrameEncoder;
import cardsecure.protocol.FrameHeader;
import cardsecure.vault.Call;
import cardsecure.vault.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// Frames and their answers, in order, on a connection that is open. For the connection's own thread.
final class Conversation {
    /// Who answers.
    interface Answers {
        /// The answer to a request.
        Reply to(Call call);

        /// What is said in place of an answer that no frame can hold.
        Reply tooLong();

        /// Whether the first answer is the last.
        boolean once();
    }

    private static final int DRAIN = 4096;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Watch watch;
    private final SocketTimes times;
    private final FrameDecoder decoder;
    private final Answers answers;
    private final Replies replies = new Replies();

    private boolean begun;
    private long readingUntil;

    Conversation(Socket socket, Watch watch, SocketTimes times, FrameDecoder decoder, Answers answers)
            throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
        this.watch = watch;
        this.times = times;
        this.decoder = decoder;
        this.answers = answers;
    }

    /// Answers until the peer sends no more, sends what cannot be read, or the server stops.
    ///
    /// @param first how long the peer may take for its first frame's first byte
    void hold(Duration first, BooleanSupplier stopping) throws IOException {
        readingUntil = System.nanoTime() + first.toNanos();
        boolean goesOn = true;
        while (goesOn) {
            watch.reading(readingUntil);
            // After that, because who stops the server cuts only those that it sees reading.
            if (stopping.getAsBoolean()) {
                return;
            }
            boolean ended = !read();
            watch.working();
            if (ended) {
                if (decoder.end() instanceof FrameDecoder.Unreadable(FrameHeader header, Call call)) {
                    answer(header, call);
                    send();
                }
                return;
            }
            goesOn = answerAll();
            send();
        }
        linger();
    }

    /// @return whether there was more
    private boolean read() throws IOException {
        ByteBuffer space = decoder.space();
        int count = in.read(space.array(), space.arrayOffset() + space.position(), space.remaining());
        if (count < 0) {
            return false;
        }
        space.position(space.position() + count);
        return true;
    }

    /// Answers all that has come whole.
    ///
    /// @return whether the conversation goes on
    private boolean answerAll() throws IOException {
        boolean answered = false;
        while (true) {
            switch (decoder.next()) {
                case FrameDecoder.Incomplete _ -> {
                    setTime(answered);
                    return true;
                }
                case FrameDecoder.Frame(FrameHeader header, Call call) -> {
                    answer(header, call);
                    answered = true;
                    if (answers.once()) {
                        return false;
                    }
                }
                case FrameDecoder.Unreadable(FrameHeader header, Call call) -> {
                    answer(header, call);
                    return false;
                }
            }
            if (replies.isFull()) {
                send();
            }
        }
    }

    /// A frame has its time from its first byte on, silence from the last answer on, so that neither bytes that dribble
    /// in nor line ends between frames keep a connection.
    private void setTime(boolean answered) {
        boolean begins = !decoder.isEmpty();
        if (answered || begins != begun) {
            begun = begins;
            readingUntil = System.nanoTime() + (begins ? times.frame() : times.idle()).toNanos();
        }
    }

    private void answer(FrameHeader header, Call call) {
        replies.add(FrameEncoder.encode(header, answers.to(call))
                .or(() -> FrameEncoder.encode(header, answers.tooLong()))
                .orElseThrow());
    }

    private void send() throws IOException {
        if (!replies.isEmpty()) {
            watch.writing(System.nanoTime() + times.reply().toNanos());
            replies.sendTo(out);
            watch.working();
        }
    }

    /// Reads on for a while before the end: closing a connection on which bytes wait unread resets it, and the peer
    /// might never see its last answer.
    private void linger() throws IOException {
        watch.writing(System.nanoTime() + times.linger().toNanos());
        socket.shutdownOutput();
        byte[] unread = new byte[DRAIN];
        int count = 0;
        while (count >= 0) {
            count = in.read(unread);
        }
    }
}
