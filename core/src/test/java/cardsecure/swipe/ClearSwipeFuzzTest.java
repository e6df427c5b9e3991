package cardsecure.swipe;

import static cardsecure.swipe.TestSwipes.OPENER;
import static cardsecure.swipe.TestSwipes.TDES_KEY;
import static cardsecure.swipe.TestSwipes.anyOf;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import cardsecure.swipe.EncryptedSwipe.EncryptedTag;
import cardsecure.swipe.EncryptedSwipe.TrackBlock;
import cardsecure.swipe.EncryptedSwipe.TrackPart;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Whatever somebody who has a reader's key encrypts: it is a card, or it is refused, and nothing else happens.
class ClearSwipeFuzzTest {
    private static final int LENGTH_MAX = 200;
    private static final List<String> TAGS = List.of("57", "5A", "56", "9F6B");

    /// @param input what kind of swipe it is, what kind of tag, then the clear text
    @FuzzTest(maxDuration = "15s")
    void noClearTextMakesTheOpenerFail(byte[] input) {
        if (input.length < 3) {
            return;
        }
        byte[] clear = Arrays.copyOfRange(input, 2, Math.min(input.length, LENGTH_MAX));
        try {
            OPENER.open(swipe(input[0] & 0xF, input[1] & 0xF, clear), anyOf(TDES_KEY));
        } catch (Refusal refusal) {
            if (!refusal.reason().startsWith("swipe, ")) {
                throw new AssertionError("a refusal that does not say at which step", refusal);
            }
        }
    }

    private static EncryptedSwipe swipe(int kind, int detail, byte[] clear) {
        SecretBytes ciphertext = TestSwipes.encrypt(SecretBytes.copyOf(clear));
        Source source = TestSwipes.source(SwipeFormat.IDTECH_KEYBOARD);
        OptionalInt length = detail < 8 ? OptionalInt.of(clear.length) : OptionalInt.empty();
        return switch (kind) {
            case 0 -> new EncryptedSwipe.Keyed(source, ciphertext, clear.length, Optional.empty());
            case 1 -> new EncryptedSwipe.Container(source, ciphertext, clear.length, EmvTags.none());
            case 2 -> new EncryptedSwipe.Bare(source, ciphertext, Optional.empty());
            case 3, 4, 5, 6 ->
                new EncryptedSwipe.Tags(
                        source,
                        EntryMode.CHIP,
                        List.of(new EncryptedTag(TAGS.get(detail % TAGS.size()), ciphertext, Optional.empty())),
                        Optional.empty(),
                        EmvTags.none());
            default -> {
                TrackPart part = new TrackPart(1 + detail % 2, length, Optional.empty(), Optional.empty());
                yield TestSwipes.tracks(new TrackBlock(ciphertext, List.of(part)));
            }
        };
    }
}
