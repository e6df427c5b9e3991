package cardsecure.store;

import java.util.concurrent.CompletableFuture;

/// What waits in a [GroupCommit]'s queue.
sealed interface Entry permits Pending, Entry.Passage, Entry.Stop {
    /// Nothing comes after it.
    record Stop() implements Entry {}

    /// What was queued before it is decided when it has passed.
    record Passage(CompletableFuture<Boolean> passed) implements Entry {}
}
