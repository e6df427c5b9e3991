package cardsecure.swipe;

import static cardsecure.swipe.TestSwipes.OPENER;
import static cardsecure.swipe.TestSwipes.READER;
import static cardsecure.swipe.TestSwipes.TDES_KEY;
import static cardsecure.swipe.TestSwipes.anyOf;

import cardsecure.error.Refusal;
import cardsecure.secret.SecretBytes;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/// Whatever a client says that a reader sent: it is taken apart and decrypted, or it is refused, and nothing
/// else happens. The fuzzer gets whole swipes to start from.
class SwipeReaderFuzzTest {
    /// @param input which format's swipe to change, where, then bytes to put there; or, for others, the data
    @FuzzTest(maxDuration = "15s")
    void noDataMakeTheReaderFail(byte[] input) {
        if (input.length == 0) {
            return;
        }
        SwipeFormat[] formats = SwipeFormat.values();
        int choice = Byte.toUnsignedInt(input[0]);
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        byte[] data = choice < formats.length && rest.length > 2 ? changed(formats[choice], rest) : rest;
        SecretBytes sent = SecretBytes.copyOf(data);
        try {
            EncryptedSwipe swipe = READER.read(sent);
            OPENER.open(swipe, anyOf(TDES_KEY));
        } catch (Refusal refusal) {
            if (!refusal.reason().startsWith("swipe, ")) {
                throw new AssertionError("a refusal that does not say at which step", refusal);
            }
        }
        if (!Arrays.equals(sent.reveal(), data)) {
            throw new AssertionError("the caller's bytes were changed");
        }
    }

    private static byte[] changed(SwipeFormat format, byte[] changes) {
        byte[] swipe = SwipeMaker.make(TestSwipes.plan(format)).reveal();
        int at = (Byte.toUnsignedInt(changes[0]) << 8 | Byte.toUnsignedInt(changes[1])) % swipe.length;
        int length = Math.min(changes.length - 2, swipe.length - at);
        System.arraycopy(changes, 2, swipe, at, length);
        return swipe;
    }
}
