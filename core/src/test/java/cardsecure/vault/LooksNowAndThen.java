package cardsecure.vault;

import cardsecure.crypto.Barrier;
import cardsecure.crypto.Fingerprinter;
import cardsecure.store.GroupCommit;
import cardsecure.store.TokenStore;
import cardsecure.token.TokenGenerator;
import java.util.Random;

/// Has about every second datum looked for before it is inserted, where the store leaves the choice: to whoever
/// calls it must make no difference.
public final class LooksNowAndThen extends KnownShare {
    private final Random random = new Random(1);

    @Override
    boolean isSmall() {
        return random.nextBoolean();
    }

    /// A tokenizer that does so.
    public static Tokenizer tokenizer(
            TokenStore store,
            GroupCommit commits,
            Barrier barrier,
            Fingerprinter fingerprinter,
            TokenGenerator generator) {
        return new Tokenizer(store, commits, barrier, fingerprinter, generator, new LooksNowAndThen());
    }
}
