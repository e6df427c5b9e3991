package cardsecure.sap;

import cardsecure.config.RfcConfig;
import cardsecure.socket.Line;
import cardsecure.socket.SocketRefusals;
import cardsecure.socket.Speech;
import cardsecure.vault.Caller;
import cardsecure.vault.Reply;
import cardsecure.vault.Vault;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/// Classic RFC, with its two doors: ABAP systems take this server for a registered program and its gateway, and
/// show nothing to say who they are; programs with an RFC library log on as a user of the vault's.
public final class RfcSpeech implements Speech {
    private static final int FIRST_CONVERSATION = 40_000_000;
    private static final int CONVERSATIONS = 10_000_000;

    private final RfcConfig config;
    private final FunctionDispatcher functions;
    private final Vault vault;
    private final SocketRefusals refusals;
    private final AtomicInteger conversations = new AtomicInteger();

    /// Speaks of these functions.
    public RfcSpeech(RfcConfig config, FunctionDispatcher functions, Vault vault, SocketRefusals refusals) {
        this.config = config;
        this.functions = functions;
        this.vault = vault;
        this.refusals = refusals;
    }

    @Override
    public void converse(Line line, Caller caller) throws IOException {
        new RfcConnection(line, caller, this).hold();
    }

    /// RFC has no word for it: who may not be here finds the connection closed.
    @Override
    public void turnAway(Line line, Reply refusal) {
        // Nothing is said.
    }

    RfcConfig config() {
        return config;
    }

    FunctionDispatcher functions() {
        return functions;
    }

    Vault vault() {
        return vault;
    }

    SocketRefusals refusals() {
        return refusals;
    }

    /// A name for a conversation: 8 digits, another one for each.
    String newConversation() {
        int number = conversations.updateAndGet(last -> last % CONVERSATIONS + 1);
        return Integer.toString(FIRST_CONVERSATION + number);
    }
}
