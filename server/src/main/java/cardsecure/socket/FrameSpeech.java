package cardsecure.socket;

import cardsecure.protocol.FrameDecoder;
import cardsecure.socket.Conversation.Answers;
import cardsecure.vault.Call;
import cardsecure.vault.Caller;
import cardsecure.vault.Reply;
import cardsecure.vault.Vault;
import java.io.IOException;

/// The frames of the legacy API.
record FrameSpeech(Vault vault, SocketRefusals refusals, int frameMax) implements Speech {
    @Override
    public void converse(Line line, Caller caller) throws IOException {
        new Conversation(line, new FrameDecoder(frameMax), new Vaults(caller)).hold(line.idle());
    }

    /// It has to speak first, or nobody knows in which dialect to tell it.
    @Override
    public void turnAway(Line line, Reply refusal) throws IOException {
        new Conversation(line, new FrameDecoder(frameMax), new Nobodys(refusal)).hold(line.opening());
    }

    /// The vault's answers.
    private final class Vaults implements Answers {
        private final Caller caller;

        Vaults(Caller caller) {
            this.caller = caller;
        }

        @Override
        public Reply to(Call call) {
            return vault.handle(caller, call);
        }

        @Override
        public Reply tooLong() {
            return refusals.tooLong(caller.address());
        }

        @Override
        public boolean once() {
            return false;
        }
    }

    /// The answer to a caller that may not be here.
    private record Nobodys(Reply refusal) implements Answers {
        @Override
        public Reply to(Call call) {
            return refusal;
        }

        @Override
        public Reply tooLong() {
            return refusal;
        }

        @Override
        public boolean once() {
            return true;
        }
    }
}
