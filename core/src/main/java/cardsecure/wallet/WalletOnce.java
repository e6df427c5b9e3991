package cardsecure.wallet;

import cardsecure.store.ReplayMark;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/// What makes a payload the one that it is, so that it can be taken once only.
///
/// @param wallet whose payload it is
/// @param id Apple's transactionId in lower-case hex, or Google's messageId; signed by the wallet, so no other
///         payload has it
/// @param time the moment that the payload is bound to and that does not change between two uses of it: when
///         Apple signed it, or when Google lets it expire. Its mark is kept until that is past by more than any
///         window, and a payload is refused for its age before
public record WalletOnce(WalletKind wallet, String id, Instant time) {

    /// What a mark keeps of it: [ReplayMark#DIGEST_LENGTH] bytes, new ones each time.
    public byte[] digest() {
        byte[] text = (wallet.label() + "|" + id).getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(Texts.sha256(text), ReplayMark.DIGEST_LENGTH);
    }
}
