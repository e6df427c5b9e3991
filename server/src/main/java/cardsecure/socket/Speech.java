package cardsecure.socket;

import cardsecure.vault.Caller;
import cardsecure.vault.Reply;
import java.io.IOException;

/// What is spoken over the connections of a front. Called by all of their threads.
public interface Speech {
    /// Speaks with a caller until one of them is done.
    void converse(Line line, Caller caller) throws IOException;

    /// Tells a caller that it may not be here, if that can be told.
    ///
    /// @param refusal what was recorded of it
    void turnAway(Line line, Reply refusal) throws IOException;
}
