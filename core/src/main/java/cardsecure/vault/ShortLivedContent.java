package cardsecure.vault;

import cardsecure.crypto.ShortLivedKeys;
import cardsecure.secret.SecretBytes;
import cardsecure.store.ShortLivedRow;
import cardsecure.store.StoreException;
import cardsecure.store.TokenPlace;
import java.time.Instant;

/// Data that are to be kept beside a token for a short time, wherever that token will be. [ShortLivedData] makes it.
public final class ShortLivedContent {
    private final ShortLivedKeys keys;
    private final SecretBytes data;
    private final Instant deadline;

    ShortLivedContent(ShortLivedKeys keys, SecretBytes data, Instant deadline) {
        this.keys = keys;
        this.data = data;
        this.deadline = deadline;
    }

    /// From when on nobody gets the data any more: a full second.
    public Instant deadline() {
        return deadline;
    }

    /// The data, sealed for a place: at no other one they open.
    ///
    /// @throws StoreException if there is no key for them, and none can be kept
    ShortLivedRow at(TokenPlace place) throws StoreException {
        return keys.seal(place, deadline, data);
    }

    @Override
    public String toString() {
        return "ShortLivedContent[" + data + ", " + deadline + "]";
    }
}
