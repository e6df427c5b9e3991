package cardsecure.socket;

import cardsecure.protocol.FrameDecoder;
import cardsecure.protocol.FrameEncoder;
import cardsecure.protocol.FrameHeader;
import cardsecure.vault.Call;
import cardsecure.vault.Reply;
import java.io.IOException;
import java.time.Duration;

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

    private final Line line;
    private final FrameDecoder decoder;
    private final Answers answers;
    private final Replies replies = new Replies();

    private boolean begun;
    private long readingUntil;

    Conversation(Line line, FrameDecoder decoder, Answers answers) {
        this.line = line;
        this.decoder = decoder;
        this.answers = answers;
    }

    /// Answers until the peer sends no more, sends what cannot be read, or the server stops.
    ///
    /// @param first how long the peer may take for its first frame's first byte
    void hold(Duration first) throws IOException {
        readingUntil = System.nanoTime() + first.toNanos();
        boolean goesOn = true;
        while (goesOn) {
            switch (line.read(decoder.space(), readingUntil)) {
                case STOPPED -> {
                    return;
                }
                case END -> {
                    if (decoder.end() instanceof FrameDecoder.Unreadable(FrameHeader header, Call call)) {
                        answer(header, call);
                        send();
                    }
                    return;
                }
                case SOME -> {
                    goesOn = answerAll();
                    send();
                }
            }
        }
        line.linger();
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

    /// A frame has its time from its first byte on, silence from the last answer on, so that neither bytes that
    /// dribble in nor line ends between frames keep a connection.
    private void setTime(boolean answered) {
        boolean begins = !decoder.isEmpty();
        if (answered || begins != begun) {
            begun = begins;
            readingUntil = System.nanoTime() + (begins ? line.frame() : line.idle()).toNanos();
        }
    }

    private void answer(FrameHeader header, Call call) {
        replies.add(FrameEncoder.encode(header, answers.to(call))
                .or(() -> FrameEncoder.encode(header, answers.tooLong()))
                .orElseThrow());
    }

    private void send() throws IOException {
        if (!replies.isEmpty()) {
            line.send(replies::sendTo);
        }
    }
}
